import { horner } from "./horner.ts";

const NUMERATOR = [
  3.2093775891384694e3, 3.77485237685302e2, 1.1386415415105016e2, 3.1611237438705655, 1.85777706184603153e-1,
];
const DENOMINATOR = [
  2.844236833439171e3, 1.2826165260773723e3, 2.4402463793444417e2, 2.3601290952344122e1, 1,
];

/**
 * The error function, 2/√π ∫₀ˣ exp(−t²) dt, for |x| ≤ 0.46875 only: beyond it, `erfcx` is the better-conditioned half.
 *
 * Source: W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969) 631–637.
 */
export function erfNearZero(x: number): number {
  const square = x * x;
  return (x * horner(NUMERATOR, square)) / horner(DENOMINATOR, square);
}
