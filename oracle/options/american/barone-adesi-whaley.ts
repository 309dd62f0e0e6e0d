import { blackScholesPrice } from "../european/black-scholes-price.ts";
import { standardisedMoneyness } from "../european/standardised-moneyness.ts";
import { normalCdf } from "../normal/normal-cdf.ts";
import type { VanillaTerms } from "../terms.ts";
import { checkAmerican } from "./check-american.ts";
import { criticalPrice } from "./critical-price.ts";
import { isNeverExercisedEarly } from "./is-never-exercised-early.ts";
import { quadraticExponent } from "./quadratic-exponent.ts";

/**
 * Price of an American call or put by the quadratic approximation, within about 1 % for expiries up to half a year
 * or beyond many years, worse between. `juZhong` corrects it.
 *
 * Source: G. Barone-Adesi & R. Whaley, "Efficient analytic approximation of American option values", J. Finance 42
 * (1987) 301–320.
 *
 * @throws RangeError if a field is out of its domain, or there are two exercise prices
 */
export function baroneAdesiWhaley(terms: VanillaTerms): number {
  checkAmerican(terms);
  const { spot, strike, dividendYield, timeToExpiry } = terms;
  const sign = terms.type === "call" ? 1 : -1;
  const intrinsic = Math.max(sign * (spot - strike), 0);
  if (timeToExpiry === 0) return intrinsic;
  const european = blackScholesPrice(terms);
  if (isNeverExercisedEarly(terms)) return european;
  const { exponent } = quadraticExponent(terms);
  const critical = criticalPrice(terms, exponent);
  if (sign * (spot - critical) >= 0) return intrinsic;
  const { d1 } = standardisedMoneyness({ ...terms, spot: critical });
  const premium =
    (sign * critical * (1 - Math.exp(-dividendYield * timeToExpiry) * normalCdf(sign * d1))) / exponent;
  return european + premium * Math.exp(exponent * Math.log(spot / critical));
}
