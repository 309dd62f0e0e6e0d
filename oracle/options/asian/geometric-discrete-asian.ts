import { blackPrice } from "../european/black-price.ts";
import type { DiscreteAsianTerms } from "./asian-terms.ts";
import { checkDiscreteAsian } from "./check-discrete-asian.ts";
import { geometricMoments } from "./geometric-moments.ts";

/**
 * Price of an option on the geometric average of fixings. Exact: the average is lognormal.
 *
 * Source: L. Clewlow & C. Strickland, "Implementing derivatives models" (1998) 118–123; Turnbull & Wakeman (1991).
 *
 * @throws RangeError if a field is out of its domain
 */
export function geometricDiscreteAsian(terms: DiscreteAsianTerms): number {
  checkDiscreteAsian(terms);
  const { type, strike, rate, fixingTimes, pastFixings = [], timeToExpiry } = terms;
  const weight = 1 / (fixingTimes.length + pastFixings.length);
  const weights = fixingTimes.map(() => weight);
  const { logMean, logVariance } = geometricMoments(terms, fixingTimes, weights);
  const known = pastFixings.reduce((sum, fixing) => sum + weight * Math.log(fixing), 0);
  const forward = Math.exp(known + logMean + 0.5 * logVariance);
  return Math.exp(-rate * timeToExpiry) * blackPrice(type, forward, strike, Math.sqrt(logVariance));
}
