import { expect } from "chai";

import { andersenLakeOffengenden } from "../../../oracle/options/american/andersen-lake-offengenden.ts";
import { baroneAdesiWhaley } from "../../../oracle/options/american/barone-adesi-whaley.ts";
import { bjerksundStensland } from "../../../oracle/options/american/bjerksund-stensland.ts";
import { juZhong } from "../../../oracle/options/american/ju-zhong.ts";
import { leisenReimer } from "../../../oracle/options/american/leisen-reimer.ts";
import { geometricDiscreteAsian } from "../../../oracle/options/asian/geometric-discrete-asian.ts";
import { kemnaVorst } from "../../../oracle/options/asian/kemna-vorst.ts";
import { levy } from "../../../oracle/options/asian/levy.ts";
import { turnbullWakeman } from "../../../oracle/options/asian/turnbull-wakeman.ts";
import { vecerContinuous } from "../../../oracle/options/asian/vecer-continuous.ts";
import { vecerDiscrete } from "../../../oracle/options/asian/vecer-discrete.ts";
import { assetNoTouch } from "../../../oracle/options/barrier/asset-no-touch.ts";
import { assetOneTouch } from "../../../oracle/options/barrier/asset-one-touch.ts";
import { barrierOption } from "../../../oracle/options/barrier/barrier-option.ts";
import { noTouch } from "../../../oracle/options/barrier/no-touch.ts";
import { oneTouch } from "../../../oracle/options/barrier/one-touch.ts";
import type { TouchTerms } from "../../../oracle/options/barrier/touch-terms.ts";
import { assetOrNothing } from "../../../oracle/options/digital/asset-or-nothing.ts";
import { cashOrNothing } from "../../../oracle/options/digital/cash-or-nothing.ts";
import { gapOption } from "../../../oracle/options/digital/gap-option.ts";
import { blackScholesGreeks, type Greeks } from "../../../oracle/options/european/black-scholes-greeks.ts";
import { blackScholesPrice } from "../../../oracle/options/european/black-scholes-price.ts";
import {
  continuousAsianOf,
  discreteAsianOf,
  numberOf,
  optionVectors,
  vanillaOf,
  type OptionVector,
} from "./option-vectors.ts";

/** A touch option's type says on which side its barrier, called strike, is. */
function touchOf(vector: OptionVector): TouchTerms {
  const { type, strike, ...rest } = vanillaOf(vector);
  return { ...rest, direction: type === "call" ? "up" : "down", barrier: strike };
}

function barrierOf(vector: OptionVector): number {
  const kind = /^(Down|Up)(In|Out)$/.exec(String(vector.inputs["barrier_type"]));
  return barrierOption({
    ...vanillaOf(vector),
    direction: kind?.[1] === "Up" ? "up" : "down",
    knock: kind?.[2] === "In" ? "in" : "out",
    barrier: numberOf(vector, "barrier"),
    rebate: numberOf(vector, "rebate"),
  });
}

function greekOf(vector: OptionVector): number {
  const greeks = blackScholesGreeks(vanillaOf(vector));
  const name = String(vector.inputs["greek"]);
  return name === "theta_per_day" ? greeks.theta / 365 : greeks[name as keyof Greeks];
}

const tree = (vector: OptionVector) => leisenReimer(vanillaOf(vector), { steps: 801, exercise: "american" });
const cash = (vector: OptionVector) => numberOf(vector, "cash");

/**
 * How each family is priced: by what the published figure is of, and, where the second computation is of another
 * kind, by what that one is of.
 */
const FAMILIES: Record<
  string,
  { published: (vector: OptionVector) => number; independent?: (vector: OptionVector) => number }
> = {
  european_price: { published: (vector) => blackScholesPrice(vanillaOf(vector)) },
  european_greek: { published: greekOf },
  digital_cash: { published: (vector) => cashOrNothing({ ...vanillaOf(vector), cash: cash(vector) }) },
  digital_asset: { published: (vector) => assetOrNothing(vanillaOf(vector)) },
  digital_gap: {
    published: (vector) =>
      gapOption({ ...vanillaOf(vector), payoffStrike: numberOf(vector, "payoff_strike") }),
  },
  onetouch_cash_at_hit: {
    published: (vector) => oneTouch({ ...touchOf(vector), cash: cash(vector), payAt: "touch" }),
  },
  onetouch_cash_at_expiry: {
    published: (vector) => oneTouch({ ...touchOf(vector), cash: cash(vector), payAt: "expiry" }),
  },
  onetouch_asset_at_hit: { published: (vector) => assetOneTouch({ ...touchOf(vector), payAt: "touch" }) },
  onetouch_asset_at_expiry: { published: (vector) => assetOneTouch({ ...touchOf(vector), payAt: "expiry" }) },
  notouch_cash_at_expiry: { published: (vector) => noTouch({ ...touchOf(vector), cash: cash(vector) }) },
  notouch_asset_at_expiry: { published: (vector) => assetNoTouch(touchOf(vector)) },
  barrier: { published: barrierOf },
  asian_geo_continuous: { published: (vector) => kemnaVorst(vanillaOf(vector)) },
  asian_geo_discrete: { published: (vector) => geometricDiscreteAsian(discreteAsianOf(vector)) },
  asian_arith_discrete_mc: {
    published: (vector) => vecerDiscrete(discreteAsianOf(vector)),
    independent: (vector) => turnbullWakeman(discreteAsianOf(vector)),
  },
  asian_arith_discrete_tw: { published: (vector) => turnbullWakeman(discreteAsianOf(vector)) },
  asian_arith_continuous_levy: { published: (vector) => levy(continuousAsianOf(vector)) },
  asian_arith_continuous_vecer: { published: (vector) => vecerContinuous(continuousAsianOf(vector)) },
  // The published American prices are approximations, each compared with the approximation of its author; the
  // second computation is a tree, and so is what it is compared with.
  american_baw: { published: (vector) => baroneAdesiWhaley(vanillaOf(vector)), independent: tree },
  american_bjs: { published: (vector) => bjerksundStensland(vanillaOf(vector)), independent: tree },
  american_ju: { published: (vector) => juZhong(vanillaOf(vector)), independent: tree },
  american_premium_hp: {
    published: (vector) => andersenLakeOffengenden(vanillaOf(vector)) - blackScholesPrice(vanillaOf(vector)),
    independent: (vector) => tree(vector) - blackScholesPrice(vanillaOf(vector)),
  },
};

/**
 * Where the published figure is further from the truth than its tolerance says. 0.2386475283369327 pins the digits of
 * a boundary iteration stopped after two rounds; iterated to the end it is 0.23865039 (trees of 2000 to 8000 steps
 * extrapolate to 0.238651 to 0.238653).
 */
const LOOSER: Record<string, number> = { "american_premium_hp-001": 5e-6 };

describe("published option prices", function () {
  this.timeout(60_000);

  it("are met within their tolerances, all 168 of them, and so are their second computations", function () {
    const vectors = optionVectors(this);
    expect(vectors).to.have.length(168);
    let [published, independent] = [0, 0];
    for (const vector of vectors) {
      const family = FAMILIES[vector.family];
      if (family === undefined) throw new Error(`no way to price ${vector.id}`);
      const price = family.published(vector);
      expect(price, `${vector.id}, ${vector.reference}`).to.be.closeTo(
        vector.expected,
        LOOSER[vector.id] ?? vector.tolerance,
      );
      published++;
      if (typeof vector.independent !== "number" || typeof vector.check_tolerance !== "number") continue;
      const second = family.independent?.(vector) ?? price;
      expect(second, `${vector.id}, second computation`).to.be.closeTo(
        vector.independent,
        vector.check_tolerance,
      );
      independent++;
    }
    expect({ published, independent }).to.deep.equal({ published: 168, independent: 165 });
  });
});
