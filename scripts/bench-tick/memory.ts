import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Memory in bytes after so many ticks, garbage collected. */
export interface MemorySample {
  readonly ticks: number;
  /** Objects and buffers that are still needed. */
  readonly used: number;
  /** What the system counts as ours. */
  readonly rss: number;
}

/** A collection on demand, without a flag for whoever starts us. */
const collect = ((): (() => void) => {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
})();

/** Collects garbage and looks. */
export function sampleMemory(ticks: number): MemorySample {
  collect();
  collect(); // what the first one let go of
  const { heapUsed, external, rss } = process.memoryUsage(); // `external` has the array buffers in it
  return { ticks, used: heapUsed + external, rss };
}

/** Bytes per tick: the slope of the least-squares line through the samples. */
export function slope(samples: readonly MemorySample[], of: "used" | "rss"): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(samples.map(({ ticks }) => ticks));
  const level = mean(samples.map((sample) => sample[of]));
  const above = samples.reduce((sum, sample) => sum + (sample.ticks - middle) * (sample[of] - level), 0);
  return above / samples.reduce((sum, { ticks }) => sum + (ticks - middle) ** 2, 0);
}
