import { expect } from "chai";

import { logReturns, type Process } from "../../../../oracle/lab/paths/synthetic-path.ts";
import type { PathPoint } from "../../../../oracle/lab/result.ts";
import { studyPath } from "../../../../oracle/lab/studies/path-moments.ts";
import { normalSource } from "../../../../oracle/options/montecarlo/normal-source.ts";

const N = 20_000;
const STEP = 600;

const pathOf = (returns: readonly number[]): PathPoint[] => {
  let level = 0;
  return [0, ...returns].map((value, i) => {
    level += value;
    return { time: i * STEP, price: BigInt(Math.round(1e12 * Math.exp(level))) };
  });
};
const drawn = (process: Process): PathPoint[] => {
  const source = logReturns(process, 3, STEP);
  return pathOf(Array.from({ length: N }, () => source.next().value));
};
const found = (path: readonly PathPoint[]): Record<string, number> => {
  const { columns, rows } = studyPath(path);
  return Object.fromEntries(columns.map(({ name }, i) => [name, Number(rows[0]![i])]));
};

describe("the study of a path", () => {
  it("finds no jumps and no memory in Brownian motion", () => {
    const moments = found(drawn({ kind: "gbm", volatility: 0.7, drift: 0 }));
    expect(moments).to.include({ returns: N, step: STEP });
    expect(moments["volatility"]).to.be.closeTo(0.7, 0.02);
    for (const name of ["autocorrelation", "of_squares"])
      expect(Math.abs(moments[name]!), name).to.be.below(3 * moments["standard_error"]!);
    expect(moments["excess_kurtosis"]).to.be.closeTo(0, 3 * Math.sqrt(24 / N));
    expect(moments["jump_share"]).to.be.below(3);
  });

  it("finds the part of the variance that Merton's jumps have", () => {
    const merton = {
      kind: "merton",
      volatility: 0.5,
      drift: 0,
      jumps: 500,
      jumpMean: -0.01,
      jumpDeviation: 0.03,
    } as const;
    const moments = found(drawn(merton));
    const ofJumps = 500 * (0.01 ** 2 + 0.03 ** 2);
    expect(moments["jump_share"]).to.be.closeTo((100 * ofJumps) / (ofJumps + 0.25), 8);
    expect(moments["excess_kurtosis"]).to.be.above(10);
    expect(moments["skewness"]).to.be.below(-0.5);
  });

  it("finds the memory of returns, and that of their size alone", () => {
    const draw = normalSource(9);
    let last = 0;
    const remembered = Array.from({ length: N }, () => (last = 0.4 * last + 0.001 * draw()));
    expect(found(pathOf(remembered))["autocorrelation"]).to.be.closeTo(0.4, 0.03);
    const restless = Array.from({ length: N }, (_, i) => (i % 200 < 100 ? 0.0005 : 0.002) * draw());
    const moments = found(pathOf(restless));
    expect(moments["of_squares"]).to.be.above(0.15);
    expect(Math.abs(moments["autocorrelation"]!)).to.be.below(0.05);
  });

  it("looks across no gap, and says what it needs", () => {
    const path = drawn({ kind: "gbm", volatility: 0.7, drift: 0 }).slice(0, 200);
    const torn = path
      .filter((_, i) => i < 100 || i >= 130)
      .map(({ time, price }, i) => ({
        time,
        price: i < 100 ? price : price * 3n, // a leap over the gap is no return
      }));
    expect(found(torn)).to.include({ returns: 168, step: STEP });
    expect(found(torn)["jump_share"]).to.be.below(20);
    expect(() => studyPath(path.slice(0, 20))).to.throw(RangeError, "need 30 returns of one step, not 19");
    expect(() => studyPath([])).to.throw(RangeError);
    expect(() => studyPath(path.map(({ time }) => ({ time, price: 5n })))).to.throw(RangeError, "that move");
  });
});
