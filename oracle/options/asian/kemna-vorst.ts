import { blackScholesPrice } from "../european/black-scholes-price.ts";
import type { VanillaTerms } from "../terms.ts";

/**
 * Price of an option on the continuous geometric average from now to expiry. Exact: the average is lognormal.
 *
 * Source: A. Kemna & A. Vorst, "A pricing method for options based on average asset values", J. Banking and Finance
 * 14 (1990) 113–129: a European option with volatility σ/√3 and cost of carry (b − σ²/6)/2.
 *
 * @throws RangeError if a field is out of its domain
 */
export function kemnaVorst(terms: VanillaTerms): number {
  const { rate, dividendYield, volatility } = terms;
  const carry = 0.5 * (rate - dividendYield - (volatility * volatility) / 6);
  return blackScholesPrice({ ...terms, dividendYield: rate - carry, volatility: volatility / Math.sqrt(3) });
}
