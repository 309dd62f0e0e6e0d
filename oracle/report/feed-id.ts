/**
 * A feed's number on chain: `bundle << 8 | position`, below 2^32. The bundle's words follow from it too:
 * `id >> 2` counts words over all bundles, `id & 3` is the lane.
 */
export type FeedId = number;

/** Bundles are numbered below this: three bytes. */
const BUNDLES = 2 ** 24;

/** A bundle holds 1 to 256 feeds. */
export const MAX_FEEDS = 256;

/**
 * The id of the feed at `position` of `bundle`.
 * @throws RangeError where either is not an integer in its range.
 */
export function feedId(bundle: number, position: number): FeedId {
  checkBundle(bundle);
  if (!Number.isInteger(position) || position < 0 || position >= MAX_FEEDS) {
    throw new RangeError(`position ${position} is not an integer from 0 to ${MAX_FEEDS - 1}`);
  }
  return bundle * MAX_FEEDS + position;
}

/**
 * The bundle that a feed is published with.
 * @throws RangeError where `id` is not a feed id.
 */
export function bundleOf(id: FeedId): number {
  checkFeedId(id);
  return id >>> 8;
}

/**
 * A feed's place in its bundle, 0 to 255.
 * @throws RangeError where `id` is not a feed id.
 */
export function positionOf(id: FeedId): number {
  checkFeedId(id);
  return id & 0xff;
}

/** @throws RangeError where `bundle` is not an integer below 2^24. */
export function checkBundle(bundle: number): void {
  if (!Number.isInteger(bundle) || bundle < 0 || bundle >= BUNDLES) {
    throw new RangeError(`bundle ${bundle} is not an integer from 0 to ${BUNDLES - 1}`);
  }
}

function checkFeedId(id: FeedId): void {
  if (!Number.isInteger(id) || id < 0 || id >= BUNDLES * MAX_FEEDS) {
    throw new RangeError(`feed id ${id} is not an integer from 0 to ${BUNDLES * MAX_FEEDS - 1}`);
  }
}
