import { YEAR } from "../paths/synthetic-path.ts";
import type { PathPoint } from "../result.ts";

/**
 * The volatility that a path had: of its log returns, a year. Their squares are added up and divided by the time that they
 * took, gaps included; their mean counts as 0.
 * @throws RangeError where there are no two prices above zero
 */
export function realisedVolatility(path: readonly PathPoint[]): number {
  const [first, last] = [path[0], path.at(-1)];
  const years = ((last?.time ?? 0) - (first?.time ?? 0)) / YEAR;
  if (!(years > 0) || path.some(({ price }) => price <= 0n))
    throw new RangeError("a realised volatility needs two prices, and all of them above zero");
  let sum = 0;
  for (let i = 1; i < path.length; i++)
    sum += Math.log(Number(path[i]?.price) / Number(path[i - 1]?.price)) ** 2;
  return Math.sqrt(sum / years);
}
