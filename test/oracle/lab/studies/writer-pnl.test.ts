import { expect } from "chai";

import {
  simulateWriter,
  studyWriterPnl,
  delta,
  type WriterPnlConfig,
} from "../../../../oracle/lab/studies/writer-pnl.ts";
import { summary } from "../../../../oracle/lab/studies/statistics.ts";
import { blackScholesGreeks } from "../../../../oracle/options/european/black-scholes-greeks.ts";
import { blackScholesPrice } from "../../../../oracle/options/european/black-scholes-price.ts";

const CALL: WriterPnlConfig = {
  type: "call",
  spot: 100,
  strike: 100,
  rate: 0,
  dividendYield: 0,
  volatility: 0.6,
  timeToExpiry: 0.25,
  hedges: [4, 16, 64, 256],
  paths: 5_000,
  seed: 20_170_904,
};

describe("the study of a writer's profit and loss", () => {
  it("with the right volatility, no rate and no cost the mean is 0 within 3 standard errors", () => {
    for (const type of ["call", "put"] as const) {
      for (const { hedges, pnl } of simulateWriter({ ...CALL, type })) {
        const { mean, deviation, count } = summary(pnl);
        expect(Math.abs(mean), `${type}, ${hedges} hedges`).to.be.below((3 * deviation) / Math.sqrt(count));
      }
    }
  });

  it("the deviation falls as 1/sqrt(n): four times the hedges, half of it within 5 %", () => {
    const outcomes = simulateWriter(CALL).map(({ pnl }) => summary(pnl).deviation);
    for (const [i, deviation] of outcomes.slice(1).entries()) {
      expect(deviation / outcomes[i]!).to.be.within(0.45, 0.55);
    }
  });

  it("the deviation is that of Derman and Kamal within 5 %, for 16 hedges and more", () => {
    const { rows, columns } = studyWriterPnl(CALL);
    const place = (name: string) => columns.findIndex((column) => column.name === name);
    for (const row of rows.slice(1)) {
      const ratio = Number(row[place("deviation")]) / Number(row[place("expected_deviation")]);
      expect(ratio).to.be.within(0.95, 1.05);
    }
  });

  it("never hedged, the writer has the premium less the payoff", () => {
    const [never] = simulateWriter({ ...CALL, hedges: [0], paths: 40_000 });
    const { mean, deviation, most } = summary(never!.pnl);
    expect(most).to.be.closeTo(blackScholesPrice(CALL), 1e-12);
    expect(Math.abs(mean)).to.be.below((3 * deviation) / 200);
    expect(never!.cost).to.equal(0);
  });

  it("rates and dividends are earned: the mean is 0 with them, too", () => {
    for (const type of ["call", "put"] as const) {
      const carry = { ...CALL, type, rate: 0.08, dividendYield: 0.03, hedges: [64] };
      const [outcome] = simulateWriter(carry);
      const { mean, deviation, count } = summary(outcome!.pnl);
      expect(Math.abs(mean), type).to.be.below((3 * deviation) / Math.sqrt(count));
    }
  });

  it("the drift of the path does not matter to who hedges often", () => {
    const [outcome] = simulateWriter({ ...CALL, drift: 0.5, hedges: [256] });
    expect(Math.abs(summary(outcome!.pnl).mean)).to.be.below(0.06);
    const [never] = simulateWriter({ ...CALL, drift: 0.5, hedges: [0] });
    expect(summary(never!.pnl).mean).to.be.below(-5);
  });

  it("costs are paid: what is lost is what was traded times the cost, and more with more hedges", () => {
    const free = simulateWriter(CALL);
    const dear = simulateWriter({ ...CALL, cost: 0.001 });
    for (const [i, { pnl, cost }] of dear.entries()) {
      expect(summary(free[i]!.pnl).mean - summary(pnl).mean).to.be.closeTo(cost, 1e-9);
      expect(cost).to.be.above(dear[i - 1]?.cost ?? 0.1);
    }
  });

  it("a premium at more volatility than the path has is earned", () => {
    const [outcome] = simulateWriter({
      ...CALL,
      hedges: [256],
      premiumVolatility: 0.7,
      hedgeVolatility: 0.6,
    });
    const edge = blackScholesPrice({ ...CALL, volatility: 0.7 }) - blackScholesPrice(CALL);
    const { mean, deviation, count } = summary(outcome!.pnl);
    expect(Math.abs(mean - edge)).to.be.below((3 * deviation) / Math.sqrt(count));
  });

  it("hedges by the delta of Black and Scholes", () => {
    for (const type of ["call", "put"] as const) {
      const terms = { ...CALL, type, rate: 0.05, dividendYield: 0.02 };
      for (const spot of [60, 100, 150]) {
        const expected = blackScholesGreeks({ ...terms, spot, timeToExpiry: 0.1 }).delta;
        expect(delta(terms, terms.volatility, spot, 0.1)).to.be.closeTo(expected, 1e-14);
      }
    }
  });

  it("is the same table for the same seed, and refuses what it cannot hedge", () => {
    const small = { ...CALL, paths: 50 };
    expect(studyWriterPnl(small)).to.deep.equal(studyWriterPnl(small));
    expect(studyWriterPnl({ ...small, seed: 2 }).rows).to.not.deep.equal(studyWriterPnl(small).rows);
    expect(() => studyWriterPnl({ ...small, hedges: [3, 16] })).to.throw(
      RangeError,
      "divide the largest, 16; got 3",
    );
    expect(() => studyWriterPnl({ ...small, volatility: 0 })).to.throw(RangeError, "volatility");
    expect(() => studyWriterPnl({ ...small, cost: 1 })).to.throw(RangeError, "cost");
    expect(() => studyWriterPnl({ ...small, paths: 1 })).to.throw(RangeError, "paths");
  });
});
