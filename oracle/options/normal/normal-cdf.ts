import { erfNearZero } from "./erf-near-zero.ts";
import { erfcx } from "./erfcx.ts";
import { expMinusHalfSquare } from "./exp-minus-half-square.ts";

/**
 * The standard normal distribution function Φ(x): absolute error below 1e-15 everywhere, relative error below 1e-14
 * in the left tail as far as doubles reach (x ≈ −38). For a right tail ask `normalCdf(-x)`.
 *
 * Source: Φ(x) = ½ erfc(−x/√2), with Cody's approximations (see `erfcx`).
 */
export function normalCdf(x: number): number {
  if (Math.abs(x) <= 0.46875 * Math.SQRT2) return 0.5 + 0.5 * erfNearZero(x * Math.SQRT1_2);
  if (Number.isNaN(x)) return NaN;
  const tail = 0.5 * expMinusHalfSquare(x) * erfcx(Math.abs(x) * Math.SQRT1_2);
  return x < 0 ? tail : 1 - tail;
}
