import { secp256k1 } from "@noble/curves/secp256k1.js";

import { compareBytes } from "../../oracle/report/bytes.ts";
import { reportDigest } from "../../oracle/report/digest.ts";
import { keccakText } from "../../oracle/report/keccak.ts";
import { addressOf, compactSignature, type ReportSignature } from "../../oracle/report/signature.ts";
import { smallestQuorum, type SignerSet } from "../../oracle/report/signer-set.ts";

/** Signers whose keys stand in memory, made from a text that anybody may know. */
export interface MemorySigners {
  readonly set: SignerSet;
  /** Private keys, in the set's order. */
  readonly keys: readonly Uint8Array[];
}

/** n signers with keys made from `seed`, and the smallest quorum that n allows. */
export function memorySigners(n: number, seed: string): MemorySigners {
  const pairs = Array.from({ length: n }, (_, i) => {
    const key = keccakText(`${seed}/${i}`);
    return { key, address: addressOf(secp256k1.getPublicKey(key, false)) };
  }).sort((a, b) => compareBytes(a.address, b.address));
  return {
    set: { quorum: smallestQuorum(n), signers: pairs.map(({ address }) => address) },
    keys: pairs.map(({ key }) => key),
  };
}

/**
 * One signer's signature over a report.
 * @param index the signer's place in the set, 0 first
 * @param domain from `domainSeparator`
 * @param observedAt Unix time in seconds
 * @param root from `reportTree`
 * @throws RangeError where the set has no such signer
 */
export function signInMemory(
  signers: MemorySigners,
  index: number,
  domain: Uint8Array,
  observedAt: number,
  root: Uint8Array,
): ReportSignature {
  const key = signers.keys[index];
  if (key === undefined) throw new RangeError(`there is no signer ${index} among ${signers.keys.length}`);
  const digest = reportDigest(domain, observedAt, root);
  const bytes = secp256k1.sign(digest, key, { prehash: false, format: "recovered" });
  const { r, s, recovery } = secp256k1.Signature.fromBytes(bytes, "recovered");
  return { index, compact: compactSignature(r, s, recovery === 1 ? 1 : 0) };
}

/** The signatures of the first signers that make a quorum. */
export function signAsQuorum(
  signers: MemorySigners,
  domain: Uint8Array,
  observedAt: number,
  root: Uint8Array,
): ReportSignature[] {
  return Array.from({ length: signers.set.quorum }, (_, index) =>
    signInMemory(signers, index, domain, observedAt, root),
  );
}
