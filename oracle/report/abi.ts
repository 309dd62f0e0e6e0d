import { concat } from "./bytes.ts";
import { HASH_BYTES } from "./keccak.ts";

/** An unsigned integer as one 32-byte word of the Ethereum ABI. */
export function abiUint(value: number): Uint8Array {
  const word = new Uint8Array(HASH_BYTES);
  const view = new DataView(word.buffer);
  view.setBigUint64(HASH_BYTES - 8, BigInt(value));
  return word;
}

/** `string[]`: the count, where each text starts, then each text's length and bytes, padded to words. */
export function abiTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  const bodies = texts.map((text) => {
    const bytes = encoder.encode(text);
    const body = new Uint8Array(HASH_BYTES * (1 + Math.ceil(bytes.length / HASH_BYTES)));
    body.set(abiUint(bytes.length));
    body.set(bytes, HASH_BYTES);
    return body;
  });
  return concat([abiUint(texts.length), withOffsets(bodies)]);
}

/** An array of values of one word each (`uint8[]`, `bytes32[]`): the count, then the words. */
export function abiWords(words: readonly Uint8Array[]): Uint8Array {
  return concat([abiUint(words.length), ...words]);
}

/** Dynamic values one behind the other: where each starts, then the values. `before` words stand in front. */
export function withOffsets(values: readonly Uint8Array[], before: readonly Uint8Array[] = []): Uint8Array {
  let start = HASH_BYTES * (before.length + values.length);
  const offsets = values.map((value) => {
    const offset = abiUint(start);
    start += value.length;
    return offset;
  });
  return concat([...before, ...offsets, ...values]);
}
