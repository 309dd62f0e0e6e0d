import { expTimesNormalCdf } from "../normal/exp-times-normal-cdf.ts";

/**
 * e^(x/2) − b(x, s): how far `normalisedBlack` is below its supremum, as a sum of positive terms, so that it keeps
 * its relative accuracy where b is all but at that bound.
 *
 * Source: P. Jäckel, "Let's be rational", Wilmott (2015) 40–53.
 */
export function normalisedBlackComplement(x: number, s: number): number {
  const h = x / s;
  const t = s / 2;
  return expTimesNormalCdf(x / 2, -h - t) + expTimesNormalCdf(-x / 2, h - t);
}
