import { millsRatio } from "./mills-ratio.ts";

/**
 * 1 − z·R(z) for the Mills ratio R, which is also −R′(z), without the cancellation that the subtraction suffers
 * for large z (there it is about 1/z²).
 *
 * Source: Laplace's continued fraction R(z) = 1/(z + 1/(z + 2/(z + 3/(z + …)))) (Abramowitz & Stegun 26.2.14), from
 * which 1 − z·R(z) = R(z)/(z + 2/(z + 3/(z + …))): positive terms only.
 */
export function millsDefect(z: number): number {
  if (z < 4) return 1 - z * millsRatio(z);
  let fraction = z;
  for (let k = Math.ceil(20 + 600 / (z * z)); k >= 2; k--) fraction = z + k / fraction;
  return millsRatio(z) / fraction;
}
