import { checkTouch } from "./check-touch.ts";
import { missProbability } from "./miss-probability.ts";
import type { TouchTerms } from "./touch-terms.ts";

/**
 * Price of an option that delivers the asset at expiry if spot never touches the barrier.
 *
 * Source: M. Rubinstein & E. Reiner (1991); Haug, "Binary barrier options" cases 11–12.
 *
 * @throws RangeError if a field is out of its domain
 */
export function assetNoTouch(terms: TouchTerms): number {
  checkTouch(terms);
  const drift = terms.rate - terms.dividendYield + 0.5 * terms.volatility * terms.volatility;
  return terms.spot * Math.exp(-terms.dividendYield * terms.timeToExpiry) * missProbability(terms, drift);
}
