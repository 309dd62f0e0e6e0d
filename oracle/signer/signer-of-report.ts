import { addressOf, MAX_S, recoverAddress, splitSignature } from "../report/signature.ts";
import { nativeSecp256k1 } from "./native-secp256k1.ts";

/**
 * `recoverAddress`, by machine code where the platform has it: whose compact signature of a digest this is, or nothing
 * where it is nobody's. A signer asks this of every signature of every other, at every tick.
 */
export const signerOfReport: typeof recoverAddress = nativeRecoverAddress(nativeSecp256k1) ?? recoverAddress;

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
