import type { Scenario } from "../scenario.ts";

/** Every value of each axis with every value of the others, the last axis fastest: a scenario for each. */
export function sweepPoints({ sweep, ...rest }: Scenario): readonly Scenario[] {
  if (sweep === undefined) return [];
  const { oracle, seed } = rest;
  const points: Scenario[] = [];
  for (const deviation of sweep.deviation ?? [oracle.deviation])
    for (const heartbeat of sweep.heartbeat ?? [oracle.heartbeat])
      for (const latency of sweep.latency ?? [oracle.latency])
        for (const own of sweep.seed ?? [seed])
          points.push({ ...rest, seed: own, oracle: { ...oracle, deviation, heartbeat, latency } });
  return points;
}
