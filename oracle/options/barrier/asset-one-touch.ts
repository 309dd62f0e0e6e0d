import { checkChoice } from "../check-choice.ts";
import { checkTouch } from "./check-touch.ts";
import { hitDiscount } from "./hit-discount.ts";
import { isTouched } from "./is-touched.ts";
import { touchProbability } from "./touch-probability.ts";
import type { TouchTerms } from "./touch-terms.ts";

export interface AssetOneTouchTerms extends TouchTerms {
  /** When the asset is delivered: at the touch, or at expiry all the same. */
  payAt: "touch" | "expiry";
}

/**
 * Price of an option that delivers the asset if spot touches the barrier before expiry.
 *
 * Source: M. Rubinstein & E. Reiner (1991); Haug, "Binary barrier options" cases 3–4 (at the touch, where the asset
 * is worth the barrier) and 7–8 (at expiry).
 *
 * @throws RangeError if a field is out of its domain
 */
export function assetOneTouch(terms: AssetOneTouchTerms): number {
  checkTouch(terms);
  checkChoice("payAt", terms.payAt, ["touch", "expiry"]);
  if (terms.payAt === "touch") return isTouched(terms) ? terms.spot : terms.barrier * hitDiscount(terms);
  const drift = terms.rate - terms.dividendYield + 0.5 * terms.volatility * terms.volatility;
  return terms.spot * Math.exp(-terms.dividendYield * terms.timeToExpiry) * touchProbability(terms, drift);
}
