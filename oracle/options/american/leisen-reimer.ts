import { checkNumber } from "../check-number.ts";
import { checkVanilla } from "../check-vanilla.ts";
import { standardisedMoneyness } from "../european/standardised-moneyness.ts";
import type { VanillaTerms } from "../terms.ts";
import { binomialTree, type TreeSettings } from "./binomial-tree.ts";

/**
 * Price on the tree of Leisen and Reimer, which is centred on the strike and converges without swings: European
 * prices as 1/steps², American ones as 1/steps.
 *
 * Source: D. Leisen & M. Reimer, "Binomial models for option valuation: examining and improving convergence", Applied
 * Mathematical Finance 3 (1996) 319–346, with the Peizer–Pratt inversion, method 2.
 *
 * @throws RangeError if a field is out of its domain, `steps` is even, or volatility is too small for a tree
 */
export function leisenReimer(terms: VanillaTerms, settings: TreeSettings): number {
  checkVanilla(terms);
  checkNumber("steps", settings.steps, "positive integer");
  const { rate, dividendYield, volatility, timeToExpiry } = terms;
  const { steps, exercise } = settings;
  if (steps % 2 === 0)
    throw new RangeError(
      `This tree is centred on the strike and needs an odd number of steps, got ${steps}.`,
    );
  if (timeToExpiry === 0)
    return Math.max(terms.type === "call" ? terms.spot - terms.strike : terms.strike - terms.spot, 0);
  checkNumber("volatility on a tree", volatility, "positive");
  const { d1, d2 } = standardisedMoneyness(terms);
  const probability = peizerPratt(d2, steps);
  const growth = Math.exp(((rate - dividendYield) * timeToExpiry) / steps);
  const up = (growth * peizerPratt(d1, steps)) / probability;
  const down = (growth - probability * up) / (1 - probability);
  return binomialTree(terms, { steps, up, down, probability }, exercise);
}

/** The binomial probability whose distribution over `steps` steps is nearest to Φ(z). */
function peizerPratt(z: number, steps: number): number {
  const scaled = z / (steps + 1 / 3 + 0.1 / (steps + 1));
  return 0.5 + Math.sign(z) * 0.5 * Math.sqrt(-Math.expm1(-scaled * scaled * (steps + 1 / 6)));
}
