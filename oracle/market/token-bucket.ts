import type { RateLimit } from "./venue.ts";

/** What is left of a budget of requests at a time. */
export interface Bucket {
  readonly tokens: number;
  /** Unix milliseconds up to which `tokens` is right; also the end of a pause the venue asked for. */
  readonly at: number;
}

/** How full a bucket gets and how fast. */
export interface BucketRate {
  readonly capacity: number;
  readonly perMillisecond: number;
}

/** Most that is spent at once, in seconds of the limit: the budget of a long window is not burnt in its first moment. */
const BURST_SECONDS = 10;

/** Fractions of a token smaller than this are rounding. */
const EPSILON = 1e-6;

/** Half of what a venue allows. */
export function halfOf(limit: RateLimit): BucketRate {
  const perMillisecond = limit.requests / limit.perSeconds / 1000 / 2;
  return {
    capacity: Math.max(1, perMillisecond * 1000 * Math.min(limit.perSeconds, BURST_SECONDS)),
    perMillisecond,
  };
}

/** Takes `cost` tokens at `now` if they are there; else says when they will be. A cost above the capacity waits for a full bucket. */
export function take(
  bucket: Bucket,
  rate: BucketRate,
  cost: number,
  now: number,
): { readonly bucket: Bucket; readonly waitUntil: number | null } {
  const needed = Math.min(cost, rate.capacity);
  const elapsed = Math.max(0, now - bucket.at);
  const tokens = Math.min(rate.capacity, bucket.tokens + elapsed * rate.perMillisecond);
  const at = Math.max(now, bucket.at);
  if (now >= bucket.at && tokens >= needed - EPSILON)
    return { bucket: { tokens: tokens - cost, at }, waitUntil: null };
  return {
    bucket: { tokens, at },
    waitUntil: at + Math.ceil(Math.max(0, needed - tokens - EPSILON) / rate.perMillisecond),
  };
}

/** Nothing before `until`, as a venue's `Retry-After` asks; then from an empty bucket. */
export function pause(bucket: Bucket, until: number): Bucket {
  return until <= bucket.at
    ? { tokens: Math.min(bucket.tokens, 0), at: bucket.at }
    : { tokens: 0, at: until };
}
