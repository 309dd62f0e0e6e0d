import { expect } from "chai";
import fc from "fast-check";

import { studyCollateralShocks } from "../../../../oracle/lab/studies/collateral-shocks.ts";
import {
  type CollateralTimeConfig,
  studyCollateralTime,
} from "../../../../oracle/lab/studies/collateral-time.ts";
import {
  collateralOf,
  type CoverTerms,
  KINDS,
  payoutOf,
  shortfallOf,
} from "../../../../oracle/lab/studies/cover.ts";
import { MAX_PRICE, MIN_PRICE } from "../../../../oracle/report/word.ts";

const price = fc.bigInt({ min: MIN_PRICE, max: MAX_PRICE });

/** Terms that `SeriesPayoff.requireSound` takes. */
const terms: fc.Arbitrary<CoverTerms> = fc
  .record({
    kind: fc.constantFrom(...KINDS),
    strike: price,
    width: fc.bigInt({ min: 1n, max: 2n ** 50n }),
    amount: fc.bigInt({ min: 0n, max: 2n ** 100n }),
    decimals: fc.integer({ min: 0, max: 18 }),
  })
  .map(({ kind, strike, width, amount, decimals }) => ({
    kind,
    strike: kind === "base-call" ? (strike < 0n ? -strike : strike) + 1n : strike,
    bound: kind === "call" ? strike + width : kind === "put" ? strike - width : 0n,
    amount,
    decimals,
  }));

const SPREAD: CollateralTimeConfig = {
  type: "call",
  spot: 100,
  strike: 100,
  bound: 140,
  rate: 0,
  dividendYield: 0,
  volatility: 0.8,
  timeToExpiry: 30 / 365,
  jumpsPerYear: 12,
  jumpMean: -0.02,
  jumpDeviation: 0.12,
  shares: [1, 0.75, 0.5, 0.25],
  steps: 30,
  paths: 1_000,
  seed: 5,
};

describe("the studies of collateral", () => {
  it("full collateral falls short by exactly 0, on 10,000 random terms at any price that the chain can hold", () => {
    fc.assert(
      fc.property(terms, price, price, (option, somewhere, step) => {
        const full = collateralOf(option);
        const prices = [somewhere, somewhere / 2n, 3n * somewhere, somewhere + step, MAX_PRICE, MIN_PRICE];
        for (const at of [...prices, option.strike, option.bound, option.strike + 1n, option.strike - 1n]) {
          const payout = payoutOf(option, at);
          expect(payout >= 0n && shortfallOf(option, at, full) === 0n).to.be.true;
        }
      }),
      { seed: 20170904, numRuns: 10_000 },
    );
  });

  it("what is locked is needed to the last unit: with one less some price of most terms falls short", () => {
    const call: CoverTerms = { kind: "call", strike: 100n, bound: 150n, amount: 1_000n, decimals: 1 };
    expect(collateralOf(call)).to.equal(5_000n);
    expect(shortfallOf(call, 150n, 4_999n)).to.equal(1n);
    expect(shortfallOf(call, 149n, 4_900n)).to.equal(0n);
    const put: CoverTerms = { kind: "put", strike: 100n, bound: 0n, amount: 7n, decimals: 0 };
    expect(shortfallOf(put, -5n, collateralOf(put) - 1n)).to.equal(1n);
  });

  it("pays by the formulae of the contract, each side of the strike", () => {
    const of = (kind: CoverTerms["kind"], strike: bigint, bound = 0n): CoverTerms => ({
      kind,
      strike,
      bound,
      amount: 1_000n,
      decimals: 1,
    });
    const paid = (option: CoverTerms, ...prices: bigint[]) => prices.map((at) => payoutOf(option, at));
    expect(paid(of("call", 100n, 120n), 99n, 100n, 101n, 119n, 120n, 500n)).to.deep.equal([
      0n,
      0n,
      100n,
      1_900n,
      2_000n,
      2_000n,
    ]);
    expect(paid(of("put", 100n, 80n), 101n, 100n, 99n, 81n, 80n, -5n)).to.deep.equal([
      0n,
      0n,
      100n,
      1_900n,
      2_000n,
      2_000n,
    ]);
    expect(paid(of("base-call", 100n), 100n, 101n, 300n, MAX_PRICE)).to.deep.equal([0n, 9n, 666n, 999n]);
    expect(paid(of("digital-call", 100n), 100n, 101n)).to.deep.equal([0n, 1_000n]);
    expect(paid(of("digital-put", 100n), 100n, 99n)).to.deep.equal([0n, 1_000n]);
    expect(paid(of("touch-up", 100n), 99n, 100n)).to.deep.equal([0n, 1_000n]);
    expect(paid(of("touch-down", 100n), 101n, 100n)).to.deep.equal([0n, 1_000n]);
    expect(() => collateralOf(of("call", 100n, 100n))).to.throw(RangeError, "no option");
    expect(() => collateralOf(of("digital-call", 100n, 1n))).to.throw(RangeError, "no option");
    expect(() => collateralOf(of("base-call", 0n))).to.throw(RangeError, "no option");
  });

  it("shocks a series, and says what is missing of what was locked", () => {
    const { rows, columns } = studyCollateralShocks({
      series: [
        { kind: "call", strike: 100n, bound: 150n, amount: 1_000n, decimals: 0 },
        { kind: "put", strike: 100n, bound: 0n, amount: 1_000n, decimals: 0 },
        { kind: "touch-up", strike: 130n, bound: 0n, amount: 1_000n, decimals: 0 },
      ],
      spot: 100n,
      path: [100n, 120n, 90n],
      shares: [10_000, 4_000],
    });
    const cell = (row: (typeof rows)[number], name: string) =>
      row[columns.findIndex((column) => column.name === name)];
    for (const row of rows)
      if (cell(row, "locked_share") === 100) expect(cell(row, "shortfall")).to.equal(0n);
    const missing = (kind: string, shock: string) =>
      rows
        .filter((row) => row[0] === kind && cell(row, "shock") === shock && cell(row, "locked_share") === 40)
        .map((row) => [
          cell(row, "price"),
          cell(row, "payout"),
          cell(row, "shortfall"),
          cell(row, "shortfall_share"),
        ]);
    expect(missing("call", "x3")).to.deep.equal([[300n, 50_000n, 30_000n, 60]]);
    expect(missing("call", "worst of the path")).to.deep.equal([[120n, 20_000n, 0n, 0]]);
    expect(missing("put", "-50 %")).to.deep.equal([[50n, 50_000n, 10_000n, 10]]);
    expect(missing("put", "worst of the path")).to.deep.equal([[90n, 10_000n, 0n, 0]]);
    expect(missing("touch-up", "gap through the barrier")).to.deep.equal([[144n, 1_000n, 600n, 60]]);
    expect(missing("put", "lowest price on chain")).to.deep.equal([[MIN_PRICE, 100_000n, 60_000n, 60]]);
  });

  it("tells when a writer who is covered in part is insolvent; fully covered he never is", () => {
    for (const config of [
      SPREAD,
      { ...SPREAD, type: "put" as const, bound: 60 },
      { ...SPREAD, type: "put" as const, bound: 0 },
    ]) {
      const { rows } = studyCollateralTime(config);
      expect(rows[0]).to.deep.equal([100, 1_000, 0, null, null, null, 0, 0, 0]);
    }
    const { rows } = studyCollateralTime(SPREAD);
    const [insolvent, median, shortfall] = [2, 4, 6].map((place) =>
      rows.slice(1).map((row) => Number(row[place])),
    );
    for (const [i, share] of insolvent!.entries()) {
      expect(share).to.be.above(insolvent![i - 1] ?? 1);
      expect(median![i]).to.be.within(1, median![i - 1] ?? 30);
      expect(shortfall![i]).to.be.above(shortfall![i - 1] ?? 0);
    }
  });

  it("jumps keep the mean: what a put of nearly everything is worth is what was expected", () => {
    // Without insolvency at issue, the mean payoff at expiry is the spread's mean; with share 0 all of it is missing.
    const { rows } = studyCollateralTime({
      ...SPREAD,
      type: "put",
      strike: 1_000,
      bound: 0,
      volatility: 0.2,
      shares: [0],
      steps: 10,
      paths: 20_000,
    });
    expect(Number(rows[0]![6])).to.be.closeTo(90, 0.1); // (1,000 − 100) of 1,000
  });

  it("is the same table for the same seed, and refuses bounds on the wrong side", () => {
    const small = { ...SPREAD, paths: 20 };
    expect(studyCollateralTime(small)).to.deep.equal(studyCollateralTime(small));
    expect(() => studyCollateralTime({ ...small, bound: 100 })).to.throw(
      RangeError,
      "cannot be paid up to 100",
    );
    expect(() => studyCollateralTime({ ...small, steps: 0 })).to.throw(RangeError, "steps");
    expect(() => studyCollateralTime({ ...small, jumpsPerYear: -1 })).to.throw(RangeError, "jumpsPerYear");
    expect(() => studyCollateralTime({ ...small, shares: [-1] })).to.throw(RangeError, "share");
  });
});
