import { divideHalfEven } from "../decimal.ts";

/** How far a price is from the truth, in basis points to the nearest hundredth; null where one is missing. */
export function basisPoints(price: bigint | null, truth: bigint | null): number | null {
  if (price === null || truth === null || truth === 0n) return null;
  return Number(divideHalfEven((price - truth) * 1_000_000n, truth)) / 100;
}
