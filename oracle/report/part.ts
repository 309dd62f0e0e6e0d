import { readUint, writeUint } from "./bytes.ts";
import { feedCount } from "./definition.ts";
import { checkBundle, MAX_FEEDS } from "./feed-id.ts";
import { HASH_BYTES } from "./keccak.ts";
import { BUNDLE_BYTES, leafHash } from "./leaf.ts";
import { maskBytes, maskLength } from "./mask.ts";
import { Rejection } from "./rejection.ts";
import type { ReportPart } from "./report.ts";
import { foldProof } from "./trie.ts";
import { WORD_BYTES, wordCount } from "./word.ts";

/** The bits of a bundle number: no proof has more siblings. */
const DEEPEST = 24;

/** The words of the largest bundle. */
const MAX_WORDS = wordCount(MAX_FEEDS);

/** The definition hash of a bundle, as `definitionHash` makes it and the contract keeps it; nothing if it has none. */
export type Definitions = (bundle: number) => Uint8Array | undefined;

/**
 * A part's bytes: `bundle:3 mask:ceil((words+1)/8) depth:1 sibling:32*depth word:28*words`. Also what the contract's
 * `recordFixing` and `proveFixing` take.
 * @throws RangeError where a field does not fit: no whole words, a mask bit above them, more than 24 siblings
 */
export function encodePart({ bundle, mask, siblings, words }: ReportPart): Uint8Array {
  checkPart(bundle, siblings, words);
  const field = maskBytes(mask, words.length / WORD_BYTES);
  const bytes = new Uint8Array(BUNDLE_BYTES + field.length + 1 + HASH_BYTES * siblings.length + words.length);
  let at = 0;
  const put = (piece: Uint8Array) => {
    bytes.set(piece, at);
    at += piece.length;
  };
  put(writeUint(BigInt(bundle), BUNDLE_BYTES));
  put(field);
  put(Uint8Array.of(siblings.length));
  for (const sibling of siblings) put(sibling);
  put(words);
  return bytes;
}

/** A part as it was found in a report. */
export interface PlacedPart {
  readonly part: ReportPart;
  /** Where it ends in the bytes. */
  readonly end: number;
  /** The root that its proof leads to. */
  readonly root: Uint8Array;
}

/**
 * Reads the part that begins at `offset`, as the contract does: how many words it has follows from the bundle's
 * definition, never from the bytes.
 * @throws Rejection BadPart, UnknownBundle or BadMask
 */
export function readPart(bytes: Uint8Array, offset: number, definitions: Definitions): PlacedPart {
  if (offset + BUNDLE_BYTES > bytes.length) throw new Rejection("BadPart", [offset]);
  const bundle = Number(readUint(bytes.subarray(offset, offset + BUNDLE_BYTES)));
  const definition = definitions(bundle);
  if (!definition) throw new Rejection("UnknownBundle", [bundle]);
  const words = wordCount(feedCount(definition));

  const maskAt = offset + BUNDLE_BYTES;
  const depthAt = maskAt + maskLength(words);
  const siblingsAt = depthAt + 1;
  const depth = bytes[depthAt] ?? 0;
  const wordsAt = siblingsAt + HASH_BYTES * depth;
  const end = wordsAt + WORD_BYTES * words;
  if (end > bytes.length) throw new Rejection("BadPart", [offset]);
  const mask = readUint(bytes.subarray(maskAt, depthAt));
  if (mask >> BigInt(words + 1) !== 0n) throw new Rejection("BadMask", [bundle, mask]);

  const part: ReportPart = {
    bundle,
    mask,
    siblings: Array.from({ length: depth }, (_, i) =>
      bytes.slice(siblingsAt + HASH_BYTES * i, siblingsAt + HASH_BYTES * (i + 1)),
    ),
    words: bytes.slice(wordsAt, end),
  };
  return { part, end, root: partRoot(part, definition) };
}

/** The root that a part's proof leads to. */
function partRoot({ bundle, siblings, words }: ReportPart, definition: Uint8Array): Uint8Array {
  return foldProof(bundle, leafHash(bundle, definition, words), siblings);
}

function checkPart(bundle: number, siblings: readonly Uint8Array[], words: Uint8Array): void {
  checkBundle(bundle);
  if (words.length === 0 || words.length % WORD_BYTES !== 0 || words.length > WORD_BYTES * MAX_WORDS) {
    throw new RangeError(`bundle ${bundle}: ${words.length} bytes are not 1 to ${MAX_WORDS} words`);
  }
  if (siblings.length > DEEPEST) {
    throw new RangeError(`bundle ${bundle}: a proof has at most ${DEEPEST} siblings, not ${siblings.length}`);
  }
  for (const { length } of siblings) {
    if (length !== HASH_BYTES) {
      throw new RangeError(`bundle ${bundle}: a sibling has ${HASH_BYTES} bytes, not ${length}`);
    }
  }
}
