import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import type { Parts } from "../parts.ts";
import type { Cell } from "../result.ts";
import type { Scenario } from "../scenario.ts";
import { LabError } from "../world/hardhat.ts";
import type { SweepAnswer, SweepTask } from "./sweep-worker.ts";

export interface SweepSetting {
  readonly folder: string;
  /** What an earlier run has finished already. */
  readonly parts: Parts;
  readonly onProgress?: (done: number, of: number) => void;
  readonly stop?: AbortSignal;
  /** How many threads; as many as the machine has cores by default. */
  readonly threads?: number;
}

/**
 * Runs all points of a sweep in worker threads. Rows come in the order of the points, whichever is ready first.
 * @throws LabError where a point fails; the signal's reason where it is stopped
 */
export async function runSweep(
  points: readonly Scenario[],
  setting: SweepSetting,
): Promise<(readonly Cell[])[]> {
  const { folder, parts, onProgress, stop, threads = availableParallelism() } = setting;
  const rows = points.map((point) => parts.get("sweep", point) as readonly Cell[] | undefined);
  const waiting = [...points.keys()].filter((place) => rows[place] === undefined);
  const tell = (): void => onProgress?.(rows.filter((row) => row !== undefined).length, points.length);
  tell();
  const workers: Worker[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL("./sweep-worker.ts", import.meta.url));
      workers.push(worker);
      const next = (): void => {
        const place = waiting.shift();
        const scenario = place === undefined ? undefined : points[place];
        if (place === undefined || scenario === undefined) resolve();
        else worker.postMessage({ place, scenario, folder } satisfies SweepTask);
      };
      worker.on("message", (answer: SweepAnswer) => {
        const { place } = answer;
        if ("problem" in answer) {
          reject(new LabError(`point ${place + 1} of ${points.length} of the sweep: ${answer.problem}`));
          return;
        }
        rows[place] = answer.row;
        const point = points[place];
        if (point !== undefined) parts.put("sweep", point, answer.row);
        tell();
        next();
      });
      worker.on("error", reject);
      stop?.addEventListener("abort", () => {
        reject(stop.reason as Error);
      });
      next();
    });
  try {
    stop?.throwIfAborted();
    await Promise.all(Array.from({ length: Math.min(threads, waiting.length) }, work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return rows.map((row) => row ?? []);
}
