import { MAX_FEEDS } from "./feed-id.ts";

/** Four prices make a word. */
export const LANES = 4;

/** Bytes of a lane: a signed 56-bit integer, big-endian two's complement. */
export const LANE_BYTES = 7;

/** Bytes of a word as a report carries it: lane 3 first, lane 0 last. On chain a 32-bit time stands before. */
export const WORD_BYTES = LANES * LANE_BYTES;

/** This feed has no price at this time (`type(int56).min`). Also fills the lanes behind a bundle's last feed. */
export const NO_PRICE = -(2n ** 55n);

/** Two people voided this fixing. Stands in storage only; nobody signs it. */
export const VOID = NO_PRICE + 1n;

/** The lowest price, in the feed's decimals. */
export const MIN_PRICE = VOID + 1n;

/** The highest price, in the feed's decimals. */
export const MAX_PRICE = 2n ** 55n - 1n;

/** How many words hold this many feeds. */
export function wordCount(feeds: number): number {
  return (feeds + LANES - 1) >> 2;
}

/**
 * The words of a bundle.
 * @param prices one per feed in the order of positions, in the feed's decimals; `NO_PRICE` where there is none
 * @returns `WORD_BYTES` for each started four feeds
 * @throws RangeError for no feeds, more than 256, or a number that is neither a price nor `NO_PRICE`
 */
export function packWords(prices: ArrayLike<bigint>): Uint8Array {
  const feeds = prices.length;
  checkFeeds(feeds);
  const bytes = WORD_BYTES * wordCount(feeds);
  // One byte more: each lane is written as eight bytes, and the next one overwrites the eighth.
  const view = new DataView(new ArrayBuffer(bytes + 1));
  for (let at = 0; at < bytes; at += LANE_BYTES) {
    const position = positionAt(at);
    const price = position < feeds ? (prices[position] ?? VOID) : NO_PRICE;
    if (price > MAX_PRICE || (price < MIN_PRICE && price !== NO_PRICE)) {
      throw new RangeError(
        `price ${String(prices[position])} at position ${position} is not from ${MIN_PRICE} to ${MAX_PRICE}, nor NO_PRICE`,
      );
    }
    view.setBigInt64(at, price << 8n);
  }
  return new Uint8Array(view.buffer, 0, bytes);
}

/**
 * The prices in a bundle's words: the inverse of `packWords`.
 * @param feeds how many feeds the bundle has
 * @throws RangeError where the length does not fit, a lane says `VOID`, or a lane behind the last feed is used
 */
export function unpackWords(words: Uint8Array, feeds: number): bigint[] {
  checkFeeds(feeds);
  const bytes = WORD_BYTES * wordCount(feeds);
  if (words.length !== bytes) {
    throw new RangeError(`${feeds} feeds have ${bytes} bytes of words, not ${words.length}`);
  }
  const prices = new Array<bigint>(feeds);
  for (let at = 0; at < bytes; at += LANE_BYTES) {
    const position = positionAt(at);
    const price = laneAt(words, at);
    if (price === VOID) throw new RangeError(`position ${position} says VOID, which nobody signs`);
    if (position < feeds) prices[position] = price;
    else if (price !== NO_PRICE) {
      throw new RangeError(`position ${position} says ${price}, but the bundle has only ${feeds} feeds`);
    }
  }
  return prices;
}

/** The lane of one feed, whatever it says. */
export function laneOf(words: Uint8Array, position: number): bigint {
  const at = WORD_BYTES * (position >> 2) + LANE_BYTES * (LANES - 1 - (position & 3));
  if (!(at >= 0 && at < words.length)) {
    throw new RangeError(`position ${position} is outside of ${words.length / WORD_BYTES} words`);
  }
  return laneAt(words, at);
}

/** Lane 3 stands first in its word, lane 0 last. */
function positionAt(at: number): number {
  const lane = at / LANE_BYTES;
  return (lane & ~3) | (3 - (lane & 3));
}

function laneAt(words: Uint8Array, at: number): bigint {
  const view = new DataView(words.buffer, words.byteOffset + at, LANE_BYTES);
  return (BigInt(view.getInt32(0)) << 24n) | BigInt((view.getUint16(4) << 8) | view.getUint8(6));
}

function checkFeeds(feeds: number): void {
  if (!Number.isInteger(feeds) || feeds < 1 || feeds > MAX_FEEDS) {
    throw new RangeError(`a bundle has 1 to ${MAX_FEEDS} feeds, not ${feeds}`);
  }
}
