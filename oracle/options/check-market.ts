import { checkNumber } from "./check-number.ts";
import type { Market } from "./terms.ts";

/** @throws RangeError if a field is out of its domain */
export function checkMarket(market: Market): void {
  checkNumber("spot", market.spot, "positive");
  checkNumber("rate", market.rate, "finite");
  checkNumber("dividendYield", market.dividendYield, "finite");
  checkNumber("volatility", market.volatility, "not negative");
}
