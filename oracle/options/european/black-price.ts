import type { OptionType } from "../terms.ts";
import { normalisedBlack } from "./normalised-black.ts";

/**
 * E[max(±(X − strike), 0)] for a lognormal X with mean `forward` > 0 and log standard deviation `totalVolatility`,
 * `strike` > 0. Discount both arguments, and the result is discounted.
 *
 * The time value is computed from the out-of-the-money side and the intrinsic value added to it.
 *
 * Source: F. Black, "The pricing of commodity contracts", J. Financial Economics 3 (1976) 167–179.
 */
export function blackPrice(
  type: OptionType,
  forward: number,
  strike: number,
  totalVolatility: number,
): number {
  const intrinsic = Math.max(type === "call" ? forward - strike : strike - forward, 0);
  if (totalVolatility === 0) return intrinsic;
  const logMoneyness = -Math.abs(Math.log(forward / strike));
  return intrinsic + Math.sqrt(forward) * Math.sqrt(strike) * normalisedBlack(logMoneyness, totalVolatility);
}
