import type { VanillaTerms } from "../terms.ts";

/**
 * d₁ and d₂ of Black and Scholes: the log of the forward over the strike, in standard deviations, plus and minus
 * half the total volatility. With no volatility or time left both are ±Infinity, or NaN exactly at the money.
 */
export function standardisedMoneyness(terms: Omit<VanillaTerms, "type">): { d1: number; d2: number } {
  const { spot, strike, rate, dividendYield, volatility, timeToExpiry } = terms;
  const logForward = Math.log(spot / strike) + (rate - dividendYield) * timeToExpiry;
  const totalVolatility = volatility * Math.sqrt(timeToExpiry);
  const moneyness = logForward / totalVolatility;
  return { d1: moneyness + totalVolatility / 2, d2: moneyness - totalVolatility / 2 };
}
