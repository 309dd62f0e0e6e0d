import type { ContinuousAsianTerms } from "./asian-terms.ts";
import { averagePrice } from "./average-price.ts";
import { checkContinuousAsian } from "./check-continuous-asian.ts";
import { growthAverage } from "./growth-average.ts";
import { remainingAverage } from "./remaining-average.ts";

/**
 * Price of an option on the continuous arithmetic average, taking the average as lognormal with its true first two
 * moments. Good to a few parts in a thousand of the price while σ√T is below about 0.4; too high for large ones.
 *
 * Source: E. Levy, "Pricing European average rate currency options", J. International Money and Finance 11 (1992)
 * 474–491; Haug, "Levy's approximation".
 *
 * @throws RangeError if a field is out of its domain
 */
export function levy(terms: ContinuousAsianTerms): number {
  checkContinuousAsian(terms);
  const { spot, rate, dividendYield, volatility, timeToExpiry } = terms;
  const carry = (rate - dividendYield) * timeToExpiry;
  const variance = volatility * volatility * timeToExpiry;
  const mean = growthAverage(carry);
  // E[A²]/spot² = 2 (g(2b + σ²) − g(b)) / (b + σ²), g = growthAverage; near b + σ² = 0, twice the slope of g at b.
  const width = carry + variance;
  const second =
    Math.abs(width) > 1e-5
      ? (2 * (growthAverage(carry + width) - growthAverage(carry))) / width
      : 2 * slopeOfGrowthAverage(carry + width / 2);
  const logVariance = Math.max(Math.log(second / (mean * mean)), 0);
  return (
    Math.exp(-rate * timeToExpiry) *
    averagePrice(terms.type, remainingAverage(terms), spot * mean, logVariance)
  );
}

/** The derivative of `growthAverage`, ∫₀¹ u exp(yu) du. */
function slopeOfGrowthAverage(y: number): number {
  if (Math.abs(y) < 1e-2) return 0.5 + y * (1 / 3 + y * (1 / 8 + y * (1 / 30 + y * (1 / 144 + y / 840))));
  return (Math.exp(y) - growthAverage(y)) / y;
}
