import { writeUint } from "./bytes.ts";

/**
 * A part's mask: what the chain keeps of it. Bit 0 says "keep fixings", bit 1 + w says "keep word w as latest"; all
 * words are hashed whatever it says.
 * @param words which words to keep as latest, by number, in any order
 * @param fixings keep the words as fixings, where the time is a fixing time
 * @throws RangeError for a word that no bundle has
 */
export function mask(words: Iterable<number>, fixings: boolean): bigint {
  let bits = fixings ? 1n : 0n;
  for (const word of words) {
    if (!Number.isInteger(word) || word < 0 || word > 63) {
      throw new RangeError(`word ${word} is not an integer from 0 to 63`);
    }
    bits |= 2n << BigInt(word);
  }
  return bits;
}

/** The mask that keeps every word of a bundle as latest. */
export function wholeMask(words: number, fixings: boolean): bigint {
  return mask(Array.from({ length: words }).keys(), fixings);
}

/** How many bytes the mask of a bundle takes. */
export function maskLength(words: number): number {
  return (words + 1 + 7) >> 3;
}

/**
 * A mask's bytes, big-endian.
 * @throws RangeError where a bit above the bundle's words is set
 */
export function maskBytes(bits: bigint, words: number): Uint8Array {
  if (bits < 0n || bits >> BigInt(words + 1) !== 0n) {
    throw new RangeError(`mask 0x${bits.toString(16)} says more than ${words} words`);
  }
  return writeUint(bits, maskLength(words));
}
