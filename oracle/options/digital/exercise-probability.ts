import { normalCdf } from "../normal/normal-cdf.ts";
import type { OptionType } from "../terms.ts";

/** Φ(±d), the probability that an option ends in the money; exactly at the money (d is NaN) it does not. */
export function exerciseProbability(type: OptionType, d: number): number {
  return Number.isNaN(d) ? 0 : normalCdf(type === "call" ? d : -d);
}
