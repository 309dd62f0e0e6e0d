import { normalCdf } from "../../options/normal/normal-cdf.ts";
import { normalPdf } from "../../options/normal/normal-pdf.ts";
import { gaussLegendre } from "../../options/quadrature/gauss-legendre.ts";
import { integrate } from "../../options/quadrature/integrate.ts";

/** A level that a price is compared with at some times only. */
export interface TouchAtFixings {
  readonly spot: number;
  readonly level: number;
  /** `up` is touched at `level` and above it, `down` at it and below it. */
  readonly direction: "up" | "down";
  /** Of log returns, a year; above 0. */
  readonly volatility: number;
  /** Years from now to each fixing, ascending, above 0; at least one. */
  readonly times: readonly number[];
}

const RULE = gaussLegendre(48);
/** Standard deviations beyond which nothing is reached any more: a part in 10^15. */
const FAR = 8;

/**
 * How likely a price that is lognormal, without rate or yield, is at or beyond a level at one of a list of fixings. A price
 * has no memory: how likely it is not to touch from a fixing on is an integral over where it is at the next one, and so on
 * back to now. Farther from the level than the fixings reach, it does not touch.
 */
export function touchAtFixings({ spot, level, direction, volatility, times }: TouchAtFixings): number {
  // Below a barrier in either direction: downward is upward in the mirror, where the drift has the other sign.
  const sign = direction === "up" ? 1 : -1;
  const barrier = sign * Math.log(level / spot);
  const steps = times.map((time, i) => {
    const years = time - (times[i - 1] ?? 0);
    return { mean: (-sign * volatility ** 2 * years) / 2, deviation: volatility * Math.sqrt(years) };
  });
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const low = barrier - FAR * volatility * Math.sqrt(last - first);
  /** Not to touch at this step's fixing or after it, from `x` before it. */
  const missFrom = (
    { mean, deviation }: (typeof steps)[number],
    x: number,
    after: (y: number) => number,
  ): number => {
    const far = (y: number) => (y - x - mean) / deviation;
    return (
      normalCdf(far(low)) + integrate(RULE, low, barrier, (y) => (normalPdf(far(y)) / deviation) * after(y))
    );
  };
  // From the last fixing back: behind it nothing is touched any more.
  let after: (y: number) => number = () => 1;
  for (const step of steps.slice(1).reverse()) {
    const known = new Map<number, number>();
    const next = after;
    after = (x) => {
      const value = known.get(x) ?? missFrom(step, x, next);
      known.set(x, value);
      return value;
    };
  }
  const [step] = steps;
  return step === undefined ? 0 : 1 - missFrom(step, 0, after);
}
