import { expect } from "chai";

import { parseDecimal } from "../../../../oracle/decimal.ts";
import type { PathPoint, Study } from "../../../../oracle/lab/result.ts";
import {
  type CompareOraclesConfig,
  studyCompareOracles,
} from "../../../../oracle/lab/studies/compare-oracles.ts";
import { studyCost } from "../../../../oracle/lab/studies/cost.ts";
import { quantiles, rounded, summary } from "../../../../oracle/lab/studies/statistics.ts";

const START = 1_504_483_200;
/** A price that climbs by 10 units a minute. */
const RAMP: PathPoint[] = Array.from({ length: 181 }, (_, i) => ({
  time: START + 60 * i,
  price: BigInt(1_000_000 + 10 * i),
}));
const CONFIG: CompareOraclesConfig = {
  path: RAMP,
  offsets: [-20, -10, 0, 10, 20],
  settings: {
    deviation: 1_000,
    heartbeat: 3_600,
    latency: 0,
    dropped: 0,
    seed: 1,
    fixings: true,
    latestDelay: 120,
  },
};

function cells(study: Study, column: string): Record<string, unknown> {
  const place = study.columns.findIndex(({ name }) => name === column);
  return Object.fromEntries(study.rows.map((row) => [String(row[0]), row[place]]));
}

describe("the study that compares oracles", () => {
  it("finds of a price that climbs evenly by how much each oracle lags", () => {
    const errors = cells(studyCompareOracles(CONFIG), "rms_error");
    expect(errors["fixing (ours)"]).to.equal(0);
    expect(errors["median of venues"]).to.equal(0);
    expect(Number(errors["last trade of one venue"])).to.be.closeTo(20, 0.01);
    // The mean over 60 minutes lags by 29.5 minutes of 10 units in a million, that of medians alike, 30 minutes by half
    expect(Number(errors["VWAP-60 of all venues"])).to.be.closeTo(2.946, 0.01);
    expect(Number(errors["BRR-style, medians of 12 parts"])).to.be.closeTo(2.946, 0.01);
    expect(Number(errors["TWAP-30 of one venue"])).to.be.closeTo(20 + 1.448, 0.01);
    // 1,000 millionths are 100 minutes: until then the deviation feed stands still, but for its heartbeat
    expect(
      Number(cells(studyCompareOracles(CONFIG), "max_error")["deviation feed, last before"]),
    ).to.be.within(5, 6);
  });

  it("finds how far one lying venue moves each", () => {
    const shifts = cells(studyCompareOracles(CONFIG), "max_shift");
    expect(shifts["last trade of one venue"]).to.be.closeTo(1_000, 0.1);
    expect(Number(shifts["TWAP-30 of one venue"])).to.be.closeTo(1_000 / 30, 0.5);
    expect(Number(shifts["VWAP-60 of all venues"])).to.be.closeTo(1_000 / 60 / 5, 0.1);
    // The lowest of −20, −10, 0, 10, 20 is thrown out: of the four that are left the upper median is 10
    expect(Number(shifts["median of venues"])).to.be.closeTo(10, 0.01);
    expect(Number(shifts["fixing (ours)"])).to.be.closeTo(10, 0.01);
    // The same lie told inside the spread cannot do more
    const inside = cells(studyCompareOracles({ ...CONFIG, lie: 1.015 }), "max_shift");
    expect(Number(inside["fixing (ours)"])).to.be.closeTo(10, 0.01);
  });

  it("counts what each writes on chain: a fixing every five minutes beside the deviations", () => {
    const updates = cells(studyCompareOracles(CONFIG), "updates");
    expect(updates["VWAP-60 of all venues"]).to.equal(25);
    expect(Number(updates["deviation feed, last before"])).to.be.within(3, 6);
    expect(updates["fixing (ours)"]).to.be.within(37, 41);
  });

  it("weighs by volume where it is told", () => {
    const volumes = RAMP.map((_, i) => (i % 60 === 0 ? 1_000_000 : 0));
    const errors = cells(studyCompareOracles({ ...CONFIG, volumes }), "max_error");
    expect(Number(errors["VWAP-60 of all venues"])).to.be.closeTo(5.45, 0.1); // 55 minutes old at most
  });

  it("is the same table each time, and refuses a path of less than an hour", () => {
    expect(studyCompareOracles(CONFIG)).to.deep.equal(studyCompareOracles(CONFIG));
    expect(() => studyCompareOracles({ ...CONFIG, path: RAMP.slice(0, 30) })).to.throw(
      RangeError,
      "30 prices",
    );
  });
});

describe("the study of cost", () => {
  const GAS = {
    action: "settle",
    count: 3,
    least: 40_000n,
    p50: 44_007n,
    p95: 60_000n,
    most: 60_000n,
    total: 150_000n,
  };

  it("turns gas into dollars and yen, exactly", () => {
    const { rows, columns } = studyCost({
      gas: [GAS],
      trades: [],
      settlements: [],
      gasPrices: [1_500_000_000n, 20_000_000_000n],
      etherInUsd: parseDecimal("2500.50"),
      etherInJpy: parseDecimal("390000"),
    });
    expect(columns.map(({ name, unit }) => [name, unit]).slice(-4)).to.deep.equal([
      ["usd_p50", "USD"],
      ["usd_p95", "USD"],
      ["jpy_p50", "JPY"],
      ["jpy_p95", "JPY"],
    ]);
    // 44,007 · 1.5e9 / 1e18 · 2,500.50 = 0.16505925525; · 390,000 = 25.744095
    expect(rows).to.deep.equal([
      ["settle", 1.5, 3, 44_007n, 60_000n, 0.1651, 0.225, 25.7441, 35.1],
      ["settle", 20, 3, 44_007n, 60_000n, 2.2008, 3.0006, 343.2546, 468],
    ]);
  });

  it("adds up the life of each option that was settled", () => {
    const { rows } = studyCost({
      gas: [],
      trades: [
        { option: 0, gas: 100n },
        { option: 0, gas: 10n },
        { option: 1, gas: 200n },
        { option: 9, gas: 5_000n }, // never settled
      ],
      settlements: [
        { option: 0, gas: 1n },
        { option: 1, gas: 2n },
      ],
      gasPrices: [1_000_000_000n],
      etherInUsd: parseDecimal("1"),
      etherInJpy: parseDecimal("1"),
    });
    expect(rows[0]!.slice(0, 5)).to.deep.equal(["an option, all its life", 1, 2, 111n, 202n]);
  });
});

describe("statistics", () => {
  it("quantiles lie between two values in proportion", () => {
    expect(quantiles([4, 1, 3, 2], [0, 0.5, 1, 0.25])).to.deep.equal([1, 2.5, 4, 1.75]);
    expect(quantiles([7], [0.95])).to.deep.equal([7]);
    expect(() => quantiles([], [0.5])).to.throw(RangeError, "0 values");
    expect(() => quantiles([1], [1.5])).to.throw(RangeError, "1.5");
  });

  it("moments of a sample", () => {
    const { count, mean, deviation, least, most, rootMeanSquare } = summary([2, 4, 4, 4, 5, 5, 7, 9]);
    expect([count, mean, least, most]).to.deep.equal([8, 5, 2, 9]);
    expect(deviation).to.be.closeTo(Math.sqrt(32 / 7), 1e-15);
    expect(rootMeanSquare).to.be.closeTo(Math.sqrt(232 / 8), 1e-15);
    expect(summary([3]).deviation).to.equal(0);
    expect(() => summary([])).to.throw(RangeError, "0 values");
  });

  it("rounds for a table without a negative zero", () => {
    expect([rounded(1.23456, 2), rounded(-0.00001, 4), rounded(12, 4)]).to.deep.equal([1.23, 0, 12]);
    expect(Object.is(rounded(-0.00001, 4), 0)).to.be.true;
  });
});
