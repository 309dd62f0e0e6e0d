import type { OptionKind } from "./planned-option.ts";
import type { Fraction } from "./fraction.ts";

/** How an option's kind sees prices: all but `asian` and `touch` look at the last one. */
export interface Payable {
  readonly kind: OptionKind | "own";
  readonly strike: bigint;
  /** 0 for kinds without one. */
  readonly bound: bigint;
  readonly size: bigint;
}

/**
 * What an option pays, exactly, in the smallest unit of its token: written from the definitions of the kinds and not from the
 * contracts, with which it shares nothing. European kinds are in the money strictly; a touch is at the level or beyond it.
 * @param prices the fixings it looks at, in the feed's decimals; at least one
 * @param decimals the feed's
 */
export function exactPayoff(
  { kind, strike, bound, size }: Payable,
  prices: readonly bigint[],
  decimals: number,
): Fraction {
  const last = prices.at(-1) ?? 0n;
  const scale = 10n ** BigInt(decimals);
  const all = (paid: boolean): Fraction => ({ numerator: paid ? size : 0n, denominator: 1n });
  switch (kind) {
    case "call":
    case "call-spread":
      return { numerator: size * between(last - strike, bound - strike), denominator: scale };
    case "put":
    case "put-spread":
      return { numerator: size * between(strike - last, strike - bound), denominator: scale };
    case "base-call":
      return last > strike ? { numerator: size * (last - strike), denominator: last } : all(false);
    case "digital-call":
      return all(last > strike);
    case "digital-put":
      return all(last < strike);
    case "asian-call": {
      const count = BigInt(prices.length);
      const gain = between(sum(prices) - count * strike, count * (bound - strike));
      return { numerator: size * gain, denominator: scale * count };
    }
    case "asian-put": {
      const count = BigInt(prices.length);
      const gain = between(count * strike - sum(prices), count * (strike - bound));
      return { numerator: size * gain, denominator: scale * count };
    }
    case "touch-up":
      return all(prices.some((price) => price >= strike));
    case "touch-down":
      return all(prices.some((price) => price <= strike));
    case "own":
      throw new RangeError("what a contract of one's own pays, it says itself");
  }
}

/** What the holder receives where no fixing counts: his share of the collateral, in hundredths of a percent. */
export function exactSplit(collateral: bigint, share: bigint): Fraction {
  return { numerator: collateral * share, denominator: 10_000n };
}

/** What must be locked, so that no price asks for more. */
export function exactCollateral(option: Payable, decimals: number): Fraction {
  const scale = 10n ** BigInt(decimals);
  const { kind, strike, bound, size } = option;
  switch (kind) {
    case "call":
    case "call-spread":
    case "asian-call":
      return { numerator: size * (bound - strike), denominator: scale };
    case "put":
    case "put-spread":
    case "asian-put":
      return { numerator: size * (strike - bound), denominator: scale };
    default:
      return { numerator: size, denominator: 1n };
  }
}

function between(value: bigint, most: bigint): bigint {
  return value < 0n ? 0n : value > most ? most : value;
}

function sum(prices: readonly bigint[]): bigint {
  return prices.reduce((total, price) => total + price, 0n);
}
