import { faultsBorne, smallestQuorum } from "../../report/signer-set.ts";
import { NO_PRICE } from "../../report/word.ts";

/** A value, by its hash, and the round in which it was locked or became valid. */
export interface Mark {
  readonly round: number;
  readonly value: string;
}

/**
 * The arithmetic on which agreement rests, on one page. Two signers agree only if they do all of this alike, so
 * there is one set of rules, `RULES`, and it is no configuration. It is an object so that the tests can break one
 * rule at a time and see that the simulation notices.
 */
export interface Rules {
  /** How many of n signers may lie or be broken. */
  faults(n: number): number;
  /** How many votes or signatures decide. */
  quorum(n: number): number;
  /** Whether a lane of an observation holds a price, or its signer abstained. */
  isPrice(lane: bigint): boolean;
  /** The middle of the first `count` prices. May reorder them. */
  median(prices: bigint[], count: number): bigint;
  /** Whether a vote counts that came from a signer who voted `earlier` in the same round. */
  counts(earlier: readonly string[], value: string): boolean;
  /** Whether a signer may prevote a value, given what it locked. `validRound` is -1 for a fresh proposal. */
  mayPrevote(lock: Mark | undefined, value: string, validRound: number): boolean;
  /** Whether a vote of `signer` is among those that signer `self` sends again and again. */
  resends(signer: number, self: number): boolean;
  /** How many signers must dissent from a feed before a proposal of this round may drop it. */
  dissentsToDrop(n: number, round: number): number;
}

export const RULES: Rules = {
  faults: faultsBorne,
  quorum: smallestQuorum,
  isPrice: (lane) => lane !== NO_PRICE,

  /** The upper median: element floor(count / 2) in ascending order, so always a price that somebody observed. */
  median(prices, count) {
    for (let i = 1; i < count; i++) {
      const price = prices[i] ?? NO_PRICE;
      let at = i;
      for (; at > 0; at--) {
        const before = prices[at - 1] ?? NO_PRICE;
        if (before <= price) break;
        prices[at] = before;
      }
      prices[at] = price;
    }
    return prices[count >> 1] ?? NO_PRICE;
  },

  /** Every value a signer voted counts once: an equivocator helps each side, so that no side waits for it. */
  counts: (earlier, value) => !earlier.includes(value),

  mayPrevote(lock, value, validRound) {
    if (!lock || lock.value === value) return true;
    return validRound >= 0 && lock.round <= validRound;
  },

  /** All votes held, not only one's own: what one honest signer has seen, all will see. */
  resends: () => true,

  /** At first as many as can block a decision; one fewer in each later round, as silent signers block as well. */
  dissentsToDrop: (n, round) => Math.max(1, n - smallestQuorum(n) + 1 - round),
};
