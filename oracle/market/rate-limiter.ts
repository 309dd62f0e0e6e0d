import { type Bucket, halfOf, pause, take } from "./token-bucket.ts";
import type { RateLimit } from "./venue.ts";

interface Budget {
  bucket: Bucket;
  /** From when each of those who wait may ask again: one after the other, in the order in which they came. */
  readonly turns: WeakMap<object, number>;
  /** The last of these turns. */
  lastTurn: number;
}

/**
 * One budget of requests per venue, for everything that leaves from one address. Make one limiter per egress and share
 * it between all sources; a second one would double what the venue sees. Whoever has to wait gets a turn, so that of many
 * who share a budget none is always the one who comes too late.
 */
export class RateLimiter {
  readonly #budgets = new Map<string, Budget>();

  /**
   * Takes the cost of a request to a venue; returns null, or the time (monotonic milliseconds) from which to ask again.
   * @param who asks, the same object each time
   */
  take(venue: string, limit: RateLimit, cost: number, now: number, who: object = {}): number | null {
    const rate = halfOf(limit);
    const budget = this.#budgetOf(venue, { tokens: rate.capacity, at: now });
    const turn = budget.turns.get(who);
    if (turn !== undefined && turn > now) return turn;
    let earliest = now;
    if (turn !== undefined || budget.lastTurn <= now) {
      const { bucket, waitUntil } = take(budget.bucket, rate, cost, now);
      budget.bucket = bucket;
      if (waitUntil === null) {
        budget.turns.delete(who);
        return null;
      }
      earliest = waitUntil;
    }
    budget.lastTurn = Math.max(earliest, budget.lastTurn + Math.ceil(cost / rate.perMillisecond));
    budget.turns.set(who, budget.lastTurn);
    return budget.lastTurn;
  }

  /** Leaves a venue alone until a time, because it asked for that. */
  pause(venue: string, until: number): void {
    const budget = this.#budgetOf(venue, { tokens: 0, at: until });
    budget.bucket = pause(budget.bucket, until);
  }

  #budgetOf(venue: string, fresh: Bucket): Budget {
    const budget = this.#budgets.get(venue) ?? {
      bucket: fresh,
      turns: new WeakMap(),
      lastTurn: Number.NEGATIVE_INFINITY,
    };
    this.#budgets.set(venue, budget);
    return budget;
  }
}
