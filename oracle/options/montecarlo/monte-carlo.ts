import { checkMarket } from "../check-market.ts";
import { checkNumber } from "../check-number.ts";
import type { Market } from "../terms.ts";
import { GENERATOR, normalSource } from "./normal-source.ts";

export interface MonteCarloProblem extends Market {
  /** Years from now at which the payoff looks at spot, ascending, 0 or more. */
  times: readonly number[];
  /** Years to payment. */
  timeToExpiry: number;
  /** What is paid, given spot at each of `times`. The array is reused: do not keep it. */
  payoff: (path: Float64Array) => number;
  /** Something like the payoff whose undiscounted expectation is known. */
  control?: { payoff: (path: Float64Array) => number; mean: number };
}

export interface MonteCarloSettings {
  /** Paths in all, an even number of 6 or more: half of them mirror the other half. */
  paths: number;
  /** The same seed gives the same result, to the bit. */
  seed: number;
}

export interface MonteCarloEstimate {
  price: number;
  /** One standard deviation of `price`. */
  standardError: number;
  paths: number;
  seed: number;
  generator: string;
  /** What was taken off the variance: always mirrored paths, and the control variate where one was given. */
  varianceReduction: "antithetic" | "antithetic, control variate";
}

/**
 * Price of any payoff on a path of spot under geometric Brownian motion: exact in distribution at `times`, whatever
 * their spacing. Each path is averaged with its mirror image; the control's coefficient is the regression of these
 * averages, whose bias is of order 1/paths.
 *
 * Source: P. Boyle (1977); P. Glasserman, "Monte Carlo methods in financial engineering" (2003), 3.2.1, 4.1 and 4.2.
 *
 * @throws RangeError if a field is out of its domain or times do not ascend
 */
export function monteCarlo(problem: MonteCarloProblem, settings: MonteCarloSettings): MonteCarloEstimate {
  checkMarket(problem);
  checkNumber("timeToExpiry", problem.timeToExpiry, "not negative");
  const { spot, rate, dividendYield, volatility, times, timeToExpiry, payoff, control } = problem;
  const { paths, seed } = settings;
  if (!Number.isSafeInteger(paths) || paths < 6 || paths % 2 !== 0) {
    throw new RangeError(`paths must be an even number of 6 or more, got ${paths}.`);
  }
  const drift = rate - dividendYield - 0.5 * volatility * volatility;
  const steps = Float64Array.from(times, (time, index) => time - (times[index - 1] ?? 0));
  if (steps.some((step) => !(step >= 0 && step < Infinity))) {
    throw new RangeError(`times must ascend from 0, got ${times.join(", ")}.`);
  }
  const drifts = steps.map((step) => drift * step);
  const deviations = steps.map((step) => volatility * Math.sqrt(step));

  const draw = normalSource(seed);
  const path = new Float64Array(times.length);
  const mirror = new Float64Array(times.length);
  const pairs = paths / 2;
  // Welford's running moments: of the payoff (y), the control (x), and both.
  let [meanY, meanX, squaresY, squaresX, products] = [0, 0, 0, 0, 0];
  for (let pair = 1; pair <= pairs; pair++) {
    let [level, mirrored] = [0, 0];
    for (let index = 0; index < steps.length; index++) {
      const deviation = deviations[index] ?? 0;
      const shock = deviation === 0 ? 0 : deviation * draw();
      level += (drifts[index] ?? 0) + shock;
      mirrored += (drifts[index] ?? 0) - shock;
      path[index] = spot * Math.exp(level);
      mirror[index] = spot * Math.exp(mirrored);
    }
    const y = 0.5 * (payoff(path) + payoff(mirror));
    const x = control === undefined ? 0 : 0.5 * (control.payoff(path) + control.payoff(mirror));
    const [fromMeanY, fromMeanX] = [y - meanY, x - meanX];
    meanY += fromMeanY / pair;
    meanX += fromMeanX / pair;
    squaresY += fromMeanY * (y - meanY);
    squaresX += fromMeanX * (x - meanX);
    products += fromMeanX * (y - meanY);
  }
  const coefficient = control === undefined || squaresX === 0 ? 0 : products / squaresX;
  const residual = Math.max(squaresY - coefficient * products, 0);
  const discount = Math.exp(-rate * timeToExpiry);
  return {
    price: discount * (meanY - coefficient * (meanX - (control?.mean ?? 0))),
    standardError: discount * Math.sqrt(residual / (pairs - (control === undefined ? 1 : 2)) / pairs),
    paths,
    seed,
    generator: GENERATOR,
    varianceReduction: control === undefined ? "antithetic" : "antithetic, control variate",
  };
}
