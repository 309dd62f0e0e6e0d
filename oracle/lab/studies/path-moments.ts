import type { PathPoint, Study } from "../result.ts";
import { realisedVolatility } from "./realised-volatility.ts";
import { quantiles, rounded } from "./statistics.ts";

/** Fewer returns say nothing of a share or a correlation. */
const FEWEST = 30;

/**
 * What a path is like, whether it was drawn or recorded: the moments of its log returns, how much of their variance came in
 * jumps, and how much one return, or its size, says of the next.
 *
 * Returns are those of the usual step: none reaches across a gap.
 *
 * Source: O. Barndorff-Nielsen & N. Shephard, "Power and bipower variation with stochastic volatility and jumps", J. Financial
 * Econometrics 2 (2004), for the share of jumps: what realised variance has beyond π/2 · Σ|rᵢ||rᵢ₋₁|, which single jumps
 * hardly touch.
 * @throws RangeError where there are too few returns, or they are all alike
 */
export function studyPath(path: readonly PathPoint[]): Study {
  const steps = path.slice(1).map(({ time }, i) => time - (path[i]?.time ?? 0));
  const [usual = 0] = steps.length === 0 ? [] : quantiles(steps, [0.5]);
  /** By the place of the later price; none across a gap. */
  const returns = new Map<number, number>();
  for (const [i, step] of steps.entries())
    if (step === usual) returns.set(i, Math.log(Number(path[i + 1]?.price) / Number(path[i]?.price)));
  const values = [...returns.values()];
  if (values.length < FEWEST)
    throw new RangeError(`the moments of a path need ${FEWEST} returns of one step, not ${values.length}`);
  const volatility = realisedVolatility(path);
  const mean = meanOf(values);
  const central = (power: number) => meanOf(values.map((value) => (value - mean) ** power));
  const variance = central(2);
  if (!(variance > 0)) throw new RangeError("the moments of a path need prices that move");
  const neighbours = (of: (value: number) => number): [number, number][] =>
    [...returns].flatMap(([i, value]) => {
      const before = returns.get(i - 1);
      return before === undefined ? [] : [[of(before), of(value)]];
    });
  const bipower = (Math.PI / 2) * meanOf(neighbours(Math.abs).map(([before, value]) => before * value));
  const realised = meanOf(values.map((value) => value * value));
  return {
    name: "path",
    title: "What the path is like",
    about:
      "Moments of the log returns from price to price; the part of their variance that came in jumps, by bipower variation; and the correlation of each return, and of its square, with the next. Within two standard errors of 0 a correlation is none.",
    columns: [
      { name: "returns", unit: "" },
      { name: "step", unit: "s" },
      { name: "volatility", unit: "a year" },
      { name: "skewness", unit: "" },
      { name: "excess_kurtosis", unit: "" },
      { name: "jump_share", unit: "%" },
      { name: "autocorrelation", unit: "" },
      { name: "of_squares", unit: "" },
      { name: "standard_error", unit: "" },
    ],
    rows: [
      [
        values.length,
        usual,
        rounded(volatility, 4),
        rounded(central(3) / variance ** 1.5, 4),
        rounded(central(4) / variance ** 2 - 3, 4),
        rounded(Math.max(0, 1 - bipower / realised) * 100, 2),
        rounded(correlation(neighbours((value) => value)), 4),
        rounded(correlation(neighbours((value) => value * value)), 4),
        rounded(1 / Math.sqrt(values.length), 4),
      ],
    ],
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of pairs; 0 where one side does not vary. */
function correlation(pairs: readonly (readonly [number, number])[]): number {
  const [a, b] = [meanOf(pairs.map(([one]) => one)), meanOf(pairs.map(([, other]) => other))];
  const spread = (of: (pair: readonly [number, number]) => number) =>
    pairs.reduce((sum, pair) => sum + of(pair), 0);
  const [aa, bb] = [spread(([x]) => (x - a) ** 2), spread(([, y]) => (y - b) ** 2)];
  return aa * bb > 0 ? spread(([x, y]) => (x - a) * (y - b)) / Math.sqrt(aa * bb) : 0;
}
