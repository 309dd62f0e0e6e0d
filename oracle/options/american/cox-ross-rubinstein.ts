import { checkNumber } from "../check-number.ts";
import { checkVanilla } from "../check-vanilla.ts";
import type { VanillaTerms } from "../terms.ts";
import { binomialTree, type TreeSettings } from "./binomial-tree.ts";

/**
 * Price on the tree of Cox, Ross and Rubinstein, whose nodes stay where they are as the rates change. Its error
 * falls as 1/steps and swings with the strike's place between two nodes; `leisenReimer` is the better one to price by.
 *
 * Source: J. Cox, S. Ross & M. Rubinstein (1979); up = 1/down = exp(σ√Δt).
 *
 * @throws RangeError if a field is out of its domain, or volatility is too small for the number of steps
 */
export function coxRossRubinstein(terms: VanillaTerms, settings: TreeSettings): number {
  checkVanilla(terms);
  checkNumber("steps", settings.steps, "positive integer");
  const { rate, dividendYield, volatility, timeToExpiry } = terms;
  const { steps, exercise } = settings;
  if (timeToExpiry === 0)
    return Math.max(terms.type === "call" ? terms.spot - terms.strike : terms.strike - terms.spot, 0);
  checkNumber("volatility on a tree", volatility, "positive");
  const step = timeToExpiry / steps;
  const up = Math.exp(volatility * Math.sqrt(step));
  const down = 1 / up;
  const probability = (Math.exp((rate - dividendYield) * step) - down) / (up - down);
  return binomialTree(terms, { steps, up, down, probability }, exercise);
}
