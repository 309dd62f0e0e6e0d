import { checkChoice } from "../check-choice.ts";
import { checkMarket } from "../check-market.ts";
import { checkNumber } from "../check-number.ts";
import type { TouchTerms } from "./touch-terms.ts";

/** @throws RangeError if a field is out of its domain; a barrier still ahead needs a volatility above 0 */
export function checkTouch(terms: TouchTerms): void {
  checkMarket(terms);
  checkChoice("direction", terms.direction, ["up", "down"]);
  checkNumber("barrier", terms.barrier, "positive");
  checkNumber("timeToExpiry", terms.timeToExpiry, "not negative");
  checkNumber("volatility of an option with a barrier", terms.volatility, "positive");
}
