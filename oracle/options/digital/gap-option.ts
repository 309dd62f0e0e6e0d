import { checkNumber } from "../check-number.ts";
import type { VanillaTerms } from "../terms.ts";
import { assetOrNothing } from "./asset-or-nothing.ts";
import { cashOrNothing } from "./cash-or-nothing.ts";

export interface GapTerms extends VanillaTerms {
  /** The price that the payoff is measured from; `strike` only decides whether there is one. */
  payoffStrike: number;
}

/**
 * Price of a gap option: spot − payoffStrike if spot is above `strike` (call), payoffStrike − spot if below (put).
 * The payoff may be negative, and so may the price.
 *
 * Source: E. Reiner & M. Rubinstein (1991); Haug, "Gap options".
 *
 * @throws RangeError if a field is out of its domain
 */
export function gapOption(terms: GapTerms): number {
  checkNumber("payoffStrike", terms.payoffStrike, "positive");
  const difference = assetOrNothing(terms) - cashOrNothing({ ...terms, cash: terms.payoffStrike });
  return terms.type === "call" ? difference : -difference;
}
