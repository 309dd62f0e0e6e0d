import { expect } from "chai";
import fc from "fast-check";

import { blackScholesGreeks } from "../../../oracle/options/european/black-scholes-greeks.ts";
import { blackScholesPrice } from "../../../oracle/options/european/black-scholes-price.ts";
import { normalisedBlackComplement } from "../../../oracle/options/european/normalised-black-complement.ts";
import { normalisedBlack } from "../../../oracle/options/european/normalised-black.ts";
import type { VanillaTerms } from "../../../oracle/options/terms.ts";
import { real, RUNS, vanilla } from "./arbitraries.ts";
import { FixedPoint } from "./exact-normal.ts";

/** d f/d x by central differences at two widths, extrapolated. */
function slope(f: (x: number) => number, x: number, width: number): number {
  const at = (h: number) => (f(x + h) - f(x - h)) / (2 * h);
  return (4 * at(width / 2) - at(width)) / 3;
}

const withField = (terms: VanillaTerms, field: keyof VanillaTerms) => (value: number) => ({
  ...terms,
  [field]: value,
});

describe("European options", function () {
  this.timeout(60_000);

  it("normalised prices agree with exact arithmetic wherever doubles can say them", () => {
    const fixed = new FixedPoint(1500);
    for (const moneyness of [0, 1e-9, 1e-4, 0.01, 0.1, 0.7, 3, 8]) {
      for (const s of [1e-6, 1e-3, 0.02, 0.15, 0.4, 1, 3, 8]) {
        const h = moneyness / s;
        if (h > 30) continue;
        const [x, half] = [fixed.of(-moneyness), fixed.of(s) / 2n];
        const d = fixed.divide(x, fixed.of(s));
        const up = fixed.multiply(fixed.exp(x / 2n), fixed.cdf(d + half));
        const down = fixed.multiply(fixed.exp(-x / 2n), fixed.cdf(d - half));
        // An argument's last digit moves the tail by h² of its own.
        const allowed = 3e-15 * (1 + h * h);
        const name = `b(${-moneyness}, ${s})`;
        expect(Math.abs(fixed.relativeError(normalisedBlack(-moneyness, s), up - down)), name).to.be.below(
          allowed,
        );
        const rest = fixed.exp(x / 2n) - (up - down);
        expect(
          Math.abs(fixed.relativeError(normalisedBlackComplement(-moneyness, s), rest)),
          name,
        ).to.be.below(1e-13);
      }
    }
  });

  it("put–call parity holds within 1e-12 of spot", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const call = blackScholesPrice({ ...terms, type: "call" });
        const put = blackScholesPrice({ ...terms, type: "put" });
        const asset = terms.spot * Math.exp(-terms.dividendYield * terms.timeToExpiry);
        const cash = terms.strike * Math.exp(-terms.rate * terms.timeToExpiry);
        expect(Math.abs(call - put - (asset - cash))).to.be.at.most(1e-12 * terms.spot);
      }),
      RUNS,
    );
  });

  it("prices lie between the discounted intrinsic value and the discounted forward or strike", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const price = blackScholesPrice(terms);
        const asset = terms.spot * Math.exp(-terms.dividendYield * terms.timeToExpiry);
        const cash = terms.strike * Math.exp(-terms.rate * terms.timeToExpiry);
        expect(price).to.be.at.least(Math.max(terms.type === "call" ? asset - cash : cash - asset, 0));
        expect(price).to.be.at.most((terms.type === "call" ? asset : cash) * (1 + 1e-14));
      }),
      RUNS,
    );
  });

  it("prices rise with volatility, and with spot for a call, fall for a put", () => {
    fc.assert(
      fc.property(vanilla, real(0.001, 0.3), (terms, more) => {
        const price = blackScholesPrice(terms);
        fc.pre(price > 1e-300 && price < 0.999 * terms.spot);
        expect(blackScholesPrice({ ...terms, volatility: terms.volatility * (1 + more) })).to.be.at.least(
          price,
        );
        const higher = blackScholesPrice({ ...terms, spot: terms.spot * (1 + more) });
        if (terms.type === "call") expect(higher).to.be.above(price);
        else expect(higher).to.be.below(price);
      }),
      RUNS,
    );
  });

  it("without time or volatility the price is the intrinsic value of the forward, discounted", () => {
    const terms = {
      type: "call",
      spot: 110,
      strike: 100,
      rate: 0.05,
      dividendYield: 0.01,
      volatility: 0.3,
    } as const;
    expect(blackScholesPrice({ ...terms, timeToExpiry: 0 })).to.equal(10);
    expect(blackScholesPrice({ ...terms, type: "put", timeToExpiry: 0 })).to.equal(0);
    const still = blackScholesPrice({ ...terms, volatility: 0, timeToExpiry: 2 });
    expect(still).to.be.closeTo(110 * Math.exp(-0.02) - 100 * Math.exp(-0.1), 1e-12);
  });

  it("first-order greeks are the slopes of the price", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const greeks = blackScholesGreeks(terms);
        const along = (
          field: "spot" | "strike" | "rate" | "dividendYield" | "volatility" | "timeToExpiry",
          width: number,
        ) => slope((value) => blackScholesPrice(withField(terms, field)(value)), terms[field], width);
        expect(greeks.price).to.equal(blackScholesPrice(terms));
        expect(greeks.delta).to.be.closeTo(along("spot", 0.02), 1e-8);
        expect(greeks.dualDelta).to.be.closeTo(along("strike", 0.02), 1e-8);
        expect(greeks.vega).to.be.closeTo(along("volatility", 1e-3), 1e-5);
        expect(greeks.rho).to.be.closeTo(along("rate", 1e-3), 1e-5);
        expect(greeks.dividendRho).to.be.closeTo(along("dividendYield", 1e-3), 1e-5);
        expect(greeks.theta).to.be.closeTo(-along("timeToExpiry", 2e-4 * terms.timeToExpiry), 1e-5);
        const elasticity = slope(
          (factor) => Math.log(blackScholesPrice({ ...terms, spot: terms.spot * Math.exp(factor) })),
          0,
          1e-4,
        );
        if (greeks.price > 1e-300) expect(greeks.elasticity / elasticity).to.be.closeTo(1, 1e-6);
      }),
      RUNS,
    );
  });

  it("second-order greeks are the slopes of the first-order ones", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const greeks = blackScholesGreeks(terms);
        const along = (of: "delta" | "vega", field: "spot" | "volatility" | "timeToExpiry", width: number) =>
          slope((value) => blackScholesGreeks(withField(terms, field)(value))[of], terms[field], width);
        expect(greeks.gamma).to.be.closeTo(along("delta", "spot", 0.02), 1e-8);
        expect(greeks.vanna).to.be.closeTo(along("delta", "volatility", 2e-4), 1e-6);
        expect(greeks.vanna).to.be.closeTo(along("vega", "spot", 0.02), 1e-6);
        expect(greeks.volga).to.be.closeTo(along("vega", "volatility", 2e-4), 1e-4);
        expect(greeks.charm).to.be.closeTo(-along("delta", "timeToExpiry", 2e-4 * terms.timeToExpiry), 1e-6);
      }),
      RUNS,
    );
  });

  it("greeks satisfy the Black–Scholes equation", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const { spot, rate, dividendYield, volatility } = terms;
        const { price, delta, gamma, theta } = blackScholesGreeks(terms);
        const left =
          theta + 0.5 * volatility ** 2 * spot ** 2 * gamma + (rate - dividendYield) * spot * delta;
        expect(left).to.be.closeTo(rate * price, 1e-11 * spot);
      }),
      RUNS,
    );
  });

  it("a bad field is named, with what it must be and what it is", () => {
    const good = {
      type: "call",
      spot: 100,
      strike: 100,
      rate: 0,
      dividendYield: 0,
      volatility: 0.2,
      timeToExpiry: 1,
    } as const;
    for (const [field, value, wanted] of [
      ["spot", 0, "positive"],
      ["strike", -1, "positive"],
      ["strike", Infinity, "positive"],
      ["rate", NaN, "a finite number"],
      ["dividendYield", Infinity, "a finite number"],
      ["volatility", -0.1, "0 or more, and finite"],
      ["timeToExpiry", -1, "0 or more, and finite"],
    ] as const) {
      expect(() => blackScholesPrice({ ...good, [field]: value })).to.throw(
        RangeError,
        `${field} must be ${wanted}, got ${value}`,
      );
    }
    expect(() => blackScholesGreeks({ ...good, volatility: 0 })).to.throw(RangeError, "got 0 and 1");
    expect(() => blackScholesGreeks({ ...good, timeToExpiry: 0 })).to.throw(RangeError, "got 0.2 and 0");
  });
});
