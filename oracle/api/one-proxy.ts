import { BlockList, isIP } from "node:net";

/**
 * Whether to believe what a hop says of the one before it: only our own proxy, and only as the nearest hop, so that nobody
 * gains anything by writing X-Forwarded-For.
 * @param networks of the proxy, such as `10.0.0.0/16` or `10.0.3.7`
 * @throws RangeError for what is no network
 */
export function oneProxy(networks: readonly string[]): (address: string, hop: number) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/");
    const version = isIP(address);
    const bits = version === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : Number(prefix);
    if (version === 0 || prefix === "" || !Number.isInteger(length) || length < 1 || length > bits) {
      throw new RangeError(`expected a network such as 10.0.0.0/16, saw "${network}"`);
    }
    list.addSubnet(address, length, version === 4 ? "ipv4" : "ipv6");
  }
  return (address, hop) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, "");
    return hop === 0 && list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
  };
}
