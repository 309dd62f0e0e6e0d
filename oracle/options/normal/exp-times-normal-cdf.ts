import { erfcx } from "./erfcx.ts";
import { normalCdf } from "./normal-cdf.ts";

/**
 * exp(`exponent`)·Φ(`x`), also where the first factor overflows and the second underflows: barrier formulae
 * multiply (barrier/spot)^(2μ) by a probability, and at a low volatility μ runs into the thousands.
 */
export function expTimesNormalCdf(exponent: number, x: number): number {
  if (x === -Infinity) return 0;
  if (x > -5) return Math.exp(exponent) * normalCdf(x);
  return 0.5 * Math.exp(exponent - 0.5 * x * x) * erfcx(-x * Math.SQRT1_2);
}
