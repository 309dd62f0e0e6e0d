import { abiUint } from "./abi.ts";
import { concat } from "./bytes.ts";
import { keccak256, keccakText } from "./keccak.ts";

/** A network for people who settle real money, or one to rehearse on: their signatures never serve each other. */
export type NetworkMode = "test" | "production";

const DOMAIN_TYPE = keccakText("EIP712Domain(string name,string version,bytes32 salt)");
const REPORT_TYPE = keccakText("Report(uint32 observedAt,bytes32 root)");

/** What keeps the signatures of one network out of every other: `keccak256("nakane:<network>:<mode>")`. */
export function networkSalt(network: string, mode: NetworkMode): Uint8Array {
  return keccakText(`nakane:${network}:${mode}`);
}

/**
 * The EIP-712 domain separator: name `Nakane`, version `1` and the salt; deliberately no chain id and no
 * address, so that one signature serves every chain of a network.
 */
export function domainSeparator(salt: Uint8Array): Uint8Array {
  return keccak256(concat([DOMAIN_TYPE, keccakText("Nakane"), keccakText("1"), salt]));
}

/**
 * What a signer's key signs.
 * @param domain from `domainSeparator`
 * @param observedAt Unix time in seconds, below 2^32
 * @param root from `reportTree`
 * @throws RangeError where `observedAt` does not fit
 */
export function reportDigest(domain: Uint8Array, observedAt: number, root: Uint8Array): Uint8Array {
  checkTime(observedAt);
  const message = keccak256(concat([REPORT_TYPE, abiUint(observedAt), root]));
  return keccak256(concat([Uint8Array.of(0x19, 0x01), domain, message]));
}

/** @throws RangeError where `observedAt` is not a Unix time in seconds below 2^32 */
export function checkTime(observedAt: number): void {
  if (!Number.isInteger(observedAt) || observedAt < 0 || observedAt >= 2 ** 32) {
    throw new RangeError(`observedAt ${observedAt} is not a Unix time in seconds below 2^32`);
  }
}
