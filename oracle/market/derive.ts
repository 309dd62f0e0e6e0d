import { divideHalfEven, powerOfTen } from "../decimal.ts";
import type { DerivedMethod } from "../feeds/method.ts";

/** A price with its decimals. */
export interface ScaledPrice {
  readonly units: bigint;
  readonly decimals: number;
}

/**
 * The price of a derived feed, in one step and rounded once, half to even.
 * @param b the second component; not looked at for `inverse`
 * @returns null where it would divide by zero
 */
export function derive(
  kind: DerivedMethod["kind"],
  a: ScaledPrice,
  b: ScaledPrice,
  decimals: number,
): bigint | null {
  if (kind === "product") return rescale(a.units * b.units, 1n, decimals - a.decimals - b.decimals);
  const [top, bottom] = kind === "ratio" ? [a, b] : [{ units: 1n, decimals: 0 }, a];
  if (bottom.units === 0n) return null;
  return rescale(top.units, bottom.units, decimals - top.decimals + bottom.decimals);
}

/** `numerator / denominator × 10^power`, rounded half to even. */
function rescale(numerator: bigint, denominator: bigint, power: number): bigint {
  return power >= 0
    ? divideHalfEven(numerator * powerOfTen(power), denominator)
    : divideHalfEven(numerator, denominator * powerOfTen(-power));
}
