import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { versions } from "./manifest.ts";
import { NO_PARTS, type Parts, partsIn } from "./parts.ts";
import { checkScenario, readScenario, scenarioFile } from "./read-scenario.ts";
import type { Cell, Result } from "./result.ts";
import { runScenario } from "./run-scenario.ts";
import { readSeries } from "./read-series.ts";
import { runStudies } from "./run-studies.ts";
import { wildPrint } from "./studies/manipulation-print.ts";
import type { Scenario, ScenarioInput } from "./scenario.ts";
import { runSweep } from "./sweep/run-sweep.ts";
import { sweepPoints } from "./sweep/sweep-points.ts";
import { sweepStudy } from "./sweep/sweep-row.ts";
import { ensureBuilt } from "./world/ensure-built.ts";

/** What to simulate. */
export interface SimulateConfig {
  /** A scenario, the name of a shipped one, or a file; the first shipped one by default. */
  readonly scenario?: ScenarioInput | string;
  /** Another seed than the scenario's. */
  readonly seed?: number;
  /** A price file in place of the scenario's prices. */
  readonly file?: {
    readonly path: string;
    readonly symbol?: string;
    readonly columns?: { time: string; price: string };
  };
  /** Where finished parts are kept, so that a run that is killed can go on; nowhere by default. */
  readonly parts?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly stop?: AbortSignal;
}

/** How far a simulation is. */
export interface Progress {
  readonly what: "build" | "run" | "sweep" | "studies";
  readonly done: number;
  readonly of: number;
}

/**
 * Runs a scenario with its sweep and its studies. The same scenario, seed and data give the same result.
 * @throws ScenarioError, UsageError, PriceFileError for what cannot be run; LabError where Hardhat is missing
 */
export async function simulate(config: SimulateConfig = {}): Promise<Result> {
  const { scenario, folder } = settle(config);
  const { onProgress, stop } = config;
  const tell =
    (what: Progress["what"]) =>
    (done: number, of: number): void =>
      onProgress?.({ what, done, of });
  await ensureBuilt(tell("build"));
  const parts =
    config.parts === undefined
      ? NO_PARTS
      : partsIn(config.parts, [versions(), ...filesOf(scenario).map((file) => contentOf(file, folder))]);
  const common = { folder, ...(stop === undefined ? {} : { stop }) };
  const { sweep, ...alone } = scenario;
  const result = await finished(parts, alone, () =>
    runScenario(scenario, { ...common, onProgress: tell("run") }),
  );
  const points = sweepPoints(scenario);
  const rows: (readonly Cell[])[] =
    sweep === undefined ? [] : await runSweep(points, { ...common, parts, onProgress: tell("sweep") });
  tell("studies")(0, 1);
  const replayed = scenario.market.path.kind === "file" ? readSeries(scenario, folder).file : null;
  const print = replayed === null ? null : wildPrint(replayed);
  const studies = [...(rows.length === 0 ? [] : [sweepStudy(rows)]), ...runStudies(scenario, result, print)];
  tell("studies")(1, 1);
  return { ...result, studies };
}

/** The scenario with everything that was told beside it, and the folder in which its files are. */
export function settle({ scenario, seed, file }: SimulateConfig): { scenario: Scenario; folder: string } {
  let [given, folder]: [Scenario, string] = [defaultScenario(scenario), process.cwd()];
  if (scenario === undefined || typeof scenario === "string") folder = path.dirname(scenarioFile(scenario));
  if (seed !== undefined) given = { ...given, seed };
  if (file !== undefined) {
    const { symbol, columns } = file;
    const source = {
      kind: "file" as const,
      file: path.resolve(file.path),
      ...(symbol === undefined ? {} : { symbol }),
      ...(columns === undefined ? {} : { columns }),
    };
    // What a scenario says about its own prices is not true of others.
    const about = `Prices of ${path.basename(file.path)}, and all else as ${given.name} has it.`;
    given = { ...given, about, market: { ...given.market, path: source } };
  }
  return { scenario: checkScenario(given, given.name), folder };
}

function defaultScenario(scenario: SimulateConfig["scenario"]): Scenario {
  return scenario === undefined || typeof scenario === "string"
    ? readScenario(scenarioFile(scenario))
    : checkScenario(scenario, scenario.name);
}

/** What a part of a run has, or has now. */
async function finished(parts: Parts, from: unknown, make: () => Promise<Result>): Promise<Result> {
  const known = parts.get("run", from) as Result | undefined;
  if (known !== undefined) return known;
  const made = await make();
  parts.put("run", from, made);
  return made;
}

/** The files that a scenario names: what is in them is part of what a run is made from. */
function filesOf({ market: { path: source }, options: { payoff } }: Scenario): readonly string[] {
  const data = source.kind === "file" ? source.file : source.kind === "bootstrap" ? source.of : null;
  return [data, payoff?.artifact, payoff?.reference].filter((file) => typeof file === "string");
}

/** So that finished parts of other data are not taken for this run's. */
function contentOf(file: string, folder: string): string | null {
  const place = path.resolve(folder, file);
  // Where there is none the run itself says so, or it is a contract of this package.
  return existsSync(place) ? createHash("sha256").update(readFileSync(place)).digest("hex") : null;
}
