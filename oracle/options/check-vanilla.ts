import { checkChoice } from "./check-choice.ts";
import { checkMarket } from "./check-market.ts";
import { checkNumber } from "./check-number.ts";
import type { VanillaTerms } from "./terms.ts";

/** @throws RangeError if a field is out of its domain */
export function checkVanilla(terms: VanillaTerms): void {
  checkChoice("type", terms.type, ["call", "put"]);
  checkMarket(terms);
  checkNumber("strike", terms.strike, "positive");
  checkNumber("timeToExpiry", terms.timeToExpiry, "not negative");
}
