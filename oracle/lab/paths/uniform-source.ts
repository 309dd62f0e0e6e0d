import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

import { seedOf } from "../../market/simulated/random.ts";

/**
 * Even numbers from 0 up to, not including, 1: a stream of its own for each purpose, so that one more draw here moves
 * nothing there.
 * @param seed the run's
 * @param purpose what the numbers are for
 */
export function uniformSource(seed: number, purpose: string): () => number {
  const generator = xoroshiro128plus(seedOf(seed, purpose));
  generator.jump();
  return () => uniformFloat64(generator);
}
