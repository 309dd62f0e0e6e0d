import { secp256k1 } from "@noble/curves/secp256k1.js";

import { nativeSecp256k1 } from "./native-secp256k1.ts";
import type { PublicKeyPoint } from "./public-key.ts";

/**
 * Finds the recovery bit with which a signature recovers to one key.
 *
 * @param digest 32 bytes
 * @param r 1 to n − 1; R's x must be r itself. ECDSA would also take x = r + n, but Ethereum has no recovery id for it
 * @param s 1 to (n − 1) / 2
 * @returns undefined when the signature does not recover to the key
 */
export type RecoveryBit = (digest: Uint8Array, r: bigint, s: bigint) => 0 | 1 | undefined;

const { Point } = secp256k1;
const { Fn } = Point;
/** Above p − n: from here on R's x is r and not r + n, which is no coordinate. */
const SMALL_R = 2n ** 129n;
/** Table width for the key's multiples: wider tables take longer to make and gain less than a tenth. */
const WINDOW = 6;

/** The fastest way there is on this platform. All ways give the same. */
export function recoveryBitOf(key: PublicKeyPoint): RecoveryBit {
  return nativeRecoveryBit(key) ?? tabledRecoveryBit(key);
}

/**
 * Recovers with the bit 0, by libsecp256k1. Where that is another key, but the signature is this one's, the bit is 1: R has
 * the x that was given, and its y is not the even one. Verifying takes two thirds of recovering.
 *
 * @returns undefined where the platform has no build of it
 */
export function nativeRecoveryBit(key: PublicKeyPoint): RecoveryBit | undefined {
  const native = nativeSecp256k1;
  if (native === undefined) return undefined;
  const pinned = Buffer.from(key.toBytes(false));
  return (digest, r, s) => {
    const signature = Buffer.from(r.toString(16).padStart(64, "0") + s.toString(16).padStart(64, "0"), "hex");
    try {
      if (pinned.equals(native.ecdsaRecover(signature, 0, digest, false))) return 0;
      // Of so small an r the x might be r + n, which verifying allows.
      if (r >= SMALL_R) return native.ecdsaVerify(signature, digest, pinned) ? 1 : undefined;
      if (pinned.equals(native.ecdsaRecover(signature, 1, digest, false))) return 1;
    } catch {
      // No point has this r, or the key would be at infinity.
    }
    return undefined;
  };
}

/**
 * The short way round, in JavaScript alone. A signature recovers to Q exactly when R = (z/s)·G + (r/s)·Q has x = r, and
 * then the recovery bit is the parity of R's y. Q is known here, so both products come from tables, which is three times
 * faster than trying both candidates for R.
 */
export function tabledRecoveryBit(key: PublicKeyPoint): RecoveryBit {
  const tabled = Point.fromBytes(key.toBytes()).precompute(WINDOW, false);
  return (digest, r, s) => {
    const inverse = Fn.inv(s);
    const z = Fn.create(BigInt(`0x${Buffer.from(digest).toString("hex")}`));
    const ofG = Point.BASE.multiplyUnsafe(Fn.mul(z, inverse));
    const point = ofG.add(tabled.multiplyUnsafe(Fn.mul(r, inverse)));
    if (point.is0()) return undefined;
    const { x, y } = point.toAffine();
    if (x !== r) return undefined;
    return (y & 1n) === 0n ? 0 : 1;
  };
}
