import { checkNumber } from "../check-number.ts";
import { checkVanilla } from "../check-vanilla.ts";
import type { DiscreteAsianTerms } from "./asian-terms.ts";

/** @throws RangeError if a field is out of its domain, there is no fixing, or fixings are not ascending up to expiry */
export function checkDiscreteAsian(terms: DiscreteAsianTerms): void {
  checkVanilla(terms);
  const { fixingTimes, pastFixings = [], timeToExpiry } = terms;
  if (fixingTimes.length + pastFixings.length === 0)
    throw new RangeError("An Asian option needs at least one fixing.");
  for (const fixing of pastFixings) checkNumber("a past fixing", fixing, "positive");
  let previous = 0;
  for (const time of fixingTimes) {
    checkNumber("a fixing time", time, "not negative");
    if (time < previous) throw new RangeError(`Fixing times must ascend, got ${time} after ${previous}.`);
    previous = time;
  }
  // A few units of rounding: fixing times are often built by adding steps up.
  if (previous > timeToExpiry * (1 + 1e-12)) {
    throw new RangeError(`The last fixing, in ${previous} years, is after timeToExpiry, ${timeToExpiry}.`);
  }
}
