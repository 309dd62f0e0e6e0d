import { blackPrice } from "../european/black-price.ts";
import type { OptionType } from "../terms.ts";
import type { RemainingAverage } from "./remaining-average.ts";

/**
 * Undiscounted price of an option on a partly known average whose rest is taken as lognormal with this mean and log
 * variance. Where the known part has decided the outcome, this needs no distribution and is exact.
 */
export function averagePrice(
  type: OptionType,
  rest: RemainingAverage,
  mean: number,
  logVariance: number,
): number {
  const { share, strike } = rest;
  if (share === 0) return Math.max(type === "call" ? -strike : strike, 0);
  if (strike <= 0) return type === "call" ? share * (mean - strike) : 0;
  return share * blackPrice(type, mean, strike, Math.sqrt(logVariance));
}
