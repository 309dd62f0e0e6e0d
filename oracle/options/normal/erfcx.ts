import { erfNearZero } from "./erf-near-zero.ts";
import { horner } from "./horner.ts";

const MIDDLE_NUMERATOR = [
  1.2303393547979972e3, 2.0510783778260716e3, 1.7120476126340707e3, 8.81952221241769e2, 2.986351381974001e2,
  6.611919063714163e1, 8.883149794388377, 0.5641884969886701, 2.1531153547440383e-8,
];
const MIDDLE_DENOMINATOR = [
  1.2303393548037495e3, 3.4393676741437216e3, 4.362619090143247e3, 3.2907992357334597e3, 1.6213895745666903e3,
  5.371811018620099e2, 1.176939508913125e2, 1.5744926110709835e1, 1,
];
const FAR_NUMERATOR = [
  6.587491615298378e-4, 1.6083785148742275e-2, 0.12578172611122926, 0.36034489994980445, 0.30532663496123236,
  1.6315387137302097e-2,
];
const FAR_DENOMINATOR = [
  2.3352049762686918e-3, 6.05183413124413191e-2, 0.5279051029514285, 1.8729528499234604, 2.568520192289822, 1,
];
const INVERSE_SQRT_PI = 0.5641895835477563;

/**
 * The scaled complementary error function, exp(x²)·erfc(x): what is left of erfc once its underflowing factor is
 * taken out, so that tails keep their relative accuracy (a few units in the last place for x ≥ 0).
 *
 * Source: W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969) 631–637.
 */
export function erfcx(x: number): number {
  if (x < -0.46875) return 2 * Math.exp(x * x) - erfcx(-x);
  if (x <= 0.46875) return Math.exp(x * x) * (1 - erfNearZero(x));
  if (x <= 4) return horner(MIDDLE_NUMERATOR, x) / horner(MIDDLE_DENOMINATOR, x);
  const inverseSquare = 1 / (x * x);
  const correction =
    (inverseSquare * horner(FAR_NUMERATOR, inverseSquare)) / horner(FAR_DENOMINATOR, inverseSquare);
  return (INVERSE_SQRT_PI - correction) / x;
}
