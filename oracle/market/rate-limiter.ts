import { type Bucket, halfOf, pause, take } from "./token-bucket.ts";
import type { RateLimit } from "./venue.ts";

/**
 * One budget of requests per venue, for everything that leaves from one address. Make one limiter per egress and share
 * it between all sources; a second one would double what the venue sees.
 */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();

  /** Takes the cost of a request to a venue; returns null, or the time (Unix milliseconds) from which to ask again. */
  take(venue: string, limit: RateLimit, cost: number, now: number): number | null {
    const rate = halfOf(limit);
    const { bucket, waitUntil } = take(
      this.#buckets.get(venue) ?? { tokens: rate.capacity, at: now },
      rate,
      cost,
      now,
    );
    this.#buckets.set(venue, bucket);
    return waitUntil;
  }

  /** Leaves a venue alone until a time, because it asked for that. */
  pause(venue: string, until: number): void {
    this.#buckets.set(venue, pause(this.#buckets.get(venue) ?? { tokens: 0, at: until }, until));
  }
}
