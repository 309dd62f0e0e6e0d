import { growthAverage } from "../asian/growth-average.ts";
import type { VanillaTerms } from "../terms.ts";

/** What the quadratic approximations make of the rates: the early exercise premium is taken to go as spot^λ. */
export interface QuadraticExponent {
  /** λ: above 1 for a call, below 0 for a put. */
  exponent: number;
  /** 2·rate/σ² divided by 1 − exp(−rate·T); finite also at rate 0. */
  ratio: number;
  /** √((N − 1)² + 4·ratio), N = 2b/σ². */
  root: number;
}

/**
 * Source: L. MacMillan, "Analytic approximation for the American put option", Advances in Futures and Options
 * Research 1 (1986) 119–139; G. Barone-Adesi & R. Whaley (1987), equation 13: q₁ and q₂.
 */
export function quadraticExponent(terms: VanillaTerms): QuadraticExponent {
  const { rate, dividendYield, volatility, timeToExpiry } = terms;
  const variance = volatility * volatility;
  const sign = terms.type === "call" ? 1 : -1;
  const slope = (2 * (rate - dividendYield)) / variance - 1;
  const ratio = 2 / (variance * timeToExpiry * growthAverage(-rate * timeToExpiry));
  const root = Math.sqrt(slope * slope + 4 * ratio);
  return { exponent: 0.5 * (-slope + sign * root), ratio, root };
}
