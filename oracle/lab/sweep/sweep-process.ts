/** A process that runs points of a sweep, one after the other. */
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

if (process.send === undefined)
  throw new Error("sweep-process.ts runs as a child process only; runSweep starts it.");
const tell = (answer: SweepAnswer): void => void process.send?.(answer);

process.on("disconnect", () => process.exit()); // whoever wanted the rows is gone
process.on("message", ({ place, scenario, folder }: SweepTask) => {
  runScenario(scenario, { folder }).then(
    (result) => {
      tell({ place, row: sweepRow(result) });
    },
    (error: unknown) => {
      tell({ place, problem: error instanceof Error ? error.message : String(error) });
    },
  );
});
