import { secp256k1 } from "@noble/curves/secp256k1.js";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { getAddress } from "ethers";

/** A point of secp256k1 that is a public key. */
export type PublicKeyPoint = InstanceType<typeof secp256k1.Point>;

/** The `PublicKey` of a KMS response is not an uncompressed secp256k1 key in SubjectPublicKeyInfo. */
export class PublicKeyError extends Error {
  override readonly name = "PublicKeyError";
}

/** SubjectPublicKeyInfo of an uncompressed secp256k1 key, up to its 65 bytes: id-ecPublicKey, secp256k1, BIT STRING. */
export const SPKI_PREFIX = Buffer.from("3056301006072a8648ce3d020106052b8104000a034200", "hex");

/**
 * The point in a DER SubjectPublicKeyInfo, 88 bytes: a fixed prefix, then `04 ‖ X ‖ Y`.
 *
 * @throws PublicKeyError when it is anything else, or not on the curve
 */
export function publicKeyFromSpki(spki: Uint8Array): PublicKeyPoint {
  const prefix = Buffer.from(spki.subarray(0, SPKI_PREFIX.length));
  if (!prefix.equals(SPKI_PREFIX) || spki.length !== SPKI_PREFIX.length + 65) {
    throw new PublicKeyError(
      `expected an uncompressed secp256k1 key of ${String(SPKI_PREFIX.length + 65)} bytes, got ` +
        `${String(spki.length)} bytes beginning ${prefix.toString("hex")}`,
    );
  }
  try {
    return secp256k1.Point.fromBytes(spki.subarray(SPKI_PREFIX.length));
  } catch (cause) {
    throw new PublicKeyError("the key is not a point of secp256k1", { cause });
  }
}

/** The Ethereum address of a public key, in mixed case: the last 20 bytes of keccak256(X ‖ Y). */
export function addressOf(key: PublicKeyPoint): string {
  const hash = keccak_256(key.toBytes(false).subarray(1));
  return getAddress(`0x${Buffer.from(hash.subarray(12)).toString("hex")}`);
}
