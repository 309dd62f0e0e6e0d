import { checkVanilla } from "../check-vanilla.ts";
import type { VanillaTerms } from "../terms.ts";
import { blackPrice } from "./black-price.ts";

/**
 * Price of a European call or put, in units of `spot`.
 *
 * Far out-of-the-money prices keep their relative accuracy, and put–call parity holds to rounding. With no time or no
 * volatility left the price is the discounted intrinsic value of the forward.
 *
 * Source: F. Black & M. Scholes (1973), R. C. Merton (1973); E. G. Haug, "The complete guide to option pricing
 * formulas", generalised Black–Scholes with cost of carry b = rate − dividendYield.
 *
 * @throws RangeError if a field is out of its domain
 */
export function blackScholesPrice(terms: VanillaTerms): number {
  checkVanilla(terms);
  const { spot, strike, rate, dividendYield, volatility, timeToExpiry } = terms;
  const asset = spot * Math.exp(-dividendYield * timeToExpiry);
  const cash = strike * Math.exp(-rate * timeToExpiry);
  return blackPrice(terms.type, asset, cash, volatility * Math.sqrt(timeToExpiry));
}
