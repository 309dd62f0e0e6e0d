import { expect } from "chai";
import fc from "fast-check";

import { andersenLakeOffengenden } from "../../../oracle/options/american/andersen-lake-offengenden.ts";
import { baroneAdesiWhaley } from "../../../oracle/options/american/barone-adesi-whaley.ts";
import { bjerksundStensland } from "../../../oracle/options/american/bjerksund-stensland.ts";
import { coxRossRubinstein } from "../../../oracle/options/american/cox-ross-rubinstein.ts";
import { juZhong } from "../../../oracle/options/american/ju-zhong.ts";
import { leisenReimer } from "../../../oracle/options/american/leisen-reimer.ts";
import { blackScholesPrice } from "../../../oracle/options/european/black-scholes-price.ts";
import { RUNS, vanilla } from "./arbitraries.ts";

/** Terms with one exercise price: no negative rates. */
const american = vanilla.map((terms) => ({
  ...terms,
  rate: Math.max(terms.rate, 0),
  dividendYield: Math.max(terms.dividendYield, 0),
}));
const FORMULAE = { baroneAdesiWhaley, bjerksundStensland, juZhong };
/** Slow ones: not shrunk when they fail. */
const FEW = { ...RUNS, numRuns: 12, endOnFailure: true };

const mirrored = (terms: {
  type: "call" | "put";
  spot: number;
  strike: number;
  rate: number;
  dividendYield: number;
  volatility: number;
  timeToExpiry: number;
}) => ({
  ...terms,
  type: terms.type === "call" ? ("put" as const) : ("call" as const),
  spot: terms.strike,
  strike: terms.spot,
  rate: terms.dividendYield,
  dividendYield: terms.rate,
});

describe("American options", function () {
  this.timeout(60_000);

  it("are worth at least the European option and the payoff now, by every formula", () => {
    fc.assert(
      fc.property(american, (terms) => {
        const floor = Math.max(
          blackScholesPrice(terms),
          terms.type === "call" ? terms.spot - terms.strike : terms.strike - terms.spot,
        );
        const ceiling = terms.type === "call" ? terms.spot : terms.strike;
        for (const [name, price] of Object.entries(FORMULAE)) {
          expect(price(terms), name).to.be.within(floor - 1e-9 * terms.spot, ceiling * (1 + 1e-12));
        }
      }),
      RUNS,
    );
  });

  it("are worth at least the European option by the tree, and agree with the integral equation", () => {
    fc.assert(
      fc.property(american, (terms) => {
        const [held, exercised] = (["european", "american"] as const).map((exercise) =>
          leisenReimer(terms, { steps: 401, exercise }),
        );
        const exact = andersenLakeOffengenden(terms);
        expect(held).to.be.closeTo(blackScholesPrice(terms), 1e-4 * terms.spot);
        expect(exercised!).to.be.at.least(held! - 1e-9);
        expect(exercised!).to.be.closeTo(exact, 5e-4 * terms.spot);
        expect(exact).to.be.at.least(blackScholesPrice(terms) - 1e-9);
      }),
      FEW,
    );
  });

  it("a call is the put with spot and strike, rate and yield exchanged", () => {
    fc.assert(
      fc.property(american, (terms) => {
        for (const [name, price] of Object.entries(FORMULAE)) {
          // Exactly so by construction, or as nearly as the quadratic approximations are right
          const allowed = price === bjerksundStensland ? 1e-9 : 1e-2;
          expect(price(terms), name).to.be.closeTo(price(mirrored(terms)), allowed * terms.spot);
        }
      }),
      RUNS,
    );
  });

  it("the tree approaches the integral equation as its steps grow, within 1e-4 at 2001", () => {
    const terms = {
      type: "put",
      spot: 100,
      strike: 95,
      rate: 0.075,
      dividendYield: 0.05,
      volatility: 0.25,
      timeToExpiry: 1,
    } as const;
    const exact = andersenLakeOffengenden(terms);
    const errors = [101, 401, 2001].map((steps) =>
      Math.abs(leisenReimer(terms, { steps, exercise: "american" }) - exact),
    );
    expect(errors[1]).to.be.below(errors[0]!);
    expect(errors[2]).to.be.below(errors[1]!);
    expect(errors[2]).to.be.below(1e-4);
    expect(coxRossRubinstein(terms, { steps: 1000, exercise: "american" })).to.be.closeTo(exact, 2e-3);
  });

  it("without a reason to exercise early they are European", () => {
    const terms = { spot: 100, strike: 110, volatility: 0.3, timeToExpiry: 1 };
    const call = { ...terms, type: "call", rate: 0.05, dividendYield: 0 } as const;
    const put = { ...terms, type: "put", rate: 0, dividendYield: 0.05 } as const;
    for (const price of [...Object.values(FORMULAE), andersenLakeOffengenden]) {
      expect(price(call)).to.be.closeTo(blackScholesPrice(call), 1e-12);
      expect(price(put)).to.be.closeTo(blackScholesPrice(put), 1e-12);
    }
    expect(leisenReimer(call, { steps: 301, exercise: "american" })).to.be.closeTo(
      blackScholesPrice(call),
      1e-3,
    );
  });

  it("at expiry they are the payoff", () => {
    const terms = {
      type: "put",
      spot: 90,
      strike: 100,
      rate: 0.05,
      dividendYield: 0,
      volatility: 0.3,
      timeToExpiry: 0,
    } as const;
    for (const price of [...Object.values(FORMULAE), andersenLakeOffengenden])
      expect(price(terms)).to.equal(10);
    expect(leisenReimer(terms, { steps: 11, exercise: "american" })).to.equal(10);
    expect(coxRossRubinstein(terms, { steps: 10, exercise: "american" })).to.equal(10);
  });

  it("refuse what they cannot do, and say so", () => {
    const terms = {
      type: "put",
      spot: 90,
      strike: 100,
      rate: 0.05,
      dividendYield: 0,
      volatility: 0.3,
      timeToExpiry: 1,
    } as const;
    expect(() => leisenReimer(terms, { steps: 100, exercise: "american" })).to.throw(
      RangeError,
      "odd number of steps, got 100",
    );
    expect(() => leisenReimer(terms, { steps: 0, exercise: "american" })).to.throw(
      RangeError,
      "steps must be positive integer, got 0",
    );
    expect(() =>
      coxRossRubinstein({ ...terms, volatility: 0.001 }, { steps: 10, exercise: "american" }),
    ).to.throw(RangeError, "Take more steps or another tree");
    for (const price of [...Object.values(FORMULAE), andersenLakeOffengenden]) {
      expect(() => price({ ...terms, rate: -0.01, dividendYield: -0.03 })).to.throw(
        RangeError,
        "two exercise prices",
      );
      expect(() => price({ ...terms, volatility: 0 })).to.throw(RangeError, "must be positive, got 0");
    }
  });
});
