import { checkNumber } from "../check-number.ts";
import { checkVanilla } from "../check-vanilla.ts";
import type { ContinuousAsianTerms } from "./asian-terms.ts";

/** @throws RangeError if a field is out of its domain, or averaging has begun and `currentAverage` is missing */
export function checkContinuousAsian(terms: ContinuousAsianTerms): void {
  checkVanilla(terms);
  checkNumber("timeToExpiry", terms.timeToExpiry, "positive");
  const { elapsedTime = 0, currentAverage } = terms;
  checkNumber("elapsedTime", elapsedTime, "not negative");
  if (elapsedTime > 0)
    checkNumber("currentAverage of a period that has begun", currentAverage ?? NaN, "positive");
}
