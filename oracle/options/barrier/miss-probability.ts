import { expTimesNormalCdf } from "../normal/exp-times-normal-cdf.ts";
import { isTouched } from "./is-touched.ts";
import type { TouchTerms } from "./touch-terms.ts";

/**
 * The probability that spot does not touch the barrier before expiry: 1 − `touchProbability`, but right also where
 * it is tiny. Never negative.
 *
 * Source: as `touchProbability`.
 */
export function missProbability(terms: TouchTerms, drift: number): number {
  if (isTouched(terms)) return 0;
  if (terms.timeToExpiry === 0) return 1;
  const sign = terms.direction === "up" ? 1 : -1;
  const deviation = terms.volatility * Math.sqrt(terms.timeToExpiry);
  const distance = Math.log(terms.barrier / terms.spot);
  const driven = drift * terms.timeToExpiry;
  const reflected = (2 * drift * distance) / (terms.volatility * terms.volatility);
  const missed =
    expTimesNormalCdf(0, (sign * (distance - driven)) / deviation) -
    expTimesNormalCdf(reflected, (sign * (-driven - distance)) / deviation);
  return Math.max(missed, 0);
}
