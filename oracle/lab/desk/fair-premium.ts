import { cashOrNothing } from "../../options/digital/cash-or-nothing.ts";
import { blackScholesPrice } from "../../options/european/black-scholes-price.ts";
import { YEAR } from "../paths/synthetic-path.ts";
import type { Payable } from "./exact-payoff.ts";

/**
 * What an option is sold for, in the smallest unit of its token: Black and Scholes' price at a volatility, rounded down. A
 * capped option is the difference of two; Asians and touches are sold for the price of the European of the same strike, which
 * is too much for the one and too little for the other.
 * @param price in the feed's decimals, when it is sold
 * @param life seconds
 * @param decimals the feed's
 */
export function fairPremium(
  option: Payable,
  price: bigint,
  life: number,
  volatility: number,
  decimals: number,
): bigint {
  const { kind, strike, bound, size } = option;
  const market = {
    spot: Number(price),
    rate: 0,
    dividendYield: 0,
    volatility,
    timeToExpiry: life / YEAR,
  };
  const european = (type: "call" | "put", at: bigint): number =>
    at <= 0n ? 0 : blackScholesPrice({ ...market, type, strike: Number(at) });
  const cash = (value: number): bigint => (size * BigInt(Math.floor(value))) / 10n ** BigInt(decimals);
  const share = (value: number): bigint => (size * BigInt(Math.floor(value * 1e6))) / 1_000_000n;
  switch (kind) {
    case "call":
    case "call-spread":
    case "asian-call":
      return cash(european("call", strike) - european("call", bound));
    case "put":
    case "put-spread":
    case "asian-put":
      return cash(european("put", strike) - european("put", bound));
    case "base-call":
      return share(european("call", strike) / Number(price));
    case "digital-call":
    case "touch-up":
      return share(cashOrNothing({ ...market, type: "call", strike: Number(strike), cash: 1 }));
    case "digital-put":
    case "touch-down":
      return share(cashOrNothing({ ...market, type: "put", strike: Number(strike), cash: 1 }));
    case "own":
      return size / 100n; // no model knows it
  }
}
