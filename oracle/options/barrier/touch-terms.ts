import type { Market } from "../terms.ts";

/** An option on whether spot touches a continuously watched barrier before expiry. */
export interface TouchTerms extends Market {
  /** Where the barrier is: `up` is touched when spot ≥ barrier, `down` when spot ≤ barrier. */
  direction: "up" | "down";
  /** In units of `spot`, above 0. */
  barrier: number;
  /** In years, 0 or more. */
  timeToExpiry: number;
}
