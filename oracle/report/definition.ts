import { abiTexts, abiUint, abiWords, withOffsets } from "./abi.ts";
import { checkBundle, MAX_FEEDS } from "./feed-id.ts";
import { HASH_BYTES, keccak256 } from "./keccak.ts";

/** What a signature says it priced: never changes once a bundle is defined on chain. */
export interface FeedDefinition {
  /** The feed's name, such as `BTC/JPY`. */
  readonly symbol: string;
  /** A price of 1 is written as 10^decimals; 0 to 255. */
  readonly decimals: number;
  /** keccak-256 of the text that says how the price is made: 32 bytes. */
  readonly method: Uint8Array;
  /** The oldest input a price may rest on, in seconds; below 2^32. */
  readonly maxInputAge: number;
}

/** Feeds that are published together, in the order of their positions. */
export interface BundleDefinition {
  /** The bundle's number, below 2^24. */
  readonly bundle: number;
  /** 1 to 256 feeds. */
  readonly feeds: readonly FeedDefinition[];
}

/**
 * A bundle's definition hash:
 * `keccak256(abi.encode(uint256 bundle, string[] symbols, uint8[] decimals, bytes32[] methods, uint32[] maxInputAge))`
 * with its last byte replaced by the number of feeds less one, so that the contract reads both from one slot.
 * @throws RangeError where a value does not fit its type
 */
export function definitionHash({ bundle, feeds }: BundleDefinition): Uint8Array {
  checkBundle(bundle);
  if (feeds.length < 1 || feeds.length > MAX_FEEDS) {
    throw new RangeError(`bundle ${bundle} has ${feeds.length} feeds; a bundle has 1 to ${MAX_FEEDS}`);
  }
  for (const feed of feeds) checkFeed(feed);
  const hash = keccak256(
    withOffsets(
      [
        abiTexts(feeds.map((feed) => feed.symbol)),
        abiWords(feeds.map((feed) => abiUint(feed.decimals))),
        abiWords(feeds.map((feed) => feed.method)),
        abiWords(feeds.map((feed) => abiUint(feed.maxInputAge))),
      ],
      [abiUint(bundle)],
    ),
  );
  hash[HASH_BYTES - 1] = feeds.length - 1;
  return hash;
}

/** How many feeds a definition hash says its bundle has. */
export function feedCount(definition: Uint8Array): number {
  return (definition[HASH_BYTES - 1] ?? 0) + 1;
}

function checkFeed({ symbol, decimals, method, maxInputAge }: FeedDefinition): void {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > 255) {
    throw new RangeError(`${symbol}: decimals ${decimals} is not an integer from 0 to 255`);
  }
  if (method.length !== HASH_BYTES) {
    throw new RangeError(`${symbol}: the method hash has ${HASH_BYTES} bytes, not ${method.length}`);
  }
  if (!Number.isInteger(maxInputAge) || maxInputAge < 0 || maxInputAge >= 2 ** 32) {
    throw new RangeError(`${symbol}: maxInputAge ${maxInputAge} is not an integer from 0 to ${2 ** 32 - 1}`);
  }
}
