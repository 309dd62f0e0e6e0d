/**
 * What `latestOf` and `tryLatest` are asked and answer. ethers takes more than half a second for the feeds of a catalog of
 * 10,000, in which a signer would be deaf.
 */
import { id } from "ethers";

import type { FeedId } from "../../report/feed-id.ts";

/** What `latestOf` answers, by feed. */
export interface LatestPrices {
  readonly prices: BigInt64Array;
  /** Unix seconds. */
  readonly times: Uint32Array;
}

/** What `tryLatest` answers: null where the feed has no price. */
export interface TriedPrice {
  readonly price: bigint | null;
  /** Unix seconds. */
  readonly time: number;
}

const WORD = 32;
const [PRICE_BYTES, TIME_BYTES] = [8, 4];
const LATEST_OF = id("latestOf(uint256[])").slice(0, 10);
const TRY_LATEST = id("tryLatest(uint256)").slice(0, 10);

/** What calls `latestOf` for these feeds. 0x-prefixed. */
export function latestCalldata(feeds: readonly FeedId[]): string {
  return LATEST_OF + [WORD, feeds.length, ...feeds].map(wordOf).join("");
}

/** What calls `tryLatest` for a feed. 0x-prefixed. */
export function tryLatestCalldata(feed: FeedId): string {
  return TRY_LATEST + wordOf(feed);
}

/**
 * Reads `(int256[] prices, uint256[] observedAt)` of so many feeds, in the one form in which the contract encodes it.
 * @param data 0x-prefixed
 * @returns null where it is anything else
 */
export function decodeLatest(data: string, feeds: number): LatestPrices | null {
  const bytes = Buffer.from(data.slice(2), "hex");
  const times = WORD * (3 + feeds); // two places and a length stand before the prices
  if (bytes.length !== times + WORD * (1 + feeds)) return null;
  const heads = [
    [0, 2 * WORD],
    [WORD, times],
    [2 * WORD, feeds],
    [times, feeds],
  ] as const;
  if (heads.some(([at, value]) => readUint32(bytes, at) !== value)) return null;
  const found = { prices: new BigInt64Array(feeds), times: new Uint32Array(feeds) };
  for (let i = 0; i < feeds; i++) {
    const price = readInt64(bytes, WORD * (3 + i));
    const time = readUint32(bytes, times + WORD * (1 + i));
    if (price === null || time === null) return null;
    found.prices[i] = price;
    found.times[i] = time;
  }
  return found;
}

/**
 * Reads `(bool ok, int256 price, uint256 observedAt)`.
 * @param data 0x-prefixed
 * @returns null where it is anything else
 */
export function decodeTryLatest(data: string): TriedPrice | null {
  const bytes = Buffer.from(data.slice(2), "hex");
  if (bytes.length !== 3 * WORD) return null;
  const ok = readUint32(bytes, 0);
  const price = ok === 1 ? readInt64(bytes, WORD) : null;
  const time = readUint32(bytes, 2 * WORD);
  if (time === null || !(ok === 0 || (ok === 1 && price !== null))) return null;
  return { price, time };
}

function wordOf(value: number): string {
  return value.toString(16).padStart(2 * WORD, "0");
}

/** The word at `at`; null where it does not fit 64 bits. */
function readInt64(bytes: Buffer, at: number): bigint | null {
  const value = bytes.readBigInt64BE(at + WORD - PRICE_BYTES);
  return isFilled(bytes, at, WORD - PRICE_BYTES, value < 0n ? 0xff : 0) ? value : null;
}

/** The word at `at`; null where it does not fit 32 bits. */
function readUint32(bytes: Buffer, at: number): number | null {
  return isFilled(bytes, at, WORD - TIME_BYTES, 0) ? bytes.readUInt32BE(at + WORD - TIME_BYTES) : null;
}

function isFilled(bytes: Buffer, from: number, length: number, byte: number): boolean {
  for (let i = from; i < from + length; i++) if (bytes[i] !== byte) return false;
  return true;
}
