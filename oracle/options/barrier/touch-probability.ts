import { expTimesNormalCdf } from "../normal/exp-times-normal-cdf.ts";
import { isTouched } from "./is-touched.ts";
import type { TouchTerms } from "./touch-terms.ts";

/**
 * The probability that spot touches the barrier before expiry, when the log of spot drifts by `drift` a year:
 * rate − dividendYield − σ²/2 under the money measure, and σ² more with the asset as numeraire.
 *
 * Source: the reflection principle; Reiner & Rubinstein, "Unscrambling the binary code", Risk 4 (1991).
 */
export function touchProbability(terms: TouchTerms, drift: number): number {
  if (isTouched(terms)) return 1;
  if (terms.timeToExpiry === 0) return 0;
  const sign = terms.direction === "up" ? 1 : -1;
  const deviation = terms.volatility * Math.sqrt(terms.timeToExpiry);
  const distance = Math.log(terms.barrier / terms.spot);
  const driven = drift * terms.timeToExpiry;
  const reflected = (2 * drift * distance) / (terms.volatility * terms.volatility);
  return (
    expTimesNormalCdf(0, (sign * (driven - distance)) / deviation) +
    expTimesNormalCdf(reflected, (sign * (-driven - distance)) / deviation)
  );
}
