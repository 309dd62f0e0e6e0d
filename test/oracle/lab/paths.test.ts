import { expect } from "chai";

import { blockBootstrap } from "../../../oracle/lab/paths/block-bootstrap.ts";
import { priceSeries, returnsOf } from "../../../oracle/lab/paths/price-series.ts";
import { logReturns, type Process, YEAR } from "../../../oracle/lab/paths/synthetic-path.ts";

const STEP = 3_600;
const N = 40_000;
const DT = STEP / YEAR;

const take = (source: Iterator<number, number>, n = N): number[] =>
  Array.from({ length: n }, () => source.next().value);

function moments(values: readonly number[]): {
  mean: number;
  variance: number;
  meanError: number;
  varianceError: number;
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.map((value) => (value - mean) ** 2);
  const variance = squares.reduce((sum, value) => sum + value, 0) / values.length;
  const fourth = squares.reduce((sum, value) => sum + value ** 2, 0) / values.length;
  return {
    mean,
    variance,
    meanError: Math.sqrt(variance / values.length),
    varianceError: Math.sqrt((fourth - variance ** 2) / values.length),
  };
}

/** Within three standard errors. */
function near(found: number, expected: number, error: number): void {
  expect(Math.abs(found - expected) / error).to.be.below(3);
}

describe("synthetic paths", () => {
  it("geometric Brownian motion has the moments it should have", () => {
    const { mean, variance, meanError, varianceError } = moments(
      take(logReturns({ kind: "gbm", volatility: 0.8, drift: 0.3 }, 5, STEP)),
    );
    near(mean, (0.3 - 0.32) * DT, meanError);
    near(variance, 0.64 * DT, varianceError);
  });

  it("Merton's jumps come as often and as large as they should, and leave the expected price alone", () => {
    const merton: Process = {
      kind: "merton",
      volatility: 0.5,
      drift: 0,
      jumps: 400,
      jumpMean: -0.02,
      jumpDeviation: 0.04,
    };
    const returns = take(logReturns(merton, 6, STEP));
    const { mean, variance, meanError, varianceError } = moments(returns);
    const expected = Math.exp(-0.02 + 0.0008) - 1;
    near(mean, (-0.125 - 400 * expected - 400 * 0.02) * DT, meanError);
    near(variance, (0.25 + 400 * (0.02 ** 2 + 0.04 ** 2)) * DT, varianceError);
    const growth = moments(returns.map((value) => Math.exp(value)));
    near(growth.mean, 1, growth.meanError);
  });

  it("Heston's variance stays about its long mean", () => {
    const heston: Process = {
      kind: "heston",
      drift: 0,
      variance: 0.36,
      longVariance: 0.36,
      reversion: 200,
      volOfVol: 2,
      correlation: -0.7,
    };
    const { mean, meanError, variance } = moments(take(logReturns(heston, 7, STEP)));
    near(mean, -0.18 * DT, meanError);
    expect(variance / (0.36 * DT)).to.be.within(0.9, 1.1); // neighbours have their variance in common: no standard error here
  });

  it("a block bootstrap has the moments of what it draws from, and keeps neighbours together", () => {
    const source = Array.from({ length: 1_000 }, (_, i) => Math.sin(i / 5) * 0.01);
    const drawn = take(blockBootstrap(source, 100, 8));
    const own = moments(source);
    // Blocks of 100: a hundredth as many independent draws.
    near(moments(drawn).mean, own.mean, own.meanError * Math.sqrt(100 * (source.length / N)));
    const together = drawn.slice(1).filter((value, i) => {
      const at = source.indexOf(drawn[i]!);
      return source[(at + 1) % source.length] === value;
    });
    expect(together.length / N).to.be.above(0.98);
    expect(() => blockBootstrap([], 1, 1).next()).to.throw(RangeError);
  });

  it("are whole numbers, the same for the same seed, and known at the end of their bars", () => {
    const shape = {
      format: "test",
      symbol: "BTC/JPY",
      decimals: 2,
      price: "100.25",
      start: 1_200,
      step: 60,
      points: 500,
    };
    const make = (seed: number) =>
      priceSeries(shape, logReturns({ kind: "gbm", volatility: 0.6, drift: 0 }, seed, 60));
    const series = make(1);
    expect(series.points[0]).to.deep.equal({
      stamp: 1_140_000,
      knownAt: 1_200_000,
      price: { units: 10_025n, scale: 2 },
    });
    expect(make(1)).to.deep.equal(series);
    expect(make(2)).to.not.deep.equal(series);
    expect(returnsOf(series)).to.have.length(499);
    expect(() => priceSeries({ ...shape, price: "0" }, [][Symbol.iterator]() as never)).to.throw(RangeError);
  });
});
