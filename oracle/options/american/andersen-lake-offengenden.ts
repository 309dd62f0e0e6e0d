import { blackScholesPrice } from "../european/black-scholes-price.ts";
import { standardisedMoneyness } from "../european/standardised-moneyness.ts";
import { normalCdf } from "../normal/normal-cdf.ts";
import { gaussLegendre } from "../quadrature/gauss-legendre.ts";
import { integrate } from "../quadrature/integrate.ts";
import type { VanillaTerms } from "../terms.ts";
import { checkAmerican } from "./check-american.ts";
import { exerciseBoundary } from "./exercise-boundary.ts";
import { isNeverExercisedEarly } from "./is-never-exercised-early.ts";

const BOUNDARY_RULE = gaussLegendre(48);
const PRICE_RULE = gaussLegendre(120);

/**
 * Price of an American call or put to about 1e-8 of the strike: the European price plus what early exercise earns,
 * integrated along the exercise boundary. A call is priced as the put with spot and strike, and rate and
 * dividendYield, exchanged.
 *
 * Source: I. J. Kim (1990) for the integral; L. Andersen, M. Lake & D. Offengenden, "High-performance American option
 * pricing", J. Computational Finance 20 (2016) 39–87, for the boundary.
 *
 * @throws RangeError if a field is out of its domain, or there are two exercise prices
 */
export function andersenLakeOffengenden(terms: VanillaTerms): number {
  checkAmerican(terms);
  const { spot, strike, rate, dividendYield, timeToExpiry } = terms;
  if (terms.type === "call") {
    return andersenLakeOffengenden({
      ...terms,
      type: "put",
      spot: strike,
      strike: spot,
      rate: dividendYield,
      dividendYield: rate,
    });
  }
  const intrinsic = Math.max(strike - spot, 0);
  if (timeToExpiry === 0) return intrinsic;
  const european = blackScholesPrice(terms);
  if (isNeverExercisedEarly(terms)) return european;
  const boundary = exerciseBoundary(terms, BOUNDARY_RULE);
  if (spot <= boundary(timeToExpiry)) return intrinsic;
  const premium = integrate(PRICE_RULE, 0, Math.PI / 2, (angle) => {
    const passed = timeToExpiry * Math.sin(angle) ** 2;
    const { d1, d2 } = standardisedMoneyness({
      ...terms,
      strike: boundary(timeToExpiry * Math.cos(angle) ** 2),
      timeToExpiry: passed,
    });
    const interest = rate * strike * Math.exp(-rate * passed) * normalCdf(-d2);
    const dividends = dividendYield * spot * Math.exp(-dividendYield * passed) * normalCdf(-d1);
    return timeToExpiry * Math.sin(2 * angle) * (interest - dividends);
  });
  return Math.max(european + premium, intrinsic);
}
