import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

import { normalQuantile } from "../normal/normal-quantile.ts";

const HALF_A_GRID_STEP = 2 ** -54;

/** What to write beside a seed so that a result can be repeated. */
export const GENERATOR = "xoroshiro128plus of pure-rand 8.4.2, jumped once; normals by AS 241";

/**
 * An endless supply of independent standard normal numbers, the same for the same seed.
 *
 * Normals come from uniform numbers by the quantile function: one for one, so that adding a draw moves no other. The
 * generator's first outputs repeat the bits of its seed; the jump of 2⁶⁴ steps takes it away from them.
 *
 * Source: D. Blackman & S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).
 *
 * @param seed - an integer from −2³¹ to 2³² − 1; −1 and 2³² − 1 are the same
 * @throws RangeError if it is not
 */
export function normalSource(seed: number): () => number {
  if (!Number.isInteger(seed) || seed < -(2 ** 31) || seed >= 2 ** 32) {
    throw new RangeError(`seed must be an integer from -2147483648 to 4294967295, got ${seed}.`);
  }
  const generator = xoroshiro128plus(seed);
  generator.jump();
  return () => normalQuantile(uniformFloat64(generator) + HALF_A_GRID_STEP);
}
