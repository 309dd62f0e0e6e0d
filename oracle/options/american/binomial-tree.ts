import { checkChoice } from "../check-choice.ts";
import type { VanillaTerms } from "../terms.ts";

/** One binomial tree: what spot is multiplied by in a step, and the probability of the upward one. */
export interface BinomialTree {
  steps: number;
  up: number;
  down: number;
  probability: number;
}

export interface TreeSettings {
  /** Number of steps; the error falls as one over it. Time and memory: steps²/2 and steps. */
  steps: number;
  /** `american`: at every step; `european`: at expiry only, to see the error of the tree. */
  exercise: "american" | "european";
}

/**
 * Price by backward induction on a recombining tree.
 *
 * Source: J. Cox, S. Ross & M. Rubinstein, "Option pricing: a simplified approach", J. Financial Economics 7 (1979)
 * 229–263.
 *
 * @throws RangeError if `exercise` is neither, or the tree's probability is not between 0 and 1
 */
export function binomialTree(
  terms: VanillaTerms,
  tree: BinomialTree,
  exercise: TreeSettings["exercise"],
): number {
  checkChoice("exercise", exercise, ["american", "european"]);
  const { steps, up, down, probability } = tree;
  const { spot, strike, rate, volatility, timeToExpiry } = terms;
  if (!(probability > 0 && probability < 1 && down > 0)) {
    throw new RangeError(
      `A tree of ${steps} steps has no probabilities at volatility ${volatility} over ${timeToExpiry} years: ` +
        `its upward one is ${probability}. Take more steps or another tree.`,
    );
  }
  const sign = terms.type === "call" ? 1 : -1;
  const discount = Math.exp((-rate * timeToExpiry) / steps);
  const upward = discount * probability;
  const downward = discount * (1 - probability);
  const ups = powers(up, steps);
  const downs = powers(down, steps);
  const payoff = (step: number, rises: number) =>
    sign * (spot * (ups[rises] ?? 0) * (downs[step - rises] ?? 0) - strike);
  const values = Float64Array.from(ups, (_, rises) => Math.max(payoff(steps, rises), 0));
  for (let step = steps - 1; step >= 0; step--) {
    for (let rises = 0; rises <= step; rises++) {
      const held = downward * (values[rises] ?? 0) + upward * (values[rises + 1] ?? 0);
      values[rises] = exercise === "american" ? Math.max(held, payoff(step, rises)) : held;
    }
  }
  return values[0] ?? 0;
}

/** base⁰ to baseⁿ. */
function powers(base: number, n: number): Float64Array {
  const logarithm = Math.log(base);
  return Float64Array.from({ length: n + 1 }, (_, exponent) => Math.exp(exponent * logarithm));
}
