/** A thread that runs points of a sweep, one after the other. */
import { parentPort } from "node:worker_threads";

import { runScenario } from "../run-scenario.ts";
import type { Cell } from "../result.ts";
import type { Scenario } from "../scenario.ts";
import { sweepRow } from "./sweep-row.ts";

/** What it is asked. */
export interface SweepTask {
  readonly place: number;
  readonly scenario: Scenario;
  readonly folder: string;
}

/** What it answers. */
export type SweepAnswer =
  | { readonly place: number; readonly row: readonly Cell[] }
  | { readonly place: number; readonly problem: string };

const port = parentPort;
if (port === null) throw new Error("sweep-worker.ts runs as a worker thread only; runSweep starts it.");

port.on("message", ({ place, scenario, folder }: SweepTask) => {
  runScenario(scenario, { folder }).then(
    (result) => {
      port.postMessage({ place, row: sweepRow(result) } satisfies SweepAnswer);
    },
    (error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error);
      port.postMessage({ place, problem } satisfies SweepAnswer);
    },
  );
});
