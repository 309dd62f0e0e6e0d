import { checkVanilla } from "../../options/check-vanilla.ts";
import { blackScholesGreeks } from "../../options/european/black-scholes-greeks.ts";
import { blackScholesPrice } from "../../options/european/black-scholes-price.ts";
import { GENERATOR, normalSource } from "../../options/montecarlo/normal-source.ts";
import { normalCdf } from "../../options/normal/normal-cdf.ts";
import type { VanillaTerms } from "../../options/terms.ts";
import type { Study } from "../result.ts";
import { quantiles, rounded, summary } from "./statistics.ts";

/** An option that is sold once and hedged with the underlying, over many paths. */
export interface WriterPnlConfig extends VanillaTerms {
  /** Drift of the underlying per year; the rate less the dividend yield by default. */
  readonly drift?: number;
  /** What the premium is worked out with; `volatility`, that of the path, by default. */
  readonly premiumVolatility?: number;
  /** What the hedge is worked out with; that of the premium by default. */
  readonly hedgeVolatility?: number;
  /** Share of what is bought or sold that trading costs: 0.001 is 10 bp. 0 by default. */
  readonly cost?: number;
  /** How many times to hedge, in equal intervals, the sale included; 0: never. Each divides the largest. */
  readonly hedges: readonly number[];
  readonly paths: number;
  readonly seed: number;
}

/** What became of the writer, at expiry and in units of `spot`, path by path. */
export interface WriterOutcome {
  readonly hedges: number;
  readonly pnl: Float64Array;
  /** Mean of what trading cost. */
  readonly cost: number;
}

/**
 * Profit and loss at expiry of who sells an option at its Black–Scholes price and hedges its delta so many times, under
 * geometric Brownian motion. With the right volatility, no rate and no cost its mean is 0, and its standard deviation falls
 * as 1/√n: about √(π/4) · vega · volatility / √n for an option at the money.
 *
 * All frequencies see the same paths: the finest grid is drawn, the others look at fewer of its points.
 *
 * Sources: P. Boyle & D. Emanuel, "Discretely adjusted option hedges", J. Financial Economics 8 (1980); E. Derman &
 * M. Kamal, "When you cannot hedge continuously: the corrections to Black–Scholes", Goldman Sachs (1999), for √(π/4).
 * @throws RangeError if a field is out of its domain, or a number of hedges does not divide the largest
 */
export function studyWriterPnl(config: WriterPnlConfig): Study {
  const { vega } = blackScholesGreeks(config);
  return {
    name: "writer-pnl",
    title: "Profit and loss of a writer who hedges",
    about: `A ${config.type} struck at ${config.strike} on an underlying at ${config.spot}, ${rounded(config.timeToExpiry, 6)} years to expiry, sold at its Black-Scholes price and hedged so many times; at expiry, in units of the underlying's price. Volatility ${rounded(config.volatility, 6)}${asked(config)}, ${config.paths} paths, seed ${config.seed}, ${GENERATOR}. Expected is √(π/4) · vega · volatility / √n.`,
    columns: [
      { name: "hedges", unit: "" },
      { name: "paths", unit: "" },
      { name: "mean", unit: "price" },
      { name: "standard_error", unit: "price" },
      { name: "deviation", unit: "price" },
      { name: "expected_deviation", unit: "price" },
      { name: "p01", unit: "price" },
      { name: "p05", unit: "price" },
      { name: "p25", unit: "price" },
      { name: "p50", unit: "price" },
      { name: "p75", unit: "price" },
      { name: "p95", unit: "price" },
      { name: "p99", unit: "price" },
      { name: "worst", unit: "price" },
      { name: "mean_cost", unit: "price" },
    ],
    rows: simulateWriter(config).map(({ hedges, pnl, cost }) => {
      const { mean, deviation, least, count } = summary(pnl);
      const expected =
        hedges === 0
          ? null
          : rounded((Math.sqrt(Math.PI / 4) * vega * config.volatility) / Math.sqrt(hedges), 6);
      const shares = quantiles(pnl, [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]);
      return [
        hedges,
        count,
        rounded(mean, 6),
        rounded(deviation / Math.sqrt(count), 6),
        rounded(deviation, 6),
        expected,
        ...[...shares, least, cost].map((value) => rounded(value, 6)),
      ];
    }),
  };
}

/** What differs from the paths' volatility and from trading for nothing, in words. */
function asked({ volatility, premiumVolatility = volatility, hedgeVolatility, cost = 0 }: WriterPnlConfig) {
  return [
    premiumVolatility === volatility ? "" : `, premium by ${rounded(premiumVolatility, 6)}`,
    hedgeVolatility === undefined || hedgeVolatility === premiumVolatility
      ? ""
      : `, hedges by ${rounded(hedgeVolatility, 6)}`,
    cost === 0 ? "" : `, trading costs ${rounded(cost * 10_000, 4)} bp`,
  ].join("");
}

/** The outcomes of each number of hedges, in the order in which they were asked for. */
export function simulateWriter(config: WriterPnlConfig): readonly WriterOutcome[] {
  check(config);
  const { type, spot, strike, rate, dividendYield, volatility, timeToExpiry, paths } = config;
  const { drift = rate - dividendYield, premiumVolatility = volatility, cost = 0 } = config;
  const { hedgeVolatility = premiumVolatility } = config;
  const premium = blackScholesPrice({ ...config, volatility: premiumVolatility });
  const steps = Math.max(1, ...config.hedges);
  const dt = timeToExpiry / steps;
  const [trend, noise] = [(drift - 0.5 * volatility ** 2) * dt, volatility * Math.sqrt(dt)];
  const draw = normalSource(config.seed);
  const sign = type === "call" ? 1 : -1;
  const outcomes = config.hedges.map((hedges) => ({ hedges, pnl: new Float64Array(paths), costs: 0 }));
  const path = new Float64Array(steps + 1);
  for (let p = 0; p < paths; p++) {
    path[0] = spot;
    let level = 0;
    for (let i = 1; i <= steps; i++) {
      level += trend + noise * draw();
      path[i] = spot * Math.exp(level);
    }
    const end = path[steps] ?? 0;
    const payoff = Math.max(sign * (end - strike), 0);
    for (const outcome of outcomes) {
      const { hedges } = outcome;
      const every = hedges === 0 ? steps : steps / hedges;
      const interval = every * dt;
      const [growth, dividends] = [Math.exp(rate * interval), Math.expm1(dividendYield * interval)];
      let [cash, held, paid] = [premium, 0, 0];
      const trade = (target: number, price: number): void => {
        const fee = cost * Math.abs(target - held) * price;
        cash -= (target - held) * price + fee;
        paid += fee;
        held = target;
      };
      for (let i = 0; i < steps; i += every) {
        const price = path[i] ?? 0;
        if (hedges > 0) trade(delta(config, hedgeVolatility, price, timeToExpiry - i * dt), price);
        cash = cash * growth + held * dividends * (path[i + every] ?? 0);
      }
      trade(0, end);
      outcome.pnl[p] = cash - payoff;
      outcome.costs += paid;
    }
  }
  return outcomes.map(({ hedges, pnl, costs }) => ({ hedges, pnl, cost: costs / paths }));
}

/** Units of the underlying that offset one option; `blackScholesGreeks` without the others, for it is asked a million times. */
export function delta(terms: VanillaTerms, volatility: number, spot: number, time: number): number {
  const sign = terms.type === "call" ? 1 : -1;
  const total = volatility * Math.sqrt(time);
  const forward = Math.log(spot / terms.strike) + (terms.rate - terms.dividendYield) * time;
  return sign * Math.exp(-terms.dividendYield * time) * normalCdf(sign * (forward / total + total / 2));
}

function check(config: WriterPnlConfig): void {
  checkVanilla(config);
  const { hedges, paths, volatility, timeToExpiry, premiumVolatility, hedgeVolatility, cost = 0 } = config;
  for (const [name, value] of Object.entries({
    volatility,
    timeToExpiry,
    premiumVolatility,
    hedgeVolatility,
  })) {
    if (value !== undefined && !(value > 0 && value < Infinity)) {
      throw new RangeError(`${name} must be above 0 and finite to hedge with, got ${value}`);
    }
  }
  if (!(cost >= 0 && cost < 1)) throw new RangeError(`cost must be a share from 0 to 1, got ${cost}`);
  if (!Number.isSafeInteger(paths) || paths < 2) {
    throw new RangeError(`paths must be a whole number of 2 or more, got ${paths}`);
  }
  const most = Math.max(1, ...hedges);
  for (const count of hedges) {
    if (!Number.isSafeInteger(count) || count < 0 || (count > 0 && most % count !== 0)) {
      throw new RangeError(`hedges must be whole numbers that divide the largest, ${most}; got ${count}`);
    }
  }
}
