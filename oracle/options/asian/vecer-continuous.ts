import type { ContinuousAsianTerms } from "./asian-terms.ts";
import { averagePrice } from "./average-price.ts";
import { checkContinuousAsian } from "./check-continuous-asian.ts";
import { growthAverage } from "./growth-average.ts";
import { remainingAverage } from "./remaining-average.ts";
import { vecerEquation } from "./vecer-equation.ts";

/**
 * Price of an option on the continuous arithmetic average by Večeř's equation, to about 1e-8 of spot: no
 * distribution is assumed for the average.
 *
 * Source: see `vecerEquation`.
 *
 * @throws RangeError if a field is out of its domain, or volatility·√timeToExpiry is above 1.5
 */
export function vecerContinuous(terms: ContinuousAsianTerms): number {
  checkContinuousAsian(terms);
  const { type, spot, rate, dividendYield, volatility, timeToExpiry } = terms;
  const rest = remainingAverage(terms);
  const carry = rate - dividendYield;
  const discount = Math.exp(-rate * timeToExpiry);
  const mean = spot * growthAverage(carry * timeToExpiry);
  if (rest.strike <= 0 || volatility === 0) return discount * averagePrice(type, rest, mean, 0);
  // ∫ₜᵀ exp(−r(T − u) − δu) du / T = exp(−rT + bt) (exp(b(T − t)) − 1)/(bT), b = r − δ
  const holding = (time: number) =>
    (discount *
      Math.exp(carry * time) *
      growthAverage(carry * (timeToExpiry - time)) *
      (timeToExpiry - time)) /
    timeToExpiry;
  const start = (discount * (mean - rest.strike)) / spot;
  const call = vecerEquation({ volatility, start, times: [0, timeToExpiry], holding });
  return rest.share * spot * Math.max(type === "call" ? call : call - start, 0);
}
