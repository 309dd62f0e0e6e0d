import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

import { checkVanilla } from "../../options/check-vanilla.ts";
import { blackScholesPrice } from "../../options/european/black-scholes-price.ts";
import { GENERATOR, normalSource } from "../../options/montecarlo/normal-source.ts";
import type { VanillaTerms } from "../../options/terms.ts";
import type { Study } from "../result.ts";
import { quantiles, rounded, summary } from "./statistics.ts";

/** A call or put with a bound that is covered in part only, over many paths with jumps. */
export interface CollateralTimeConfig extends VanillaTerms {
  /** Where the payout grows no more, in units of `spot`: above the strike of a call, from 0 below that of a put. */
  readonly bound: number;
  /** Jumps per year (Merton); 0: none. */
  readonly jumpsPerYear?: number;
  /** Mean and standard deviation of a jump's log. */
  readonly jumpMean?: number;
  readonly jumpDeviation?: number;
  /** Shares of the full collateral: 1 is what the contracts ask for. */
  readonly shares: readonly number[];
  /** Marks to market from sale to expiry. */
  readonly steps: number;
  readonly paths: number;
  readonly seed: number;
}

/**
 * When a writer who locked a part only is insolvent, and what is missing at expiry.
 *
 * He is insolvent at the first mark at which the option, at its Black–Scholes price (a spread: the difference of two), is
 * worth more than what he locked; nobody tops up. With all of the collateral that never happens, as no option is worth
 * more than the most it can pay.
 *
 * Source of the paths: R. Merton, "Option pricing when underlying stock returns are discontinuous", J. Financial Economics
 * 3 (1976); the drift is such that the price's mean stays what it is without jumps.
 * @throws RangeError if a field is out of its domain
 */
export function studyCollateralTime(config: CollateralTimeConfig): Study {
  check(config);
  const { type, strike, bound, timeToExpiry, shares, steps, paths } = config;
  const full = Math.abs(bound - strike);
  const short = bound === 0 ? null : { ...config, strike: bound };
  const dt = timeToExpiry / steps;
  const walk = walker(config, dt);
  const times = shares.map((): number[] => []);
  const missing = shares.map(() => new Float64Array(paths));
  for (let p = 0; p < paths; p++) {
    const next = walk();
    const solvent = shares.map(() => true);
    let worth = 0;
    for (let i = 1; i <= steps; i++) {
      const spot = next();
      const left = Math.max(timeToExpiry - i * dt, 0);
      const at = { spot, timeToExpiry: i === steps ? 0 : left };
      worth =
        blackScholesPrice({ ...config, ...at }) -
        (short === null ? 0 : blackScholesPrice({ ...short, ...at }));
      shares.forEach((share, s) => {
        if (solvent[s] === true && worth > share * full * (1 + 1e-12)) {
          solvent[s] = false;
          times[s]?.push(i * dt);
        }
      });
    }
    const payoff = Math.min(worth, full); // rounding aside they are the same
    shares.forEach((share, s) => {
      const row = missing[s];
      if (row !== undefined) row[p] = Math.max(payoff - share * full, 0);
    });
  }
  return {
    name: "collateral-time",
    title: "Time to insolvency of a writer who is covered in part",
    about: `A ${type} struck at ${strike}, paid up to ${bound}, on an underlying at ${config.spot}; insolvent at the first of ${steps} marks at which it is worth more than what was locked. Volatility ${config.volatility}, ${config.jumpsPerYear ?? 0} jumps a year, ${paths} paths, seed ${config.seed}, ${GENERATOR}. Shortfall at expiry in percent of the full collateral.`,
    columns: [
      { name: "locked_share", unit: "%" },
      { name: "paths", unit: "" },
      { name: "insolvent", unit: "%" },
      { name: "time_p05", unit: "days" },
      { name: "time_p50", unit: "days" },
      { name: "time_p95", unit: "days" },
      { name: "mean_shortfall", unit: "%" },
      { name: "p95_shortfall", unit: "%" },
      { name: "max_shortfall", unit: "%" },
    ],
    rows: shares.map((share, s) => {
      const hit = times[s] ?? [];
      const short = missing[s] ?? new Float64Array(1);
      const days =
        hit.length === 0
          ? [null, null, null]
          : quantiles(hit, [0.05, 0.5, 0.95]).map((years) => rounded(years * 365, 4));
      const { mean, most } = summary(short);
      const shortfalls = [mean, quantiles(short, [0.95])[0] ?? 0, most];
      return [
        rounded(share * 100, 4),
        paths,
        rounded((hit.length / paths) * 100, 4),
        ...days,
        ...shortfalls.map((value) => rounded((value / full) * 100, 4)),
      ];
    }),
  };
}

/** Begins a path with each call; a path answers its price a step later with each call. */
function walker(config: CollateralTimeConfig, dt: number): () => () => number {
  const { spot, rate, dividendYield, volatility, seed } = config;
  const { jumpsPerYear = 0, jumpMean = 0, jumpDeviation = 0 } = config;
  const growth = Math.exp(jumpMean + 0.5 * jumpDeviation ** 2) - 1;
  const trend = (rate - dividendYield - 0.5 * volatility ** 2 - jumpsPerYear * growth) * dt;
  const noise = volatility * Math.sqrt(dt);
  const draw = normalSource(seed);
  const chance = xoroshiro128plus(seed);
  chance.jump();
  chance.jump(); // `normalSource` has the stream after the first jump
  const none = Math.exp(-jumpsPerYear * dt);
  return () => {
    let level = 0;
    return () => {
      level += trend + noise * draw();
      if (jumpsPerYear > 0) {
        // As many jumps as uniform numbers whose product stays above e^-λ (Knuth): a Poisson number.
        for (let product = uniformFloat64(chance); product > none; product *= uniformFloat64(chance)) {
          level += jumpMean + jumpDeviation * draw();
        }
      }
      return spot * Math.exp(level);
    };
  };
}

function check(config: CollateralTimeConfig): void {
  checkVanilla(config);
  const { type, strike, bound, shares, steps, paths, jumpsPerYear = 0, jumpDeviation = 0 } = config;
  if (type === "call" ? !(bound > strike && bound < Infinity) : !(bound >= 0 && bound < strike)) {
    throw new RangeError(`a ${type} struck at ${strike} cannot be paid up to ${bound}`);
  }
  for (const [name, value] of Object.entries({ steps, paths })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number of 1 or more, got ${value}`);
    }
  }
  for (const [name, value] of Object.entries({ jumpsPerYear, jumpDeviation })) {
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`${name} must be 0 or more, got ${value}`);
  }
  for (const share of shares) {
    if (!(share >= 0)) throw new RangeError(`a share of the collateral is 0 or more, got ${share}`);
  }
}
