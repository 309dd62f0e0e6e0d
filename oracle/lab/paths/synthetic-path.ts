import { seedOf } from "../../market/simulated/random.ts";
import { normalSource } from "../../options/montecarlo/normal-source.ts";
import { uniformSource } from "./uniform-source.ts";

/** Seconds of a year: of 365 days, as a market that never closes counts. */
export const YEAR = 365 * 86_400;

/** Geometric Brownian motion. All rates are a year's. */
export interface Gbm {
  readonly kind: "gbm";
  readonly volatility: number;
  readonly drift: number;
}

/** Geometric Brownian motion with normal jumps at the times of a Poisson process. */
export interface Merton {
  readonly kind: "merton";
  readonly volatility: number;
  readonly drift: number;
  readonly jumps: number;
  readonly jumpMean: number;
  readonly jumpDeviation: number;
}

/** A variance that wanders about its long mean, and moves against the price. */
export interface Heston {
  readonly kind: "heston";
  readonly drift: number;
  readonly variance: number;
  readonly longVariance: number;
  readonly reversion: number;
  readonly volOfVol: number;
  readonly correlation: number;
}

export type Process = Gbm | Merton | Heston;

/**
 * Log returns of a process, step by step: the same for the same seed. `drift` is that of the expected price: E S(t) =
 * S(0) e^(drift t), jumps included.
 *
 * Sources: R. C. Merton, "Option pricing when underlying stock returns are discontinuous", J. Fin. Econ. 3 (1976);
 * S. L. Heston, Rev. Fin. Stud. 6 (1993), by the full truncation scheme of R. Lord, R. Koekkoek & D. van Dijk, Quant.
 * Finance 10 (2010).
 * @param step seconds
 */
export function* logReturns(process: Process, seed: number, step: number): Generator<number, never> {
  const dt = step / YEAR;
  const normal = normalSource(seedOf(seed, `${process.kind} diffusion`));
  switch (process.kind) {
    case "gbm": {
      const { volatility, drift } = process;
      for (;;) yield (drift - volatility ** 2 / 2) * dt + volatility * Math.sqrt(dt) * normal();
    }
    // falls through: the loop above never ends
    case "merton": {
      const { volatility, drift, jumps, jumpMean, jumpDeviation } = process;
      const uniform = uniformSource(seed, "jump times");
      const jumpNormal = normalSource(seedOf(seed, "jump sizes"));
      const expected = Math.exp(jumpMean + jumpDeviation ** 2 / 2) - 1;
      for (;;) {
        let jump = 0;
        for (let n = poisson(jumps * dt, uniform); n > 0; n--)
          jump += jumpMean + jumpDeviation * jumpNormal();
        const diffusion = (drift - jumps * expected - volatility ** 2 / 2) * dt;
        yield diffusion + volatility * Math.sqrt(dt) * normal() + jump;
      }
    }
    // falls through: the loop above never ends
    case "heston": {
      const { drift, longVariance, reversion, volOfVol, correlation } = process;
      const varianceNormal = normalSource(seedOf(seed, "variance"));
      let { variance } = process;
      for (;;) {
        const own = varianceNormal();
        const together = correlation * own + Math.sqrt(1 - correlation ** 2) * normal();
        const v = Math.max(0, variance);
        yield (drift - v / 2) * dt + Math.sqrt(v * dt) * together;
        variance += reversion * (longVariance - v) * dt + volOfVol * Math.sqrt(v * dt) * own;
      }
    }
  }
}

/** How many events there are in an interval in which `mean` are expected: by the product of even numbers (D. Knuth). */
function poisson(mean: number, uniform: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = uniform(); product > limit; product *= uniform()) count++;
  return count;
}
