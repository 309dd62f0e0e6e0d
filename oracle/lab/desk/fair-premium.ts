import { curran } from "../../options/asian/curran.ts";
import { cashOrNothing } from "../../options/digital/cash-or-nothing.ts";
import { blackScholesPrice } from "../../options/european/black-scholes-price.ts";
import { YEAR } from "../paths/synthetic-path.ts";
import type { Payable } from "./exact-payoff.ts";
import { touchAtFixings } from "./touch-at-fixings.ts";

/**
 * What an option is sold for, in the smallest unit of its token: its price under geometric Brownian motion, rounded down. Black
 * and Scholes', and the difference of two for a capped option; Curran's for an Asian over its fixings; for a touch the chance
 * that one of its fixings is at the level or beyond it. Nobody pays a rate.
 * @param price in the feed's decimals, when it is sold
 * @param lives seconds to each fixing that it looks at; the last is its expiry
 * @param decimals the feed's
 */
export function fairPremium(
  option: Payable,
  price: bigint,
  lives: readonly number[],
  volatility: number,
  decimals: number,
): bigint {
  const { kind, strike, bound, size } = option;
  const market = {
    spot: Number(price),
    rate: 0,
    dividendYield: 0,
    volatility,
    timeToExpiry: (lives.at(-1) ?? 0) / YEAR,
  };
  const times = lives.map((life) => life / YEAR);
  const european = (type: "call" | "put", at: bigint): number =>
    at <= 0n ? 0 : blackScholesPrice({ ...market, type, strike: Number(at) });
  const asian = (type: "call" | "put", at: bigint): number =>
    at <= 0n ? 0 : curran({ ...market, type, strike: Number(at), fixingTimes: times });
  const touch = (direction: "up" | "down"): number => {
    const beyond = direction === "up" ? price >= strike : price <= strike;
    if (volatility === 0) return beyond ? 1 : 0;
    return touchAtFixings({ spot: Number(price), level: Number(strike), direction, volatility, times });
  };
  const cash = (value: number): bigint => (size * BigInt(Math.floor(value))) / 10n ** BigInt(decimals);
  const share = (value: number): bigint => (size * BigInt(Math.floor(value * 1e6))) / 1_000_000n;
  switch (kind) {
    case "call":
    case "call-spread":
      return cash(european("call", strike) - european("call", bound));
    case "put":
    case "put-spread":
      return cash(european("put", strike) - european("put", bound));
    case "asian-call":
      return cash(asian("call", strike) - asian("call", bound));
    case "asian-put":
      return cash(asian("put", strike) - asian("put", bound));
    case "base-call":
      return share(european("call", strike) / Number(price));
    case "digital-call":
      return share(cashOrNothing({ ...market, type: "call", strike: Number(strike), cash: 1 }));
    case "digital-put":
      return share(cashOrNothing({ ...market, type: "put", strike: Number(strike), cash: 1 }));
    case "touch-up":
      return share(touch("up"));
    case "touch-down":
      return share(touch("down"));
    case "own":
      return size / 100n; // no model knows it
  }
}
