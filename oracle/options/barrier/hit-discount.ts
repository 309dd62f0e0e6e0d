import { expTimesNormalCdf } from "../normal/exp-times-normal-cdf.ts";
import { isTouched } from "./is-touched.ts";
import type { TouchTerms } from "./touch-terms.ts";

/**
 * The value of 1 paid at the moment spot touches the barrier, if it does before expiry: E[exp(−rate·τ); τ ≤ T].
 *
 * Source: M. Rubinstein & E. Reiner (1991); Haug, "Binary barrier options" cases 1 and 2, with
 * λ = √(μ² + 2·rate/σ²).
 *
 * @throws RangeError if the rate is so negative that λ is not real
 */
export function hitDiscount(terms: TouchTerms): number {
  if (isTouched(terms)) return 1;
  if (terms.timeToExpiry === 0) return 0;
  const { rate, dividendYield, volatility, timeToExpiry } = terms;
  const variance = volatility * volatility;
  const mu = (rate - dividendYield) / variance - 0.5;
  const square = mu * mu + (2 * rate) / variance;
  if (square < 0) {
    throw new RangeError(
      `A payment at the touch has no closed form at rate ${rate} and volatility ${volatility}: it needs ` +
        `(rate − dividendYield − volatility²/2)² + 2·rate·volatility² ≥ 0. Price it as paid at expiry.`,
    );
  }
  const lambda = Math.sqrt(square);
  const sign = terms.direction === "up" ? 1 : -1;
  const deviation = volatility * Math.sqrt(timeToExpiry);
  const distance = Math.log(terms.barrier / terms.spot);
  const z = distance / deviation + lambda * deviation;
  return (
    expTimesNormalCdf((mu + lambda) * distance, -sign * z) +
    expTimesNormalCdf((mu - lambda) * distance, -sign * (z - 2 * lambda * deviation))
  );
}
