import { checkVanilla } from "../check-vanilla.ts";
import { standardisedMoneyness } from "../european/standardised-moneyness.ts";
import type { VanillaTerms } from "../terms.ts";
import { exerciseProbability } from "./exercise-probability.ts";

/**
 * Price of a digital option that delivers the asset at expiry if spot is above (call) or below (put) the strike.
 *
 * Source: J. Cox & M. Rubinstein, "Options markets" (1985); Haug, "Asset-or-nothing options".
 *
 * @throws RangeError if a field is out of its domain
 */
export function assetOrNothing(terms: VanillaTerms): number {
  checkVanilla(terms);
  const { d1 } = standardisedMoneyness(terms);
  return (
    terms.spot * Math.exp(-terms.dividendYield * terms.timeToExpiry) * exerciseProbability(terms.type, d1)
  );
}
