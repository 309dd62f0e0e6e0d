import { HASH_BYTES, keccak256 } from "./keccak.ts";

/** Bytes of a bundle number. */
export const BUNDLE_BYTES = 3;

/**
 * A bundle's leaf: `H(H(bundle:3 . definition:32 . words))`. Hashed twice, so that no leaf is ever the hash of
 * two others.
 */
export function leafHash(bundle: number, definition: Uint8Array, words: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(BUNDLE_BYTES + HASH_BYTES + words.length);
  bytes[0] = bundle >>> 16;
  bytes[1] = bundle >>> 8;
  bytes[2] = bundle;
  bytes.set(definition, BUNDLE_BYTES);
  bytes.set(words, BUNDLE_BYTES + HASH_BYTES);
  return keccak256(keccak256(bytes));
}
