import { keccak_256 } from "@noble/hashes/sha3.js";

import { compileKeccak } from "./keccak-wasm.ts";

/** Bytes in a hash. */
export const HASH_BYTES = 32;

const compiled = compileKeccak();

/** keccak-256, Ethereum's hash (not NIST SHA3-256: the padding differs). */
export function keccak256(bytes: Uint8Array): Uint8Array {
  return compiled === undefined ? keccak_256(bytes) : compiled(bytes);
}

/** keccak-256 of a text's UTF-8 bytes, as Solidity hashes a string literal. */
export function keccakText(text: string): Uint8Array {
  return keccak256(new TextEncoder().encode(text));
}
