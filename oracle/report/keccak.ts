import { keccak_256 } from "@noble/hashes/sha3.js";

/** Bytes in a hash. */
export const HASH_BYTES = 32;

/** keccak-256, Ethereum's hash (not NIST SHA3-256: the padding differs). */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/** keccak-256 of a text's UTF-8 bytes, as Solidity hashes a string literal. */
export function keccakText(text: string): Uint8Array {
  return keccak_256(new TextEncoder().encode(text));
}
