import { expect } from "chai";

import { leisenReimer } from "../../../oracle/options/american/leisen-reimer.ts";
import { kemnaVorst } from "../../../oracle/options/asian/kemna-vorst.ts";
import { vecerDiscrete } from "../../../oracle/options/asian/vecer-discrete.ts";
import { assetOneTouch } from "../../../oracle/options/barrier/asset-one-touch.ts";
import { barrierOption } from "../../../oracle/options/barrier/barrier-option.ts";
import { noTouch } from "../../../oracle/options/barrier/no-touch.ts";
import { oneTouch } from "../../../oracle/options/barrier/one-touch.ts";
import { shiftBarrierForFixings } from "../../../oracle/options/barrier/shift-barrier-for-fixings.ts";
import { cashOrNothing } from "../../../oracle/options/digital/cash-or-nothing.ts";
import { blackScholesPrice } from "../../../oracle/options/european/black-scholes-price.ts";
import { impliedVolatility } from "../../../oracle/options/european/implied-volatility.ts";

describe("words that no type has checked", () => {
  const wrong = (word: string): never => word as never;
  const terms = {
    type: "call",
    direction: "up",
    spot: 100,
    strike: 100,
    barrier: 120,
    rate: 0.02,
    dividendYield: 0,
    volatility: 0.3,
    timeToExpiry: 1,
  } as const;
  const fixings = { ...terms, fixingTimes: [1] };
  const cases = [
    ["type must be call or put, got Call.", () => blackScholesPrice({ ...terms, type: wrong("Call") })],
    ["type must be call or put, got Call.", () => cashOrNothing({ ...terms, cash: 1, type: wrong("Call") })],
    ["type must be call or put, got Call.", () => vecerDiscrete({ ...fixings, type: wrong("Call") })],
    ["type must be call or put, got Call.", () => kemnaVorst({ ...terms, type: wrong("Call") })],
    [
      "type must be call or put, got Call.",
      () => impliedVolatility({ ...terms, price: 9, type: wrong("Call") }),
    ],
    [
      "exercise must be american or european, got US.",
      () => leisenReimer(terms, { steps: 51, exercise: wrong("US") }),
    ],
    ["direction must be up or down, got UP.", () => noTouch({ ...terms, cash: 1, direction: wrong("UP") })],
    [
      "direction must be up or down, got UP.",
      () => shiftBarrierForFixings({ ...terms, interval: 0.1, direction: wrong("UP") }),
    ],
    ["knock must be in or out, got IN.", () => barrierOption({ ...terms, rebate: 0, knock: wrong("IN") })],
    ["payAt must be touch or expiry, got hit.", () => oneTouch({ ...terms, cash: 1, payAt: wrong("hit") })],
    ["payAt must be touch or expiry, got hit.", () => assetOneTouch({ ...terms, payAt: wrong("hit") })],
  ] as const;

  it("are refused, not taken for the other one", () => {
    for (const [said, price] of cases) expect(price, price.toString()).to.throw(RangeError, said);
  });
});
