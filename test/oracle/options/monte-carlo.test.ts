import { expect } from "chai";
import { readFileSync } from "node:fs";

import { geometricDiscreteAsian } from "../../../oracle/options/asian/geometric-discrete-asian.ts";
import { geometricMoments } from "../../../oracle/options/asian/geometric-moments.ts";
import { kemnaVorst } from "../../../oracle/options/asian/kemna-vorst.ts";
import { vecerContinuous } from "../../../oracle/options/asian/vecer-continuous.ts";
import { vecerDiscrete } from "../../../oracle/options/asian/vecer-discrete.ts";
import { blackScholesPrice } from "../../../oracle/options/european/black-scholes-price.ts";
import { monteCarloContinuousAsian } from "../../../oracle/options/montecarlo/monte-carlo-continuous-asian.ts";
import { monteCarloDiscreteAsian } from "../../../oracle/options/montecarlo/monte-carlo-discrete-asian.ts";
import { monteCarlo, type MonteCarloEstimate } from "../../../oracle/options/montecarlo/monte-carlo.ts";
import { GENERATOR, normalSource } from "../../../oracle/options/montecarlo/normal-source.ts";
import { continuousAsianOf, discreteAsianOf, optionVectors, vanillaOf } from "./option-vectors.ts";

const MARKET = { spot: 100, rate: 0.03, dividendYield: 0.01, volatility: 0.4 };
const SETTINGS = { paths: 100_000, seed: 20_190_614 };

describe("Monte Carlo", function () {
  this.timeout(300_000);

  it("is within 3 standard errors of every published Asian option, by 100,000 paths", function () {
    const vectors = optionVectors(this).filter(({ family }) => family.startsWith("asian_"));
    expect(vectors).to.have.length(36);
    for (const vector of vectors) {
      let estimate: MonteCarloEstimate;
      // What the estimate estimates. Where an approximation was published (Levy, Turnbull–Wakeman) or a coarser
      // simulation, it is further from that than the standard error, and `vectors.test.ts` says how far.
      let exact: number;
      if (vector.family === "asian_geo_continuous" || vector.family === "asian_geo_discrete") {
        const discrete = vector.family === "asian_geo_discrete" ? discreteAsianOf(vector) : undefined;
        const terms = discrete ?? vanillaOf(vector);
        const steps = 100;
        const times =
          discrete?.fixingTimes ??
          Array.from({ length: steps }, (_, i) => ((i + 0.5) * terms.timeToExpiry) / steps);
        const sign = terms.type === "call" ? 1 : -1;
        const average = (path: Float64Array) => {
          let logs = 0;
          for (const price of path) logs += Math.log(price);
          return Math.exp(logs / path.length);
        };
        estimate = monteCarlo(
          { ...terms, times, payoff: (path) => Math.max(sign * (average(path) - terms.strike), 0) },
          SETTINGS,
        );
        exact = discrete === undefined ? kemnaVorst(terms) : geometricDiscreteAsian(discrete);
      } else if (vector.family.startsWith("asian_arith_continuous")) {
        const terms = continuousAsianOf(vector);
        estimate = monteCarloContinuousAsian(terms, { ...SETTINGS, steps: 50 });
        exact = vecerContinuous(terms);
      } else {
        const terms = discreteAsianOf(vector);
        estimate = monteCarloDiscreteAsian(terms, SETTINGS);
        exact = vecerDiscrete(terms);
      }
      const allowed = 3 * estimate.standardError;
      expect(Math.abs(estimate.price - exact), vector.id).to.be.at.most(allowed);
      // The published approximations miss the truth by up to 0.035; nothing published by more.
      expect(Math.abs(estimate.price - vector.expected), vector.id).to.be.at.most(
        allowed + Math.max(vector.tolerance, 0.035),
      );
    }
  });

  it("is the same to the bit for the same seed, and another for another", () => {
    const terms = {
      ...MARKET,
      type: "call",
      strike: 105,
      fixingTimes: [0.25, 0.5],
      timeToExpiry: 0.5,
    } as const;
    const run = (seed: number) => monteCarloDiscreteAsian(terms, { paths: 1000, seed });
    expect(run(7)).to.deep.equal(run(7));
    expect(run(7).price).to.not.equal(run(8).price);
    expect(run(7)).to.include({
      paths: 1000,
      seed: 7,
      generator: GENERATOR,
      varianceReduction: "antithetic, control variate",
    });
  });

  it("names the generator that package.json pins", () => {
    const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
      dependencies: Record<string, string>;
    };
    expect(GENERATOR).to.include(`pure-rand ${dependencies["pure-rand"]},`);
  });

  it("draws normal numbers: moments, and no likeness between neighbouring seeds", () => {
    const count = 100_000;
    const draws = [1, 2].map((seed) => {
      const draw = normalSource(seed);
      return Array.from({ length: count }, () => draw());
    });
    const mean = (f: (i: number) => number) =>
      Array.from({ length: count }, (_, i) => f(i)).reduce((a, b) => a + b, 0) / count;
    const [first, second] = draws as [number[], number[]];
    const error = 4 / Math.sqrt(count);
    expect(mean((i) => first[i]!)).to.be.closeTo(0, error);
    expect(mean((i) => first[i]! ** 2)).to.be.closeTo(1, error * Math.sqrt(2));
    expect(mean((i) => first[i]! ** 4)).to.be.closeTo(3, error * Math.sqrt(96));
    expect(mean((i) => first[i]! * second[i]!)).to.be.closeTo(0, error);
    expect(mean((i) => first[i]! * (first[i + 1] ?? 0))).to.be.closeTo(0, error);
    expect(Math.abs(first[0]! - second[0]!)).to.be.above(0.01);
  });

  it("prices any payoff: a European option within 3 standard errors, and the forward exactly enough", () => {
    const terms = { ...MARKET, type: "put", strike: 95, timeToExpiry: 2 } as const;
    const put = (path: Float64Array) => Math.max(95 - path[0]!, 0);
    const estimate = monteCarlo({ ...terms, times: [2], payoff: put }, SETTINGS);
    expect(Math.abs(estimate.price - blackScholesPrice(terms))).to.be.at.most(3 * estimate.standardError);
    expect(estimate.varianceReduction).to.equal("antithetic");
    const forward = monteCarlo({ ...terms, times: [1, 2], payoff: (path) => path[1]! }, SETTINGS);
    expect(Math.abs(forward.price - 100 * Math.exp(-0.02))).to.be.at.most(3 * forward.standardError);
  });

  it("a control variate with a known mean takes most of the error off, and a perfect one all of it", () => {
    const times = [0.5, 1];
    const payoff = (path: Float64Array) => Math.max(path[1]! - 100, 0);
    const problem = { ...MARKET, times, timeToExpiry: 1, payoff };
    const plain = monteCarlo(problem, SETTINGS);
    const mean = 100 * Math.exp(0.02);
    const helped = monteCarlo({ ...problem, control: { payoff: (path) => path[1]!, mean } }, SETTINGS);
    expect(helped.standardError).to.be.below(0.8 * plain.standardError);
    const exact = blackScholesPrice({ ...MARKET, type: "call", strike: 100, timeToExpiry: 1 });
    expect(Math.abs(helped.price - exact)).to.be.at.most(3 * helped.standardError);
    const known = { payoff, mean: exact * Math.exp(0.03) };
    const perfect = monteCarlo({ ...problem, control: known }, { paths: 100, seed: 1 });
    expect(perfect.price).to.be.closeTo(exact, 1e-10);
    expect(perfect.standardError).to.be.below(1e-6);
  });

  it("the standard error is what it says: of 200 estimates, 95 % lie within two of it", () => {
    const terms = { ...MARKET, type: "call", strike: 100, timeToExpiry: 1 } as const;
    const exact = blackScholesPrice(terms);
    let inside = 0;
    for (let seed = 0; seed < 200; seed++) {
      const payoff = (path: Float64Array) => Math.max(path[0]! - 100, 0);
      const { price, standardError } = monteCarlo({ ...terms, times: [1], payoff }, { paths: 1000, seed });
      if (Math.abs(price - exact) <= 2 * standardError) inside++;
    }
    expect(inside).to.be.within(182, 199);
  });

  it("an average that is already decided has no error", () => {
    const terms = { ...MARKET, type: "call", strike: 100, fixingTimes: [0.5], timeToExpiry: 0.5 } as const;
    const estimate = monteCarloDiscreteAsian({ ...terms, pastFixings: [300] }, { paths: 100, seed: 1 });
    expect(estimate.standardError).to.equal(0);
    const linear = Math.exp(-0.015) * (150 + 50 * Math.exp(0.01) - 100);
    expect(estimate.price).to.be.closeTo(linear, 1e-10);
  });

  it("moments of a weighted geometric average are those of its logs", () => {
    const { logMean, logVariance } = geometricMoments(MARKET, [0.5, 1], [0.25, 0.75]);
    const drift = 0.02 - 0.08;
    expect(logMean).to.be.closeTo(Math.log(100) + drift * 0.875, 1e-14);
    expect(logVariance).to.be.closeTo(0.16 * (0.0625 * 0.5 + 2 * 0.1875 * 0.5 + 0.5625), 1e-14);
  });

  it("refuses settings that mean nothing", () => {
    const problem = { ...MARKET, times: [1], timeToExpiry: 1, payoff: () => 1 };
    for (const paths of [5, 4, 7, 0, NaN, 10.5]) {
      expect(() => monteCarlo(problem, { paths, seed: 1 })).to.throw(
        RangeError,
        `even number of 6 or more, got ${paths}`,
      );
    }
    for (const seed of [0.5, NaN, 2 ** 32, -(2 ** 31) - 1]) {
      expect(() => monteCarlo(problem, { paths: 10, seed })).to.throw(RangeError, `got ${seed}`);
    }
    expect(() => monteCarlo({ ...problem, times: [1, 0.5] }, SETTINGS)).to.throw(
      RangeError,
      "times must ascend from 0, got 1, 0.5",
    );
  });
});
