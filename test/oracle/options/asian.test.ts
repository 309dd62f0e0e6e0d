import { expect } from "chai";
import fc from "fast-check";

import type { DiscreteAsianTerms } from "../../../oracle/options/asian/asian-terms.ts";
import { curran } from "../../../oracle/options/asian/curran.ts";
import { geometricDiscreteAsian } from "../../../oracle/options/asian/geometric-discrete-asian.ts";
import { kemnaVorst } from "../../../oracle/options/asian/kemna-vorst.ts";
import { levy } from "../../../oracle/options/asian/levy.ts";
import { turnbullWakeman } from "../../../oracle/options/asian/turnbull-wakeman.ts";
import { vecerContinuous } from "../../../oracle/options/asian/vecer-continuous.ts";
import { vecerDiscrete } from "../../../oracle/options/asian/vecer-discrete.ts";
import { blackScholesPrice } from "../../../oracle/options/european/black-scholes-price.ts";
import { real, RUNS, vanilla } from "./arbitraries.ts";

const FEW = { ...RUNS, numRuns: 25 };

/** Fixings at unequal times up to expiry. */
const discrete: fc.Arbitrary<DiscreteAsianTerms> = fc
  .tuple(vanilla, fc.array(real(0, 1), { minLength: 1, maxLength: 12 }))
  .map(([terms, parts]) => ({
    ...terms,
    volatility: Math.min(terms.volatility, 0.8),
    fixingTimes: parts.map((part) => part * terms.timeToExpiry).sort((a, b) => a - b),
  }));

const METHODS = { curran, geometricDiscreteAsian, turnbullWakeman, vecerDiscrete };
const ARITHMETIC = { curran, turnbullWakeman, vecerDiscrete };

describe("Asian options", function () {
  this.timeout(60_000);

  it("Večeř's equation gives the exact prices of Linetsky (2004, table B) to 1e-8", () => {
    for (const [rate, volatility, timeToExpiry, spot, price] of [
      [0.02, 0.1, 1, 2, 0.0559860415],
      [0.18, 0.3, 1, 2, 0.2183875466],
      [0.0125, 0.25, 2, 2, 0.172268741],
      [0.05, 0.5, 1, 1.9, 0.1931737903],
      [0.05, 0.5, 1, 2, 0.2464156905],
      [0.05, 0.5, 1, 2.1, 0.3062203648],
      [0.05, 0.5, 2, 2, 0.350095219],
    ] as const) {
      const terms = {
        type: "call",
        spot,
        strike: 2,
        rate,
        dividendYield: 0,
        volatility,
        timeToExpiry,
      } as const;
      expect(vecerContinuous(terms)).to.be.closeTo(price, 1e-8);
    }
  });

  it("Večeř's equation refuses what its grid is too coarse for, and is right up to there", () => {
    for (const strike of [20, 50, 100, 200, 500]) {
      const market = { spot: 100, strike, rate: 0.03, dividendYield: 0.01, timeToExpiry: 4 } as const;
      const at = { ...market, type: "call", volatility: 0.75 } as const;
      const price = vecerDiscrete({ ...at, fixingTimes: [4] });
      expect(price, String(strike)).to.be.closeTo(blackScholesPrice(at), 2e-6 * 100);
      const beyond = { ...at, volatility: 0.76 };
      const refused = "volatility·√time must be 1.5 or less for Večeř's equation, got 1.52.";
      expect(() => vecerDiscrete({ ...beyond, fixingTimes: [1, 4] })).to.throw(RangeError, refused);
      expect(() => vecerContinuous(beyond)).to.throw(RangeError, refused);
    }
  });

  it("on one fixing at expiry every method is Black and Scholes", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const price = blackScholesPrice(terms);
        const one = { ...terms, fixingTimes: [terms.timeToExpiry] };
        for (const method of [curran, geometricDiscreteAsian, turnbullWakeman]) {
          expect(method(one), method.name).to.be.closeTo(price, 1e-9 * terms.spot);
        }
      }),
      RUNS,
    );
    const one = {
      type: "put",
      spot: 100,
      strike: 95,
      rate: 0.03,
      dividendYield: 0.01,
      volatility: 0.4,
      timeToExpiry: 1,
      fixingTimes: [1],
    } as const;
    expect(vecerDiscrete(one)).to.be.closeTo(blackScholesPrice(one), 1e-4);
  });

  it("with one fixing now and one at expiry the arithmetic ones are half a vanilla option", () => {
    const terms = {
      type: "put",
      spot: 90,
      rate: 0.025,
      dividendYield: 0.06,
      volatility: 0.13,
      timeToExpiry: 11 / 12,
    } as const;
    const half = blackScholesPrice({ ...terms, strike: 84 }) / 2;
    const asian = { ...terms, strike: 87, fixingTimes: [0, 11 / 12] };
    expect(curran(asian)).to.be.closeTo(half, 1e-12);
    expect(vecerDiscrete(asian)).to.be.closeTo(half, 5e-6);
  });

  it("a put and a call differ by the discounted mean less strike", () => {
    fc.assert(
      fc.property(discrete, (terms) => {
        const { spot, rate, dividendYield, strike, fixingTimes, timeToExpiry } = terms;
        const mean =
          fixingTimes.reduce((sum, time) => sum + spot * Math.exp((rate - dividendYield) * time), 0) /
          fixingTimes.length;
        const parity = Math.exp(-rate * timeToExpiry) * (mean - strike);
        for (const method of [curran, turnbullWakeman]) {
          const difference = method({ ...terms, type: "call" }) - method({ ...terms, type: "put" });
          expect(difference, method.name).to.be.closeTo(parity, 1e-9 * spot);
        }
      }),
      RUNS,
    );
  });

  it("a geometric call is below Curran's bound, that below the true price, that below the European call", () => {
    fc.assert(
      fc.property(discrete, (any) => {
        // Without yield a call gains from time, so that the later it is fixed the more it is worth.
        const terms = { ...any, type: "call" as const, rate: Math.max(any.rate, 0), dividendYield: 0 };
        const exact = vecerDiscrete(terms);
        expect(geometricDiscreteAsian(terms)).to.be.at.most(curran(terms) + 1e-9 * terms.spot);
        expect(curran(terms)).to.be.at.most(exact + 1e-4 * terms.spot);
        expect(exact).to.be.at.most(blackScholesPrice(terms) + 1e-4 * terms.spot);
        expect(curran(terms)).to.be.closeTo(exact, 2e-3 * terms.spot);
      }),
      FEW,
    );
  });

  it("past fixings count as much as those to come, and decide when nothing is to come", () => {
    const terms = {
      type: "call",
      spot: 100,
      strike: 100,
      rate: 0.02,
      dividendYield: 0,
      volatility: 0.3,
      timeToExpiry: 0.5,
    } as const;
    // Known fixings at the mean of those to come leave a smaller option on the same average.
    for (const [name, method] of Object.entries(ARITHMETIC)) {
      const whole = method({ ...terms, fixingTimes: [0.25, 0.5] });
      const rest = method({ ...terms, fixingTimes: [0.25, 0.5], pastFixings: [100, 100] });
      expect(rest, name).to.be.closeTo(whole / 2, 1e-6);
    }
    for (const [name, method] of Object.entries(METHODS)) {
      const over = { ...terms, fixingTimes: [], pastFixings: [110, 130] };
      const average = method === geometricDiscreteAsian ? Math.sqrt(110 * 130) : 120;
      expect(method(over), name).to.be.closeTo((average - 100) * Math.exp(-0.01), 1e-9);
      expect(method({ ...over, type: "put" }), name).to.equal(0);
    }
    // So high an average is above the strike whatever comes: the price is linear, and the same for all.
    const sure = { ...terms, fixingTimes: [0.5], pastFixings: [300] };
    const linear = (Math.exp(-0.01) * (300 + 100 * Math.exp(0.01))) / 2 - 100 * Math.exp(-0.01);
    for (const [name, method] of Object.entries(ARITHMETIC))
      expect(method(sure), name).to.be.closeTo(linear, 1e-9);
    expect(levy({ ...terms, elapsedTime: 0.5, currentAverage: 300 })).to.be.above(90);
  });

  it("many fixings tend to the continuous average", () => {
    const terms = {
      type: "call",
      spot: 100,
      strike: 98,
      rate: 0.05,
      dividendYield: 0.02,
      volatility: 0.25,
      timeToExpiry: 1,
    } as const;
    const fixingTimes = Array.from({ length: 2000 }, (_, i) => (i + 0.5) / 2000);
    expect(geometricDiscreteAsian({ ...terms, fixingTimes })).to.be.closeTo(kemnaVorst(terms), 1e-5);
    expect(turnbullWakeman({ ...terms, fixingTimes })).to.be.closeTo(levy(terms), 1e-5);
    expect(vecerDiscrete({ ...terms, fixingTimes })).to.be.closeTo(vecerContinuous(terms), 1e-4);
  });

  it("Levy's moments are right also where carry and variance vanish or cancel", () => {
    const terms = {
      type: "call",
      spot: 100,
      strike: 95,
      rate: 0.05,
      volatility: 0.2,
      timeToExpiry: 1,
    } as const;
    const at = (dividendYield: number) => levy({ ...terms, dividendYield });
    expect(at(0.05)).to.be.closeTo((at(0.05 - 1e-7) + at(0.05 + 1e-7)) / 2, 1e-8);
    // b = −σ² exactly, and beside it
    expect(at(0.09)).to.be.closeTo((at(0.09 - 1e-4) + at(0.09 + 1e-4)) / 2, 1e-6);
    const still = { ...terms, dividendYield: 0.05, volatility: 0 };
    expect(levy(still)).to.be.closeTo(5 * Math.exp(-0.05), 1e-6);
    expect(vecerContinuous(still)).to.be.closeTo(5 * Math.exp(-0.05), 1e-12);
  });

  it("refuses fixings out of order, after expiry, or none, and an average without its value", () => {
    const terms = {
      type: "call",
      spot: 100,
      strike: 100,
      rate: 0,
      dividendYield: 0,
      volatility: 0.3,
      timeToExpiry: 1,
    } as const;
    for (const [name, method] of Object.entries(METHODS)) {
      const refuses = (fixingTimes: number[], because: string) => {
        expect(() => method({ ...terms, fixingTimes }), name).to.throw(RangeError, because);
      };
      refuses([0.5, 0.4], "must ascend, got 0.4 after 0.5");
      refuses([0.5, 1.1], "in 1.1 years, is after timeToExpiry, 1");
      refuses([-0.1], "a fixing time must be 0 or more");
      refuses([], "at least one fixing");
    }
    expect(() => levy({ ...terms, elapsedTime: 0.1 })).to.throw(
      RangeError,
      "currentAverage of a period that has begun",
    );
    expect(() => vecerContinuous({ ...terms, timeToExpiry: 0 })).to.throw(
      RangeError,
      "timeToExpiry must be positive",
    );
  });
});
