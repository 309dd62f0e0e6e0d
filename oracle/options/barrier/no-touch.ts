import { checkNumber } from "../check-number.ts";
import { checkTouch } from "./check-touch.ts";
import { missProbability } from "./miss-probability.ts";
import type { TouchTerms } from "./touch-terms.ts";

export interface NoTouchTerms extends TouchTerms {
  /** What is paid at expiry if the barrier was never touched. */
  cash: number;
}

/**
 * Price of an option that pays `cash` at expiry if spot never touches the barrier.
 *
 * Source: M. Rubinstein & E. Reiner (1991); Haug, "Binary barrier options" cases 9–10.
 *
 * @throws RangeError if a field is out of its domain
 */
export function noTouch(terms: NoTouchTerms): number {
  checkTouch(terms);
  checkNumber("cash", terms.cash, "not negative");
  const drift = terms.rate - terms.dividendYield - 0.5 * terms.volatility * terms.volatility;
  return terms.cash * Math.exp(-terms.rate * terms.timeToExpiry) * missProbability(terms, drift);
}
