import { secp256k1 } from "@noble/curves/secp256k1.js";

import { concat, readUint, writeUint } from "./bytes.ts";
import { HASH_BYTES, keccak256 } from "./keccak.ts";

/** Bytes of a compact signature: r, then vs = yParity << 255 | s (EIP-2098). */
export const SIGNATURE_BYTES = 64;

/** The order of the curve's group. */
const ORDER = secp256k1.Point.Fn.ORDER;

/** The highest s: of s and ORDER - s, which sign the same, only the lower one counts. */
export const MAX_S = ORDER >> 1n;

/** A signature over a report's digest by the signer at `index` of the set. */
export interface ReportSignature {
  /** The signer's place in the set, 0 first. */
  readonly index: number;
  /** From `compactSignature`. */
  readonly compact: Uint8Array;
}

/**
 * A signature as a report carries it.
 * @param r 1 to the group's order less one
 * @param s likewise; a high one is replaced by its low twin, and the parity with it
 * @param yParity parity of the ephemeral point's y
 * @throws RangeError where r or s is out of range
 */
export function compactSignature(r: bigint, s: bigint, yParity: 0 | 1): Uint8Array {
  for (const [name, value] of Object.entries({ r, s })) {
    if (value < 1n || value >= ORDER) throw new RangeError(`${name} = ${value} is not in the group's range`);
  }
  const high = s > MAX_S;
  const parity = BigInt(high ? 1 - yParity : yParity);
  const vs = (parity << 255n) | (high ? ORDER - s : s);
  return concat([writeUint(r, HASH_BYTES), writeUint(vs, HASH_BYTES)]);
}

/** The numbers in a compact signature, whether they are in range or not. */
export function splitSignature(compact: Uint8Array): { r: bigint; s: bigint; yParity: 0 | 1 } {
  if (compact.length !== SIGNATURE_BYTES) {
    throw new RangeError(`a compact signature has ${SIGNATURE_BYTES} bytes, not ${compact.length}`);
  }
  const r = readUint(compact.subarray(0, HASH_BYTES));
  const vs = readUint(compact.subarray(HASH_BYTES));
  return { r, s: vs & (2n ** 255n - 1n), yParity: vs >> 255n ? 1 : 0 };
}

/**
 * Whose signature this is: the address, or nothing where it is nobody's (r or s out of range, s high, or no
 * point of the curve has this r).
 */
export function recoverAddress(digest: Uint8Array, compact: Uint8Array): Uint8Array | undefined {
  const { r, s, yParity } = splitSignature(compact);
  if (s > MAX_S) return undefined;
  try {
    const point = new secp256k1.Signature(r, s, yParity).recoverPublicKey(digest);
    return addressOf(point.toBytes(false));
  } catch {
    return undefined; // r or s is 0 or beyond the order, or no point has this r, or the key would be at infinity
  }
}

/** The address of an uncompressed public key (65 bytes): the last 20 bytes of the hash of its coordinates. */
export function addressOf(publicKey: Uint8Array): Uint8Array {
  return keccak256(publicKey.subarray(1)).slice(-20);
}
