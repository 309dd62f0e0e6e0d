import { addressOf, MAX_S, recoverAddress, splitSignature } from "../report/signature.ts";
import { nativeSecp256k1 } from "./native-secp256k1.ts";

/** How many answers are remembered; the signatures of a minute are far fewer. */
export const MOST = 4_096;

/**
 * `recoverAddress`, by machine code where the platform has it: whose compact signature of a digest this is, or nothing
 * where it is nobody's. Every signer of a process asks this of every signature at every tick, and the relayer for each part
 * of a report, so that the answer is remembered.
 */
export const signerOfReport: typeof recoverAddress = remembered(
  nativeRecoverAddress(nativeSecp256k1) ?? recoverAddress,
);

/** The same function, which is run once for the same bytes. */
export function remembered(recover: typeof recoverAddress): typeof recoverAddress {
  const known = new Map<string, Uint8Array | undefined>();
  return (digest, compact) => {
    const key = `${latin1(digest)}:${latin1(compact)}`;
    if (!known.has(key)) {
      const signer = recover(digest, compact); // before anything is remembered: it may throw
      if (known.size >= MOST) known.clear();
      known.set(key, signer);
    }
    return known.get(key)?.slice();
  };
}

/** @returns undefined where the platform has no build of libsecp256k1 */
export function nativeRecoverAddress(native: typeof nativeSecp256k1): typeof recoverAddress | undefined {
  if (native === undefined) return undefined;
  return (digest, compact) => {
    const { s, yParity } = splitSignature(compact);
    if (s > MAX_S) return undefined;
    const signature = new Uint8Array(compact); // a copy: a slice of a Buffer would not be one
    signature[32] = (signature[32] ?? 0) & 0x7f; // the parity's bit, which s does not reach
    try {
      return addressOf(native.ecdsaRecover(signature, yParity, digest, false));
    } catch {
      return undefined; // r or s is 0 or beyond the order, or no point has this r, or the key would be at infinity
    }
  };
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("latin1");
}
