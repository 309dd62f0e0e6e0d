import { checkChoice } from "../check-choice.ts";
import { checkNumber } from "../check-number.ts";
import { checkTouch } from "./check-touch.ts";
import { hitDiscount } from "./hit-discount.ts";
import { touchProbability } from "./touch-probability.ts";
import type { TouchTerms } from "./touch-terms.ts";

export interface OneTouchTerms extends TouchTerms {
  /** What is paid if the barrier is touched before expiry. */
  cash: number;
  /** When it is paid: at the touch, or at expiry all the same. */
  payAt: "touch" | "expiry";
}

/**
 * Price of an option that pays `cash` if spot touches the barrier before expiry.
 *
 * Source: M. Rubinstein & E. Reiner (1991); Haug, "Binary barrier options" cases 1–2 (at the touch), 5–6 (at expiry).
 *
 * @throws RangeError if a field is out of its domain
 */
export function oneTouch(terms: OneTouchTerms): number {
  checkTouch(terms);
  checkChoice("payAt", terms.payAt, ["touch", "expiry"]);
  checkNumber("cash", terms.cash, "not negative");
  if (terms.payAt === "touch") return terms.cash * hitDiscount(terms);
  const drift = terms.rate - terms.dividendYield - 0.5 * terms.volatility * terms.volatility;
  return terms.cash * Math.exp(-terms.rate * terms.timeToExpiry) * touchProbability(terms, drift);
}
