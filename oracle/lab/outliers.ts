import { basisPoints } from "./basis-points.ts";
import type { Outlier, PathPoint } from "./result.ts";

/** How many times the usual step a step must be, and how many basis points at least. */
const TIMES = 20;
const LEAST = 50;

/**
 * Prices far from the one before: by more than 20 times the median step, and by 0.5 % at least. They are told, not changed: a
 * wild price may be a wrong one or a wild market.
 */
export function outliersOf(path: readonly PathPoint[]): Outlier[] {
  const steps = path.slice(1).map(({ price }, i) => {
    const before = path[i]?.price ?? price;
    return Math.abs(Number(price - before)) / Number(before);
  });
  const median = steps.toSorted((a, b) => a - b)[steps.length >> 1] ?? 0;
  const limit = Math.max(TIMES * median, LEAST / 10_000);
  return steps.flatMap((step, i) => {
    const [before, point] = [path[i], path[i + 1]];
    if (step <= limit || before === undefined || point === undefined) return [];
    const { time, price } = point;
    return [{ time, price, before: before.price, basisPoints: basisPoints(price, before.price) ?? 0 }];
  });
}
