import { rmdirSync, rmSync } from "node:fs";
import path from "node:path";
import { setFlagsFromString } from "node:v8";

import type { Command, CommandContext } from "../command.ts";
import { formatUnits } from "../decimal.ts";
import { makeFolder } from "../make-folder.ts";
import { parseOptions } from "../parse-options.ts";
import { UsageError } from "../usage-error.ts";
import { wholeNumber } from "../whole-number.ts";
import { ProgressBar } from "./progress-bar.ts";
import { summary } from "./outputs/summary.ts";
import { type Output, writeResult } from "./outputs/write-result.ts";
import { shippedScenarios } from "./read-scenario.ts";
import { PlotError } from "./report/plot.ts";
import { renderReport } from "./report/render-report.ts";
import type { Result } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { settle, simulate, type SimulateConfig } from "./simulate.ts";
import { LabError } from "./world/hardhat.ts";

const USAGE = `Usage: nakane simulate [SCENARIO] [options]

Rehearses a scenario: a whole oracle and its options on a chain in this process, over simulated prices or a
price file. SCENARIO is the name of a shipped scenario or a .json file; the first shipped one if left out.

Options:
  --file FILE          prices of your own in place of the scenario's (docs/price-files.md)
  --symbol PAIR        what FILE has prices of, such as BTC/USD, where its name does not say it
  --time-column NAME   FILE's column of times, where its format is not known
  --price-column NAME  FILE's column of prices
  --seed N             another seed
  --out DIR            where results go; .nakane/simulate/SCENARIO-SEED, and FILE's name, if left out
  --resume             go on where a run that was killed has stopped
  --list               the shipped scenarios
  --json               the summary on standard output`;

const OPTIONS = {
  file: { type: "string" },
  symbol: { type: "string" },
  "time-column": { type: "string" },
  "price-column": { type: "string" },
  seed: { type: "string" },
  out: { type: "string" },
  resume: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** `nakane simulate`: the research laboratory. */
export const simulateCommand: Command = {
  run: async (args, context) => {
    const { values, positionals } = parseOptions(args, OPTIONS, USAGE);
    if (values.help) {
      context.out(USAGE);
      return 0;
    }
    if (values.list) {
      for (const { name } of shippedScenarios()) context.out(name);
      return 0;
    }
    const [scenario, ...more] = positionals;
    if (more.length > 0) throw new UsageError(`unexpected: ${more.join(" ")}\n\n${USAGE}`);
    const config = configOf(scenario, values);
    const { scenario: settled } = settle(config);
    const stem = config.file === undefined ? "" : `-${path.parse(config.file.path).name}`;
    const out = values.out ?? path.join(".nakane", "simulate", `${settled.name}-${settled.seed}${stem}`);
    const parts = path.join(out, ".parts");
    const bar = new ProgressBar(process.stderr, context.clock);
    if (!values.resume) rmSync(parts, { recursive: true, force: true });
    const made = makeFolder(parts); // now: after minutes of work would be too late
    // Left alone, V8 lets its heap grow to several times what is in it: a month of minutes is to fit into a gigabyte.
    setFlagsFromString("--heap-growing-percent=30");
    let result: Result;
    try {
      result = await simulate({
        ...config,
        parts,
        stop: context.stop,
        onProgress: (progress) => {
          bar.show(progress);
        },
      });
    } catch (error) {
      bar.end();
      if (made !== undefined) leaveNothingEmpty(path.resolve(parts), made);
      if (context.stop.aborted) {
        context.err(`Stopped. Go on with --resume${values.out === undefined ? "" : ` --out ${values.out}`}.`);
        return 1;
      }
      if (error instanceof LabError) throw new UsageError(error.message);
      throw error;
    }
    bar.end();
    const report = await renderReport(result).catch((error: unknown) => {
      if (!(error instanceof PlotError)) throw error;
      context.err(`There is no report.html: ${error.message}`); // the numbers are not lost for want of a picture
      return null;
    });
    const outputs = writeResult(result, out, report);
    rmSync(parts, { recursive: true, force: true });
    if (values.json) context.out(JSON.stringify(summary(result)));
    else tell(context, result, out, outputs);
    return 0;
  },
};

/** Takes folders away, from the innermost to the uppermost, as long as nothing is in them. */
function leaveNothingEmpty(innermost: string, uppermost: string): void {
  try {
    for (let at = innermost; at.length >= uppermost.length; at = path.dirname(at)) rmdirSync(at);
  } catch {
    // What has finished parts stays.
  }
}

type Values = Readonly<Partial<Record<keyof typeof OPTIONS, string | boolean>>>;

function configOf(scenario: string | undefined, values: Values): SimulateConfig {
  const text = (name: keyof typeof OPTIONS): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const seedText = text("seed");
  const seed = seedText === undefined ? undefined : wholeNumber("--seed", seedText, 0, 2 ** 32 - 1);
  const [file, symbol, time, price] = [
    text("file"),
    text("symbol"),
    text("time-column"),
    text("price-column"),
  ];
  if (file === undefined && (symbol ?? time ?? price) !== undefined)
    throw new UsageError(
      "--symbol, --time-column and --price-column say something about --file, which is not there",
    );
  if ((time === undefined) !== (price === undefined))
    throw new UsageError("--time-column and --price-column go together");
  return {
    ...(scenario === undefined ? {} : { scenario }),
    ...(seed === undefined ? {} : { seed }),
    ...(file === undefined
      ? {}
      : {
          file: {
            path: file,
            ...(symbol === undefined ? {} : { symbol }),
            ...(time === undefined || price === undefined ? {} : { columns: { time, price } }),
          },
        }),
  };
}

/** The short of it, for people. */
function tell({ out }: CommandContext, result: Result, folder: string, outputs: readonly Output[]): void {
  const {
    manifest,
    feed,
    path: prices,
    rounds,
    fixings,
    settlements,
    money,
    gaps,
    outliers,
    studies,
  } = result;
  const { name, about, options } = manifest.scenario as Scenario;
  const line = (what: string, text: string): void => {
    out(`  ${what.padEnd(12)}${text}`);
  };
  const { data } = manifest;
  const synthetic = `${feed.symbol}, a synthetic path${data === null ? "" : ` drawn from ${data.name}`}`;
  const from =
    manifest.provenance === "simulated" || data === null ? synthetic : `${data.name}, ${data.format}`;
  out(`${name}: ${about}`);
  line(
    "prices",
    `${prices.length} of ${from}; ${counted(gaps.length, "gap")}, ${counted(outliers.length, "outlier")}`,
  );
  const moments = studies.find(({ name: study }) => study === "path");
  const moment = (column: string): string =>
    String(moments?.rows[0]?.[moments.columns.findIndex((one) => one.name === column)] ?? "");
  if (moments !== undefined)
    line(
      "",
      `volatility ${moment("volatility")} a year, ${moment("jump_share")} % of its variance in jumps, autocorrelation ${moment("autocorrelation")} ± ${moment("standard_error")}`,
    );
  line("signed by", `${manifest.quorum} of ${manifest.signers} signers, ${manifest.signing}`);
  line("on chain", `${rounds.length} reports; ${countOf(fixings.map(({ status }) => status))} fixings`);
  const asked = options.count + (options.payoff?.count ?? 0);
  const fewer =
    settlements.length < asked
      ? `; ${asked} were asked for, and the run is too short for more that differ`
      : "";
  line("options", (countOf(settlements.map(({ outcome }) => outcome)) || "none") + fewer);
  for (const { token, decimals, collateral, payouts, refunds, dust, stuck, reverts } of money) {
    const amount = (units: bigint): string => formatUnits(units, decimals);
    line(
      token,
      `${amount(collateral)} locked = ${amount(payouts)} paid + ${amount(refunds)} back + ${amount(dust)} dust`,
    );
    if (stuck > 0 || reverts > 0) line("", `${stuck} options stuck, ${reverts} claims reverted`);
  }
  const different = settlements.filter(({ difference }) => difference !== 0n);
  if (settlements.length > 0)
    line(
      "payoffs",
      different.length === 0
        ? "each as exact arithmetic has it"
        : `${different.length} differ: see settlements.csv`,
    );
  line("files", `${outputs.length} in ${folder}; SHA256SUMS has their hashes`);
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function countOf(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
}
