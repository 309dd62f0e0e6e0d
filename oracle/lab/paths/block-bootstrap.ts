import { uniformSource } from "./uniform-source.ts";

/**
 * Returns drawn from others, some in a row at a time, from even places and around the end: moments are those of the source,
 * and so is what neighbours have in common within a block.
 *
 * Source: D. N. Politis & J. P. Romano, "A circular block-resampling procedure for stationary data" (1992).
 * @param returns at least one
 * @param block how many in a row
 */
export function* blockBootstrap(
  returns: readonly number[],
  block: number,
  seed: number,
): Generator<number, never> {
  if (returns.length === 0) throw new RangeError("there are no returns to draw from; at least 1 is needed");
  const uniform = uniformSource(seed, "block bootstrap");
  for (;;) {
    const first = Math.floor(uniform() * returns.length);
    for (let i = 0; i < block; i++) yield returns[(first + i) % returns.length] ?? 0;
  }
}
