import { blackScholesGreeks } from "../european/black-scholes-greeks.ts";
import { blackScholesPrice } from "../european/black-scholes-price.ts";
import type { VanillaTerms } from "../terms.ts";
import { checkAmerican } from "./check-american.ts";
import { criticalPrice } from "./critical-price.ts";
import { isNeverExercisedEarly } from "./is-never-exercised-early.ts";
import { quadraticExponent } from "./quadratic-exponent.ts";

/**
 * Price of an American call or put by the quadratic approximation with its second-order correction: a few parts in
 * a thousand at all expiries, a fraction of `baroneAdesiWhaley`'s error.
 *
 * Source: N. Ju & R. Zhong, "An approximate formula for pricing American options", J. Derivatives 7 (1999) 31–40.
 * In the paper h = 1 − exp(−rT) and α = 2r/σ² both vanish with the rate; here they appear as α/h and h′ only.
 *
 * @throws RangeError if a field is out of its domain, or there are two exercise prices
 */
export function juZhong(terms: VanillaTerms): number {
  checkAmerican(terms);
  const { spot, strike, rate, volatility, timeToExpiry } = terms;
  const sign = terms.type === "call" ? 1 : -1;
  const intrinsic = Math.max(sign * (spot - strike), 0);
  if (timeToExpiry === 0) return intrinsic;
  const european = blackScholesPrice(terms);
  if (isNeverExercisedEarly(terms)) return european;
  const { exponent, ratio, root } = quadraticExponent(terms);
  const critical = criticalPrice(terms, exponent);
  if (sign * (spot - critical) >= 0) return intrinsic;

  const discount = Math.exp(-rate * timeToExpiry);
  const atCritical = blackScholesGreeks({ ...terms, spot: critical });
  const premium = sign * (critical - strike) - atCritical.price;
  // α·∂λ/∂h, and α·∂(European price)/∂h = α·(−theta)·∂T/∂h with ∂T/∂h = 1/(r(1 − h)).
  const exponentSlope = (-sign * ratio * ratio) / root;
  const europeanSlope = (-2 * atCritical.theta) / (volatility * volatility * discount);
  const b = (discount * exponentSlope) / (2 * sign * root);
  const c = (-discount / (sign * root)) * (europeanSlope / premium + ratio + exponentSlope / (sign * root));
  const distance = Math.log(spot / critical);
  const correction = 1 - distance * (b * distance + c);
  // Far from the critical price, where hardly anything is left of a small premium, the correction can lose its sense.
  const price = european + (premium * Math.exp(exponent * distance)) / (correction > 0.1 ? correction : 1);
  return Math.max(price, european, intrinsic);
}
