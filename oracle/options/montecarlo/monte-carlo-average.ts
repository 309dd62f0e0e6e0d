import { averagePrice } from "../asian/average-price.ts";
import { geometricMoments } from "../asian/geometric-moments.ts";
import type { RemainingAverage } from "../asian/remaining-average.ts";
import { blackPrice } from "../european/black-price.ts";
import type { Market, OptionType } from "../terms.ts";
import { monteCarlo, type MonteCarloEstimate, type MonteCarloSettings } from "./monte-carlo.ts";

/** An option on a weighted arithmetic average of spot at ascending times. */
export interface WeightedAverage extends Market {
  type: OptionType;
  rest: RemainingAverage;
  times: readonly number[];
  /** Adding up to 1. */
  weights: readonly number[];
  timeToExpiry: number;
}

/**
 * Price by Monte Carlo, with the option on the geometric average with the same weights as control variate.
 *
 * Source: A. Kemna & A. Vorst (1990), who introduced this control.
 */
export function monteCarloAverage(
  average: WeightedAverage,
  settings: MonteCarloSettings,
): MonteCarloEstimate {
  const { type, rest, times, weights, rate, dividendYield } = average;
  const sign = type === "call" ? 1 : -1;
  const { logMean, logVariance } = geometricMoments(average, times, weights);
  const decided = rest.share === 0 || rest.strike <= 0;
  const estimate = monteCarlo(
    {
      ...average,
      payoff: (path) => {
        let sum = 0;
        for (let index = 0; index < path.length; index++) sum += (weights[index] ?? 0) * (path[index] ?? 0);
        return rest.share * Math.max(sign * (sum - rest.strike), 0);
      },
      control: {
        payoff: (path) => {
          let sum = 0;
          for (let index = 0; index < path.length; index++)
            sum += (weights[index] ?? 0) * Math.log(path[index] ?? 0);
          return Math.max(sign * (Math.exp(sum) - rest.strike), 0);
        },
        mean: decided
          ? 0
          : blackPrice(type, Math.exp(logMean + 0.5 * logVariance), rest.strike, Math.sqrt(logVariance)),
      },
    },
    settings,
  );
  if (!decided) return estimate;
  // The known part of the average has settled on which side it ends: the price is exact.
  const mean = weights.reduce(
    (sum, weight, i) => sum + weight * average.spot * Math.exp((rate - dividendYield) * (times[i] ?? 0)),
    0,
  );
  const price = Math.exp(-rate * average.timeToExpiry) * averagePrice(type, rest, mean, 0);
  return { ...estimate, price, standardError: 0 };
}
