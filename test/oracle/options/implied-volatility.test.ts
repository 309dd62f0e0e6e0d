import { expect } from "chai";
import fc from "fast-check";

import { blackScholesGreeks } from "../../../oracle/options/european/black-scholes-greeks.ts";
import { blackScholesPrice } from "../../../oracle/options/european/black-scholes-price.ts";
import { impliedVolatility } from "../../../oracle/options/european/implied-volatility.ts";
import type { VanillaTerms } from "../../../oracle/options/terms.ts";
import { RUNS, vanilla } from "./arbitraries.ts";

const FORWARD = { spot: 100, rate: 0, dividendYield: 0 };

/** Relative error that one rounding of the price alone brings into the volatility. */
function conditioning(terms: VanillaTerms): number {
  const { price, vega } = blackScholesGreeks(terms);
  return (price * Number.EPSILON) / (vega * terms.volatility);
}

describe("implied volatility", () => {
  it("returns the volatility within 1e-12 over a wide grid of out-of-the-money prices, down to 1e-290", () => {
    let [tried, smallest] = [0, 1];
    for (const strike of [1, 20, 50, 80, 95, 99, 99.99, 100, 100.01, 101, 105, 130, 200, 500, 10_000]) {
      for (const volatility of [1e-4, 0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 4]) {
        for (const timeToExpiry of [1 / 365, 0.1, 1, 5]) {
          const terms = {
            ...FORWARD,
            type: strike < 100 ? "put" : "call",
            strike,
            volatility,
            timeToExpiry,
          } as const;
          const price = blackScholesPrice(terms);
          if (price < 1e-290) continue;
          const bound = strike < 100 ? strike : 100;
          if (price >= bound) continue;
          const implied = impliedVolatility({ ...terms, price });
          // Near the upper bound a price has fewer digits of volatility in it than 12.
          const allowed = Math.max(1e-12, 4 * conditioning(terms));
          expect(Math.abs(implied / volatility - 1), JSON.stringify(terms)).to.be.at.most(allowed);
          if (allowed === 1e-12) tried++;
          smallest = Math.min(smallest, price);
        }
      }
    }
    expect(tried).to.be.above(300);
    expect(smallest).to.be.below(1e-100);
  });

  it("gives back any price within 1e-12 of spot, in the money too", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const price = blackScholesPrice(terms);
        const volatility = impliedVolatility({ ...terms, price });
        expect(blackScholesPrice({ ...terms, volatility })).to.be.closeTo(price, 1e-12 * terms.spot);
      }),
      RUNS,
    );
  });

  it("rises with the price", () => {
    const quoted = { ...FORWARD, type: "call", strike: 120, timeToExpiry: 0.5 } as const;
    const prices = [1e-200, 1e-50, 1e-10, 0.001, 0.1, 1, 10, 50, 90, 99, 99.999];
    const volatilities = prices.map((price) => impliedVolatility({ ...quoted, price }));
    expect(volatilities).to.deep.equal([...volatilities].sort((a, b) => a - b));
    expect(new Set(volatilities).size).to.equal(prices.length);
  });

  it("is 0 for the discounted intrinsic value", () => {
    const quoted = { ...FORWARD, type: "put", strike: 120, timeToExpiry: 0.5 } as const;
    expect(impliedVolatility({ ...quoted, price: 20 })).to.equal(0);
    expect(impliedVolatility({ ...quoted, strike: 80, price: 0 })).to.equal(0);
  });

  it("refuses a price that no volatility gives, with both sides of the comparison", () => {
    const quoted = { ...FORWARD, type: "call", strike: 80, timeToExpiry: 0.5 } as const;
    expect(() => impliedVolatility({ ...quoted, price: 19.9 })).to.throw(
      RangeError,
      "at 19.9: its discounted intrinsic value is 20",
    );
    expect(() => impliedVolatility({ ...quoted, price: 100 })).to.throw(
      RangeError,
      "at 100: its price stays below 100",
    );
    expect(() => impliedVolatility({ ...quoted, type: "put", price: 80.5 })).to.throw(
      RangeError,
      "stays below 80",
    );
    expect(() => impliedVolatility({ ...quoted, price: NaN })).to.throw(RangeError, "price must be");
    expect(() => impliedVolatility({ ...quoted, price: 21, timeToExpiry: 0 })).to.throw(
      RangeError,
      "timeToExpiry must be positive",
    );
  });
});
