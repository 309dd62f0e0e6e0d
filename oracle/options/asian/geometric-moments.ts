import type { Market } from "../terms.ts";

/**
 * Mean and variance of the log of a weighted geometric average of spot at ascending times, Π spot(tᵢ)^wᵢ.
 *
 * Source: Cov(log spot(s), log spot(t)) = σ² min(s, t); Kemna & Vorst (1990), Turnbull & Wakeman (1991).
 */
export function geometricMoments(
  market: Market,
  times: readonly number[],
  weights: readonly number[],
): { logMean: number; logVariance: number } {
  const { spot, rate, dividendYield, volatility } = market;
  const drift = rate - dividendYield - 0.5 * volatility * volatility;
  let logMean = 0;
  let sharedTime = 0;
  let laterWeight = 0;
  for (let i = times.length - 1; i >= 0; i--) {
    const [time, weight] = [times[i] ?? 0, weights[i] ?? 0];
    logMean += weight * (Math.log(spot) + drift * time);
    sharedTime += weight * (weight + 2 * laterWeight) * time;
    laterWeight += weight;
  }
  return { logMean, logVariance: volatility * volatility * sharedTime };
}
