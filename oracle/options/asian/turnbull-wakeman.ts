import type { DiscreteAsianTerms } from "./asian-terms.ts";
import { averagePrice } from "./average-price.ts";
import { checkDiscreteAsian } from "./check-discrete-asian.ts";
import { remainingAverage } from "./remaining-average.ts";

/**
 * Price of an option on the arithmetic average of fixings, taking the average as lognormal with its true first two
 * moments. Good to a few parts in a thousand of the price while σ√T is below about 0.4; too high for large ones.
 *
 * Source: S. Turnbull & L. Wakeman, "A quick algorithm for pricing European average options", J. Financial and
 * Quantitative Analysis 26 (1991) 377–389, in the two-moment form of Haug (2007), "Asian options", discrete fixings.
 *
 * @throws RangeError if a field is out of its domain
 */
export function turnbullWakeman(terms: DiscreteAsianTerms): number {
  checkDiscreteAsian(terms);
  const { spot, rate, dividendYield, volatility, fixingTimes, timeToExpiry } = terms;
  const count = fixingTimes.length;
  const variance = volatility * volatility;
  // E[A²] − E[A]² = Σᵢⱼ FᵢFⱼ (exp(σ² min(tᵢ, tⱼ)) − 1), summed from the last fixing back.
  let later = 0;
  let spread = 0;
  for (let i = count - 1; i >= 0; i--) {
    const time = fixingTimes[i] ?? 0;
    const forward = spot * Math.exp((rate - dividendYield) * time);
    spread += forward * (forward + 2 * later) * Math.expm1(variance * time);
    later += forward;
  }
  const logVariance = count === 0 ? 0 : Math.log1p(spread / (later * later));
  const mean = later / Math.max(count, 1);
  return (
    Math.exp(-rate * timeToExpiry) * averagePrice(terms.type, remainingAverage(terms), mean, logVariance)
  );
}
