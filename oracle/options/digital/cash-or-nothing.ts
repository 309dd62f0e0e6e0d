import { checkNumber } from "../check-number.ts";
import { checkVanilla } from "../check-vanilla.ts";
import { standardisedMoneyness } from "../european/standardised-moneyness.ts";
import type { VanillaTerms } from "../terms.ts";
import { exerciseProbability } from "./exercise-probability.ts";

export interface CashOrNothingTerms extends VanillaTerms {
  /** What is paid at expiry if the option ends in the money (strictly). */
  cash: number;
}

/**
 * Price of a digital option that pays `cash` at expiry if spot is above (call) or below (put) the strike.
 *
 * Source: E. Reiner & M. Rubinstein, "Unscrambling the binary code", Risk 4 (1991); Haug, "Cash-or-nothing options".
 *
 * @throws RangeError if a field is out of its domain
 */
export function cashOrNothing(terms: CashOrNothingTerms): number {
  checkVanilla(terms);
  checkNumber("cash", terms.cash, "not negative");
  const { d2 } = standardisedMoneyness(terms);
  return terms.cash * Math.exp(-terms.rate * terms.timeToExpiry) * exerciseProbability(terms.type, d2);
}
