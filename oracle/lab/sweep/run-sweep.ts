import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

import type { Parts } from "../parts.ts";
import type { Cell } from "../result.ts";
import type { Scenario } from "../scenario.ts";
import { LabError } from "../world/hardhat.ts";
import type { SweepAnswer, SweepTask } from "./sweep-process.ts";

export interface SweepSetting {
  readonly folder: string;
  /** What an earlier run has finished already. */
  readonly parts: Parts;
  readonly onProgress?: (done: number, of: number) => void;
  readonly stop?: AbortSignal;
  /** How many processes; as many as the machine has cores by default. */
  readonly processes?: number;
}

const WORKER = fileURLToPath(new URL("./sweep-process.ts", import.meta.url));

/**
 * Runs all points of a sweep, in processes and not in threads: Hardhat's chain writes to the standard output of a process that
 * opens it twice. Rows come in the order of the points, whichever is ready first.
 * @throws LabError where a point fails; the signal's reason where it is stopped
 */
export async function runSweep(
  points: readonly Scenario[],
  setting: SweepSetting,
): Promise<(readonly Cell[])[]> {
  const { folder, parts, onProgress, stop, processes = availableParallelism() } = setting;
  const rows = points.map((point) => parts.get("sweep", point) as readonly Cell[] | undefined);
  const waiting = [...points.keys()].filter((place) => rows[place] === undefined);
  const tell = (): void => onProgress?.(rows.filter((row) => row !== undefined).length, points.length);
  tell();
  const workers: ChildProcess[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = fork(WORKER, {
        serialization: "advanced", // numbers of any size
        stdio: ["ignore", "ignore", "inherit", "ipc"],
        execArgv: [],
      });
      workers.push(worker);
      const next = (): void => {
        const place = waiting.shift();
        const scenario = place === undefined ? undefined : points[place];
        if (place === undefined || scenario === undefined) resolve();
        else worker.send({ place, scenario, folder } satisfies SweepTask);
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
      worker.on("exit", (code, signal) => {
        reject(
          new LabError(`a process of the sweep ended before its rows were there (${signal ?? code ?? ""})`),
        );
      });
      stop?.addEventListener("abort", () => {
        reject(stop.reason as Error);
      });
      next();
    });
  try {
    stop?.throwIfAborted();
    await Promise.all(Array.from({ length: Math.min(processes, waiting.length) }, work));
  } finally {
    await Promise.all(workers.map(ended));
  }
  return rows.map((row) => row ?? []);
}

async function ended(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exit = once(worker, "exit");
  worker.kill("SIGKILL");
  await exit;
}
