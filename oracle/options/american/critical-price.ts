import { blackScholesPrice } from "../european/black-scholes-price.ts";
import { standardisedMoneyness } from "../european/standardised-moneyness.ts";
import { normalCdf } from "../normal/normal-cdf.ts";
import { findRoot } from "../rootfinding/find-root.ts";
import type { VanillaTerms } from "../terms.ts";

/**
 * The spot price at and beyond which the quadratic approximation exercises: where the payoff equals the European
 * price plus a premium that leaves the payoff smoothly.
 *
 * Source: G. Barone-Adesi & R. Whaley (1987), equations 19 (call) and 24 (put).
 */
export function criticalPrice(terms: VanillaTerms, exponent: number): number {
  const sign = terms.type === "call" ? 1 : -1;
  const growth = Math.exp(-terms.dividendYield * terms.timeToExpiry);
  const excess = (spot: number) => {
    const at = { ...terms, spot };
    const { d1 } = standardisedMoneyness(at);
    const premium = (sign * (1 - growth * normalCdf(sign * d1)) * spot) / exponent;
    return sign * (spot - terms.strike) - blackScholesPrice(at) - premium;
  };
  let far = terms.strike;
  do far *= sign > 0 ? 2 : 0.5;
  while (excess(far) < 0 && far > 1e-300 && far < 1e300);
  return findRoot(excess, terms.strike, far);
}
