import { checkChoice } from "../check-choice.ts";
import { checkNumber } from "../check-number.ts";
import type { VanillaTerms } from "../terms.ts";
import { impliedTotalVolatility } from "./implied-total-volatility.ts";

/** A European option whose price is known and whose volatility is not. */
export interface QuotedOption extends Omit<VanillaTerms, "volatility"> {
  /** In units of `spot`. */
  price: number;
}

/**
 * The volatility at which `blackScholesPrice` gives `price`; 0 if the price is the discounted intrinsic value.
 *
 * As accurate as the price allows: an out-of-the-money price returns its volatility to about 1e-14 of it. A deep
 * in-the-money price holds the time value only in its last digits; imply from the other side of put–call parity.
 *
 * Source: see `impliedTotalVolatility`.
 *
 * @throws RangeError if a field is out of its domain, or no volatility gives the price: it is below the discounted
 * intrinsic value, or not below the discounted forward (call) or strike (put)
 */
export function impliedVolatility(quoted: QuotedOption): number {
  const { type, price, spot, strike, rate, dividendYield, timeToExpiry } = quoted;
  checkChoice("type", type, ["call", "put"]);
  checkNumber("price", price, "not negative");
  checkNumber("spot", spot, "positive");
  checkNumber("strike", strike, "positive");
  checkNumber("rate", rate, "finite");
  checkNumber("dividendYield", dividendYield, "finite");
  checkNumber("timeToExpiry", timeToExpiry, "positive");
  const asset = spot * Math.exp(-dividendYield * timeToExpiry);
  const cash = strike * Math.exp(-rate * timeToExpiry);
  const intrinsic = Math.max(type === "call" ? asset - cash : cash - asset, 0);
  const bound = type === "call" ? asset : cash;
  const rounding = 4 * Number.EPSILON * Math.max(asset, cash);
  if (price < intrinsic - rounding) {
    throw new RangeError(
      `No volatility prices this ${type} at ${price}: its discounted intrinsic value is ${intrinsic}.`,
    );
  }
  if (price >= bound) {
    throw new RangeError(`No volatility prices this ${type} at ${price}: its price stays below ${bound}.`);
  }
  const timeValue = price - intrinsic;
  if (timeValue <= 0) return 0;
  const normalised = timeValue / Math.sqrt(asset) / Math.sqrt(cash);
  return impliedTotalVolatility(-Math.abs(Math.log(asset / cash)), normalised) / Math.sqrt(timeToExpiry);
}
