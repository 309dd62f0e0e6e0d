import type { VanillaTerms } from "../terms.ts";

/**
 * Whether waiting is always at least as good as exercising, so that the American option is the European one: a call
 * on what yields nothing, a put when money yields nothing. A yield of less than 1e-12 until expiry is nothing.
 *
 * Source: Merton, "Theory of rational option pricing" (1973), theorem 2, and its mirror image for puts.
 */
export function isNeverExercisedEarly(terms: VanillaTerms): boolean {
  const { type, rate, dividendYield, timeToExpiry } = terms;
  const [gained, lost] = type === "call" ? [dividendYield, rate] : [rate, dividendYield];
  return gained * timeToExpiry <= 1e-12 && (gained > 0 || lost >= gained);
}
