import { secp256k1 } from "@noble/curves/secp256k1.js";

import { parseDerSignature } from "./der.ts";
import type { PublicKeyPoint } from "./public-key.ts";
import { recoveryBitOf } from "./recovery-bit.ts";

/** A signature as Ethereum takes it: r and s as 32-byte hex, s in the lower half, and the parity of R's y. */
export interface EthereumSignature {
  readonly r: string;
  readonly s: string;
  readonly yParity: 0 | 1;
  /** 65 bytes as hex: `r ‖ s ‖ v`, v = 27 + yParity. */
  readonly serialized: string;
}

/** The signature is well formed but is not this key's for this digest. */
export class SignatureMismatchError extends Error {
  override readonly name = "SignatureMismatchError";
}

const N = secp256k1.Point.Fn.ORDER;
const HALF_N = N / 2n;

/**
 * Makes the last step before a signature is released: DER to r and s, s normalised (EIP-2), and the proof that it
 * recovers to `key`.
 *
 * @param key the key that the pinned address belongs to
 * @returns a function of a 32-byte digest and the DER that KMS returned for it
 */
export function createReleaseCheck(
  key: PublicKeyPoint,
): (digest: Uint8Array, der: Uint8Array) => EthereumSignature {
  const recoveryBit = recoveryBitOf(key);
  return (digest, der) => {
    const { r, s } = parseDerSignature(der);
    if (r <= 0n || r >= N || s <= 0n || s >= N) {
      throw new SignatureMismatchError(
        `r and s must be between 1 and n − 1, got r ${hex32(r)}, s ${hex32(s)}`,
      );
    }
    const lowS = s > HALF_N ? N - s : s;
    const yParity = recoveryBit(digest, r, lowS);
    if (yParity === undefined) {
      throw new SignatureMismatchError(
        `the signature is not this key's for digest 0x${Buffer.from(digest).toString("hex")}: r ${hex32(r)}, s ${hex32(s)}`,
      );
    }
    const rHex = hex32(r);
    const sHex = hex32(lowS);
    const v = yParity === 0 ? "1b" : "1c";
    return { r: rHex, s: sHex, yParity, serialized: `${rHex}${sHex.slice(2)}${v}` };
  };
}

function hex32(value: bigint): string {
  return `0x${value.toString(16).padStart(64, "0")}`;
}
