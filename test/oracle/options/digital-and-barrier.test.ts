import { expect } from "chai";
import fc from "fast-check";

import { assetNoTouch } from "../../../oracle/options/barrier/asset-no-touch.ts";
import { assetOneTouch } from "../../../oracle/options/barrier/asset-one-touch.ts";
import { barrierOption, type BarrierTerms } from "../../../oracle/options/barrier/barrier-option.ts";
import { noTouch } from "../../../oracle/options/barrier/no-touch.ts";
import { oneTouch, type OneTouchTerms } from "../../../oracle/options/barrier/one-touch.ts";
import { shiftBarrierForFixings } from "../../../oracle/options/barrier/shift-barrier-for-fixings.ts";
import { assetOrNothing } from "../../../oracle/options/digital/asset-or-nothing.ts";
import { cashOrNothing } from "../../../oracle/options/digital/cash-or-nothing.ts";
import { gapOption } from "../../../oracle/options/digital/gap-option.ts";
import { blackScholesGreeks } from "../../../oracle/options/european/black-scholes-greeks.ts";
import { blackScholesPrice } from "../../../oracle/options/european/black-scholes-price.ts";
import { monteCarlo } from "../../../oracle/options/montecarlo/monte-carlo.ts";
import { real, RUNS, vanilla } from "./arbitraries.ts";

const direction = fc.constantFrom("up" as const, "down" as const);
const touch: fc.Arbitrary<OneTouchTerms> = fc
  .tuple(vanilla, direction, real(0.6, 1.6), fc.constantFrom("touch" as const, "expiry" as const))
  .map(([terms, side, distance, payAt]) => {
    // A rate that a payment at the touch has a closed form for, whatever the volatility
    const rate = Math.max(terms.rate, 0);
    return { ...terms, rate, direction: side, barrier: terms.spot * distance, cash: 10, payAt };
  });
const barrier: fc.Arbitrary<BarrierTerms> = fc
  .tuple(vanilla, direction, real(0.6, 1.6))
  .map(([terms, side, distance]) => ({
    ...terms,
    direction: side,
    knock: "in" as const,
    barrier: terms.spot * distance,
    rebate: 0,
  }));

const discounted = (terms: { rate: number; timeToExpiry: number }) =>
  Math.exp(-terms.rate * terms.timeToExpiry);

describe("digital options", () => {
  it("an asset-or-nothing less strike in cash-or-nothing is the vanilla option", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const parts = assetOrNothing(terms) - cashOrNothing({ ...terms, cash: terms.strike });
        const price = blackScholesPrice(terms);
        expect(terms.type === "call" ? parts : -parts).to.be.closeTo(price, 1e-12 * terms.spot);
        expect(gapOption({ ...terms, payoffStrike: terms.strike })).to.be.closeTo(price, 1e-12 * terms.spot);
      }),
      RUNS,
    );
  });

  it("a call and a put together are certain", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const both = (price: (type: "call" | "put") => number) => price("call") + price("put");
        expect(both((type) => cashOrNothing({ ...terms, type, cash: 7 }))).to.be.closeTo(
          7 * discounted(terms),
          1e-13,
        );
        const asset = terms.spot * Math.exp(-terms.dividendYield * terms.timeToExpiry);
        expect(both((type) => assetOrNothing({ ...terms, type }))).to.be.closeTo(asset, 1e-12 * terms.spot);
      }),
      RUNS,
    );
  });

  it("a cash-or-nothing is the slope of the vanilla price in its strike", () => {
    fc.assert(
      fc.property(vanilla, (terms) => {
        const slope = blackScholesGreeks(terms).dualDelta;
        const digital = cashOrNothing({ ...terms, cash: 1 });
        expect(digital).to.be.closeTo(terms.type === "call" ? -slope : slope, 1e-13);
      }),
      RUNS,
    );
  });

  it("at expiry it pays strictly beyond the strike, and nothing on it", () => {
    const terms = { strike: 100, rate: 0.05, dividendYield: 0, volatility: 0.2, timeToExpiry: 0, cash: 5 };
    const paid = (type: "call" | "put", spot: number) => cashOrNothing({ ...terms, type, spot });
    expect([paid("call", 100.01), paid("call", 100), paid("call", 99.99)]).to.deep.equal([5, 0, 0]);
    expect([paid("put", 100.01), paid("put", 100), paid("put", 99.99)]).to.deep.equal([0, 0, 5]);
  });
});

describe("options with a barrier", function () {
  this.timeout(60_000);

  it("a touch and no touch together are certain, in cash and in the asset", () => {
    fc.assert(
      fc.property(touch, (terms) => {
        const atExpiry = { ...terms, payAt: "expiry" as const };
        expect(oneTouch(atExpiry) + noTouch(terms)).to.be.closeTo(terms.cash * discounted(terms), 1e-11);
        const asset = terms.spot * Math.exp(-terms.dividendYield * terms.timeToExpiry);
        expect(assetOneTouch(atExpiry) + assetNoTouch(terms)).to.be.closeTo(asset, 1e-11 * terms.spot);
      }),
      RUNS,
    );
  });

  it("a touch is worth between nothing and its cash, and more when paid at once at a rate above 0", () => {
    fc.assert(
      fc.property(touch, (terms) => {
        const [now, later] = (["touch", "expiry"] as const).map((payAt) => oneTouch({ ...terms, payAt }));
        expect(later).to.be.within(0, terms.cash * (1 + 1e-12));
        expect(now).to.be.within(later! - 1e-10, terms.cash * (1 + 1e-12));
      }),
      RUNS,
    );
  });

  it("a touch is at least as likely as the digital beyond the same barrier", () => {
    fc.assert(
      fc.property(touch, (terms) => {
        const type = terms.direction === "up" ? "call" : "put";
        const digital = cashOrNothing({ ...terms, type, strike: terms.barrier });
        expect(oneTouch({ ...terms, payAt: "expiry" })).to.be.at.least(digital - 1e-11);
      }),
      RUNS,
    );
  });

  it("in and out together are the vanilla option", () => {
    fc.assert(
      fc.property(barrier, (terms) => {
        const sum = barrierOption(terms) + barrierOption({ ...terms, knock: "out" });
        expect(sum).to.be.closeTo(blackScholesPrice(terms), 1e-10 * terms.spot);
      }),
      RUNS,
    );
  });

  it("without a rebate it has a price at rates at which a payment at the touch has none", () => {
    const terms = {
      type: "call",
      direction: "down",
      spot: 100,
      strike: 58,
      barrier: 99.5,
      rate: -0.07,
      dividendYield: -0.08,
      volatility: 0.07,
      timeToExpiry: 0.04,
    } as const;
    const [out, into] = (["out", "in"] as const).map((knock) =>
      barrierOption({ ...terms, knock, rebate: 0 }),
    );
    expect(out).to.be.above(0);
    expect((out ?? 0) + (into ?? 0)).to.be.closeTo(blackScholesPrice(terms), 1e-10);
    expect(() => barrierOption({ ...terms, knock: "out", rebate: 1 })).to.throw(RangeError, "no closed form");
  });

  it("is worth between nothing and the vanilla option, and a rebate adds to it", () => {
    fc.assert(
      fc.property(barrier, fc.constantFrom("in" as const, "out" as const), (terms, knock) => {
        const rate = Math.max(terms.rate, 0);
        const price = barrierOption({ ...terms, rate, knock });
        expect(price).to.be.within(0, blackScholesPrice({ ...terms, rate }) + 1e-10 * terms.spot);
        expect(barrierOption({ ...terms, rate, knock, rebate: 5 })).to.be.within(price, price + 5 + 1e-10);
      }),
      RUNS,
    );
  });

  it("a far barrier is none, and a touched one decides", () => {
    const terms = {
      type: "call",
      spot: 100,
      strike: 100,
      rate: 0.05,
      dividendYield: 0.01,
      volatility: 0.2,
      timeToExpiry: 0.5,
    } as const;
    const vanillaPrice = blackScholesPrice(terms);
    const at = (rest: Pick<BarrierTerms, "direction" | "knock" | "barrier">) =>
      barrierOption({ ...terms, ...rest, rebate: 3 });
    expect(at({ direction: "up", knock: "out", barrier: 1000 })).to.be.closeTo(vanillaPrice, 1e-10);
    expect(at({ direction: "down", knock: "in", barrier: 10 })).to.be.closeTo(3 * discounted(terms), 1e-10);
    expect(at({ direction: "up", knock: "out", barrier: 100 })).to.equal(3);
    expect(at({ direction: "down", knock: "in", barrier: 100 })).to.equal(vanillaPrice);
    const expired = {
      ...terms,
      spot: 110,
      timeToExpiry: 0,
      direction: "up",
      barrier: 120,
      rebate: 3,
    } as const;
    expect(barrierOption({ ...expired, knock: "out" })).to.equal(10);
    expect(barrierOption({ ...expired, knock: "in" })).to.equal(3);
  });

  it("watched at fixings only, it is the continuous one with the shifted barrier, by Monte Carlo", () => {
    const market = { spot: 100, rate: 0.05, dividendYield: 0, volatility: 0.3 };
    const [barrierLevel, timeToExpiry, count] = [120, 0.5, 60];
    const times = Array.from({ length: count }, (_, i) => (timeToExpiry * (i + 1)) / count);
    const estimate = monteCarlo(
      {
        ...market,
        times,
        timeToExpiry,
        payoff: (path) => (path.some((price) => price >= barrierLevel) ? 1 : 0),
      },
      { paths: 100_000, seed: 5 },
    );
    const terms = { ...market, direction: "up", timeToExpiry, cash: 1, payAt: "expiry" } as const;
    const shifted = shiftBarrierForFixings({
      ...terms,
      barrier: barrierLevel,
      interval: timeToExpiry / count,
    });
    expect(shifted).to.be.above(barrierLevel);
    expect(oneTouch({ ...terms, barrier: shifted })).to.be.closeTo(
      estimate.price,
      3 * estimate.standardError,
    );
    expect(oneTouch({ ...terms, barrier: barrierLevel })).to.be.above(
      estimate.price + 10 * estimate.standardError,
    );
    const down = shiftBarrierForFixings({ direction: "down", barrier: 80, volatility: 0.3, interval: 0.01 });
    expect(down).to.be.closeTo(80 * Math.exp(-0.5825971579390107 * 0.03), 1e-12);
  });

  it("says when a payment at the touch has no closed form", () => {
    const terms = {
      direction: "up",
      spot: 100,
      barrier: 110,
      rate: -0.05,
      dividendYield: -0.05,
      volatility: 0.1,
      timeToExpiry: 1,
      cash: 1,
    } as const;
    expect(() => oneTouch({ ...terms, payAt: "touch" })).to.throw(
      RangeError,
      "rate -0.05 and volatility 0.1",
    );
    expect(oneTouch({ ...terms, payAt: "expiry" })).to.be.within(0, Math.exp(0.05));
    expect(() => oneTouch({ ...terms, payAt: "expiry", volatility: 0 })).to.throw(
      RangeError,
      "must be positive, got 0",
    );
    expect(() => oneTouch({ ...terms, payAt: "expiry", barrier: 0 })).to.throw(
      RangeError,
      "barrier must be positive",
    );
  });
});
