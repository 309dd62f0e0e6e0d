import { isIPv4, isIPv6 } from "node:net";

/** The address is reachable from elsewhere, so private keys must not be served on it. */
export class NotLoopbackError extends Error {
  override readonly name = "NotLoopbackError";
}

/**
 * @param host an address, or `localhost`
 * @returns the loopback address to listen on
 * @throws NotLoopbackError for every other host, names included: what they resolve to may change
 */
export function loopbackAddress(host: string): string {
  if (host === "localhost") return "127.0.0.1";
  if (isIPv4(host) && host.startsWith("127.")) return host;
  if (isIPv6(host) && /^(0*:)*:?0*1$/.test(host)) return "::1";
  throw new NotLoopbackError(
    `the local KMS listens on loopback only (127.0.0.1, ::1, localhost), not on ${host}: ` +
      "whoever reaches it can sign",
  );
}
