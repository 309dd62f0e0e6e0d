/**
 * A zero of `f` between `low` and `high`, where `f` must have opposite signs, to about one unit in the last place.
 *
 * Source: R. P. Brent, "Algorithms for minimization without derivatives" (1973), chapter 4, procedure ZERO.
 *
 * @throws RangeError if the signs at the ends are equal
 */
export function findRoot(f: (x: number) => number, low: number, high: number): number {
  let a = low;
  let b = high;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (!(fa < 0 !== fb < 0))
    throw new RangeError(`No change of sign between ${low} (${fa}) and ${high} (${fb}).`);
  let [c, fc] = [a, fa];
  let step = b - a;
  let previousStep = step;
  for (let iteration = 0; iteration < 200; iteration++) {
    if (fb < 0 === fc < 0) {
      [c, fc] = [a, fa];
      step = previousStep = b - a;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const tolerance = 2 * Number.EPSILON * Math.abs(b);
    const half = 0.5 * (c - b);
    if (Math.abs(half) <= tolerance || fb === 0) return b;
    const interpolated = interpolate(a, fa, b, fb, c, fc);
    const keeps =
      Math.abs(previousStep) >= tolerance &&
      Math.abs(fa) > Math.abs(fb) &&
      Math.abs(interpolated) < Math.min(1.5 * Math.abs(half), 0.5 * Math.abs(previousStep)) &&
      interpolated > 0 === half > 0;
    previousStep = keeps ? step : half;
    step = keeps ? interpolated : half;
    [a, fa] = [b, fb];
    b += Math.abs(step) > tolerance ? step : Math.sign(half) * tolerance;
    fb = f(b);
  }
  return b;
}

/** The step from b by the secant through two points, or by inverse quadratic interpolation through three. */
function interpolate(a: number, fa: number, b: number, fb: number, c: number, fc: number): number {
  const s = fb / fa;
  if (a === c) return ((c - b) * s) / (1 - s);
  const q = fa / fc;
  const r = fb / fc;
  return (s * ((c - b) * q * (q - r) - (b - a) * (r - 1))) / -((q - 1) * (r - 1) * (s - 1));
}
