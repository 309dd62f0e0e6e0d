import { BlockList, isIP } from "node:net";

/** Networks that are not the public internet (IANA special-purpose registries). */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const) {
  PRIVATE.addSubnet(network, prefix, "ipv4");
}

/** The one block of IPv6 that is handed out for the public internet; parts of it that are not. */
const GLOBAL_V6 = new BlockList();
GLOBAL_V6.addSubnet("2000::", 3, "ipv6");
const NOT_GLOBAL_V6 = new BlockList();
NOT_GLOBAL_V6.addSubnet("2001::", 23, "ipv6"); // Teredo and other protocols
NOT_GLOBAL_V6.addSubnet("2001:db8::", 32, "ipv6"); // documentation
NOT_GLOBAL_V6.addSubnet("2002::", 16, "ipv6"); // 6to4: may carry a private IPv4 address
NOT_GLOBAL_V6.addSubnet("3fff::", 20, "ipv6"); // documentation

/** Whether an IP address belongs to the public internet. IPv4 written as IPv6 is not taken for public. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !PRIVATE.check(address, "ipv4");
  return version === 6 && GLOBAL_V6.check(address, "ipv6") && !NOT_GLOBAL_V6.check(address, "ipv6");
}

/** Whether an IP address is this machine. */
export function isLoopback(address: string): boolean {
  return isIP(address) === 4 ? address.startsWith("127.") : address === "::1";
}

/** Where requests may go. */
export type Reach = "public" | "loopback";

/**
 * What speaks against asking a URL, before its name is looked up; null where nothing does. `public` means https to the
 * public internet, on the standard port; `loopback`, which only a simulated market uses, means this machine.
 */
export function urlObjection(url: URL, reach: Reach): string | null {
  if (url.username !== "" || url.password !== "") return "has a user name or password in it";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (reach === "loopback") {
    return isLoopback(host)
      ? null
      : `${host} is not this machine; a simulated market asks 127.0.0.1 and nothing else`;
  }
  if (url.protocol !== "https:") return `is ${url.protocol}//, and only https is asked`;
  if (url.port !== "") return `names port ${url.port}, and only the standard port is asked`;
  if (isIP(host) !== 0) return addressObjection(host, reach);
  return host.includes(".") && !/\.(local|localhost|internal|home\.arpa)$/.test(host.replace(/\.$/, ""))
    ? null
    : `${host} is a name of an inner network`;
}

/** What speaks against connecting to an address that a name was found to have; null where nothing does. */
export function addressObjection(address: string, reach: Reach): string | null {
  if (reach === "loopback") return isLoopback(address) ? null : `${address} is not this machine`;
  return isPublicAddress(address) ? null : `${address} is not on the public internet`;
}
