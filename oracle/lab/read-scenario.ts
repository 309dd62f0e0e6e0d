import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { describeIssues } from "../config/describe-issues.ts";
import { jsonPosition } from "../config/json-position.ts";
import { didYouMean } from "../did-you-mean.ts";
import { FIXING_PERIOD } from "../signer/agreement/timing.ts";
import { UsageError } from "../usage-error.ts";
import { type Scenario, scenarioSchema } from "./scenario.ts";
import { ScenarioError } from "./scenario-error.ts";

/** Where the scenarios are that are shipped. */
export const SCENARIOS = fileURLToPath(new URL("./scenarios/", import.meta.url));

/** Their names, the first one first: files are numbered, names are not. */
export function shippedScenarios(): readonly { readonly name: string; readonly file: string }[] {
  return readdirSync(SCENARIOS)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({
      name: file.replace(/^\d+-/, "").replace(/\.json$/, ""),
      file: path.join(SCENARIOS, file),
    }));
}

/**
 * The file of a scenario: one's own by its path, a shipped one by its name, the first shipped one where none is named.
 * @throws UsageError where there is none, with the names that there are
 */
export function scenarioFile(named: string | undefined): string {
  const shipped = shippedScenarios();
  const found = named === undefined ? shipped[0] : shipped.find(({ name }) => name === named);
  if (found !== undefined) return found.file;
  const asFile = named ?? "";
  if (asFile.endsWith(".json")) return path.resolve(asFile);
  const names = shipped.map(({ name }) => name);
  throw new UsageError(
    `there is no scenario ${asFile}${didYouMean(asFile, names)} (shipped: ${names.join(", ")}; or a .json file)`,
  );
}

/**
 * Reads a scenario's file.
 * @throws UsageError where it cannot be read; ScenarioError with everything that is wrong in it
 */
export function readScenario(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new ScenarioError(path.basename(file), [
      { path: "", message: `is not JSON: ${jsonPosition(text, error)}` },
    ]);
  }
  return checkScenario(json, path.basename(file));
}

/**
 * Checks a scenario and fills in what it leaves out.
 * @param name for messages
 * @throws ScenarioError with everything that is wrong in it
 */
export function checkScenario(json: unknown, name = "this"): Scenario {
  const result = scenarioSchema.safeParse(json);
  if (!result.success) throw new ScenarioError(name, describeIssues(result.error.issues, json));
  const problems = [...inconsistencies(result.data)];
  if (problems.length > 0) throw new ScenarioError(name, problems);
  return result.data;
}

function* inconsistencies({
  market,
  oracle,
  options,
  people,
  studies,
}: Scenario): Iterable<ScenarioError["problems"][number]> {
  const { step, venues, start } = market;
  if (FIXING_PERIOD % step !== 0)
    yield {
      path: "market.step",
      message: `${step} s does not divide the fixing period of ${FIXING_PERIOD} s`,
    };
  if (Date.parse(start) % (FIXING_PERIOD * 1000) !== 0)
    yield { path: "market.start", message: `${start} is no multiple of ${FIXING_PERIOD} s` };
  if (new Set(venues).size !== venues.length)
    yield { path: "market.venues", message: "a venue is there twice" };
  if (oracle.minSources > venues.length)
    yield {
      path: "oracle.minSources",
      message: `${oracle.minSources} of ${venues.length} venues cannot be had`,
    };
  if (oracle.observeDelay >= step * 1000)
    yield {
      path: "oracle.observeDelay",
      message: `${oracle.observeDelay} ms is as long as a step of ${step} s`,
    };
  for (const [i, { venue }] of market.lies.entries()) {
    if (!venues.includes(venue))
      yield { path: `market.lies[${i}].venue`, message: `${venue} is not among ${venues.join(", ")}` };
  }
  // A file says itself how long it is.
  const length = market.path.kind === "file" ? Infinity : market.points * step;
  const late = (at: number) => `${at} s is after the end of a run of ${length} s: nothing would come of it`;
  for (const [where, times] of [
    ["market.lies", market.lies],
    ["market.outages", market.outages],
    ["oracle.congestion", oracle.congestion],
  ] as const) {
    for (const [i, { from, until }] of times.entries()) {
      if (from >= until)
        yield { path: `${where}[${i}]`, message: `until ${until} is not after from ${from}` };
      else if (from >= length) yield { path: `${where}[${i}].from`, message: late(from) };
    }
  }
  for (const [i, act] of people.entries()) {
    if (act.at >= length) yield { path: `people[${i}].at`, message: late(act.at) };
    if (act.do === "void" && act.fixing % FIXING_PERIOD !== 0)
      yield {
        path: `people[${i}].fixing`,
        message: `${act.fixing} s is no fixing time: they are ${FIXING_PERIOD} s apart`,
      };
    else if (act.do === "void" && act.fixing >= act.at)
      yield {
        path: `people[${i}].at`,
        message: `${act.at} s is not after the fixing of ${act.fixing} s: there is nothing yet to void`,
      };
  }
  for (const [what, { from, to }] of [
    ["strikes", { from: Number.parseFloat(options.strikes.from), to: Number.parseFloat(options.strikes.to) }],
    ["life", options.life],
  ] as const) {
    if (from > to) yield { path: `options.${what}`, message: `from ${from} is more than to ${to}` };
  }
  for (const [where, strike] of [
    ["options.strikes.from", options.strikes.from],
    ["studies.writer.strike", studies.writer.strike],
  ] as const)
    if (Number.parseFloat(strike) === 0) yield { path: where, message: "a strike is more than 0 %" };
  if (Number.parseFloat(options.unsold) > 100)
    yield { path: "options.unsold", message: `${options.unsold} is more than all` };
  for (const [i, dropped] of studies.oracleError.dropped.entries())
    if (Number.parseFloat(dropped) >= 100)
      yield { path: `studies.oracleError.dropped[${i}]`, message: `of ${dropped} dropped nothing arrives` };
  const { hedges } = studies.writer;
  const most = Math.max(...hedges);
  for (const [i, count] of hedges.entries())
    if (count > 0 && most % count !== 0)
      yield { path: `studies.writer.hedges[${i}]`, message: `${count} does not divide the largest, ${most}` };
}
