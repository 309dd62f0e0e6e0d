import { normalCdf } from "../normal/normal-cdf.ts";
import { findRoot } from "../rootfinding/find-root.ts";
import type { DiscreteAsianTerms } from "./asian-terms.ts";
import { averagePrice } from "./average-price.ts";
import { checkDiscreteAsian } from "./check-discrete-asian.ts";
import { remainingAverage } from "./remaining-average.ts";

/**
 * Price of an option on the arithmetic average of fixings by conditioning on the geometric one: the option is
 * exercised where E[arithmetic | geometric] is beyond the strike. A lower bound of the true price, and in practice
 * much closer to it than moment matching is.
 *
 * Source: M. Curran, "Valuing Asian and portfolio options by conditioning on the geometric mean price", Management
 * Science 40 (1994) 1705–1711; L. C. G. Rogers & Z. Shi, "The value of an Asian option", J. Applied Probability 32
 * (1995) 1077–1088 for the bound.
 *
 * @throws RangeError if a field is out of its domain
 */
export function curran(terms: DiscreteAsianTerms): number {
  checkDiscreteAsian(terms);
  const { type, rate, dividendYield, spot, volatility, fixingTimes, timeToExpiry } = terms;
  const rest = remainingAverage(terms);
  const discount = Math.exp(-rate * timeToExpiry);
  const count = Math.max(fixingTimes.length, 1);
  const forwards = fixingTimes.map((time) => spot * Math.exp((rate - dividendYield) * time));
  const mean = forwards.reduce((total, forward) => total + forward, 0) / count;
  const covariances = covariancesWithMean(fixingTimes).map((shared) => volatility * volatility * shared);
  const variance = covariances.reduce((total, covariance) => total + covariance, 0) / count;
  if (variance === 0 || rest.strike <= 0) return discount * averagePrice(type, rest, mean, 0);

  // Of a standard normal z that drives the geometric average: log Sᵢ moves by covarianceᵢ/deviation per unit of it.
  const deviation = Math.sqrt(variance);
  const loadings = covariances.map((covariance) => covariance / deviation);
  const conditionalMean = (z: number) =>
    forwards.reduce((total, forward, i) => {
      const loading = loadings[i] ?? 0;
      return total + forward * Math.exp(loading * z - 0.5 * loading * loading);
    }, 0) / count;
  const excess = (z: number) => Math.log(conditionalMean(z) / rest.strike);
  // Only a fixing that is due now can keep the average from falling below the strike whatever happens later.
  const low = -60 - 2 * deviation;
  const threshold = excess(low) >= 0 ? -Infinity : findRoot(excess, low, upperEnd(excess));
  const sign = type === "call" ? 1 : -1;
  const asset = forwards.reduce(
    (total, forward, i) => total + forward * normalCdf(sign * ((loadings[i] ?? 0) - threshold)),
    0,
  );
  const value = asset / count - rest.strike * normalCdf(-sign * threshold);
  return discount * rest.share * Math.max(sign * value, 0);
}

/** The mean over j of min(tᵢ, tⱼ), for each i of ascending times. */
function covariancesWithMean(times: readonly number[]): number[] {
  let earlier = 0;
  return times.map((time, index) => {
    const shared = earlier + time * (times.length - index);
    earlier += time;
    return shared / times.length;
  });
}

/** A point where an increasing function that will be positive is. */
function upperEnd(f: (z: number) => number): number {
  let end = 1;
  while (f(end) <= 0 && end < 1e300) end *= 2;
  return end;
}
