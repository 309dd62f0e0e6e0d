import { checkNumber } from "../check-number.ts";
import { checkVanilla } from "../check-vanilla.ts";
import type { VanillaTerms } from "../terms.ts";

/**
 * For the approximations, which look for one price at which to exercise.
 *
 * @throws RangeError if a field is out of its domain, or rate and dividendYield are such that a range of prices is
 * to be exercised at, with an end on either side
 */
export function checkAmerican(terms: VanillaTerms): void {
  checkVanilla(terms);
  checkNumber("volatility of an American option", terms.volatility, "positive");
  const { type, rate, dividendYield } = terms;
  const [gained, lost] = type === "call" ? [dividendYield, rate] : [rate, dividendYield];
  if (gained <= 0 && lost < gained) {
    throw new RangeError(
      `This American ${type} has two exercise prices at rate ${rate} and dividendYield ${dividendYield}: price it by a tree.`,
    );
  }
}
