import { checkChoice } from "../check-choice.ts";
import { checkNumber } from "../check-number.ts";

const MINUS_ZETA_HALF_OVER_SQRT_TWO_PI = 0.5825971579390107;

/**
 * The continuously watched barrier that stands for one watched only at fixings `interval` years apart: further
 * away, because a path may cross and return between two fixings. Price with it in place of `barrier`.
 *
 * Source: M. Broadie, P. Glasserman & S. Kou, "A continuity correction for discrete barrier options", Mathematical
 * Finance 7 (1997) 325–349: barrier·exp(±0.5826·σ·√interval), 0.5826 = −ζ(½)/√(2π). Its error falls faster than
 * √interval; it is poor where spot is within a few σ√interval of the barrier.
 *
 * @throws RangeError if a field is out of its domain
 */
export function shiftBarrierForFixings(terms: {
  direction: "up" | "down";
  barrier: number;
  volatility: number;
  /** Years from one fixing to the next. */
  interval: number;
}): number {
  checkChoice("direction", terms.direction, ["up", "down"]);
  checkNumber("barrier", terms.barrier, "positive");
  checkNumber("volatility", terms.volatility, "not negative");
  checkNumber("interval", terms.interval, "not negative");
  const shift = MINUS_ZETA_HALF_OVER_SQRT_TWO_PI * terms.volatility * Math.sqrt(terms.interval);
  return terms.barrier * Math.exp(terms.direction === "up" ? shift : -shift);
}
