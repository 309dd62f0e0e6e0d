import type { DiscreteAsianTerms } from "../asian/asian-terms.ts";
import { checkDiscreteAsian } from "../asian/check-discrete-asian.ts";
import { remainingAverage } from "../asian/remaining-average.ts";
import type { MonteCarloEstimate, MonteCarloSettings } from "./monte-carlo.ts";
import { monteCarloAverage } from "./monte-carlo-average.ts";

/**
 * Price of an option on the arithmetic average of fixings by Monte Carlo, with mirrored paths and the geometric
 * average as control variate.
 *
 * Source: see `monteCarloAverage`.
 *
 * @throws RangeError if a field is out of its domain
 */
export function monteCarloDiscreteAsian(
  terms: DiscreteAsianTerms,
  settings: MonteCarloSettings,
): MonteCarloEstimate {
  checkDiscreteAsian(terms);
  // Fixings at one and the same time are one, with more weight.
  const counts = new Map<number, number>();
  for (const time of terms.fixingTimes) counts.set(time, (counts.get(time) ?? 0) + 1);
  const times = [...counts.keys()];
  const weights = [...counts.values()].map((count) => count / terms.fixingTimes.length);
  return monteCarloAverage({ ...terms, rest: remainingAverage(terms), times, weights }, settings);
}
