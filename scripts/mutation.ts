/**
 * Plants faults in the contracts, one at a time, and sees whether a Solidity test notices.
 *
 * `npm run test:mutation -- --help` lists the options.
 *
 * Ends with an error where a survivor is not explained in docs/mutation.md or the score is below 90 %.
 */
import { existsSync, rmSync } from "node:fs";

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";

import { UsageError } from "../oracle/usage-error.ts";
import { wholeNumber } from "../oracle/whole-number.ts";
import { scriptOptions } from "./house/script-options.ts";
import { build, link, parse, type Parsed } from "./mutation/build-schema.ts";
import type { Mutant } from "./mutation/mutant.ts";
import type { Probe } from "./mutation/messages.ts";
import { Runner } from "./mutation/pool.ts";
import { prepare, readArtifacts } from "./mutation/prepare.ts";
import { score, table } from "./mutation/report.ts";
import { type Result, Results } from "./mutation/results.ts";
import type { Numbered } from "./mutation/schema.ts";
import { explainedSurvivors } from "./mutation/survivors.ts";
import { UNITS } from "./mutation/units.ts";

/** Mutants compiled into one contract: more take the compiler longer than their number, fewer are many compilations. */
const BATCH = 150;
const SECONDS = 60;
const PROBES = 4;
const LEAST_SCORE = 90;
/** Most mutants fall at once to a few random runs; only what survives them meets all. */
const QUICK = { fuzz: 8, invariant: 0 };
const WHOLE = { fuzz: 64, invariant: 2 };

const USAGE = `Usage: npm run test:mutation -- [options]

Every mutant of every unit; goes on where it was stopped.

  --only TEXT           mutants of files whose path contains this
  --sample N --seed N   so many mutants, the same ones for the same seed (1)
  --jobs N              test processes (1)
  --fresh               forget what earlier runs found
  --verbose             every mutant, not the survivors alone
  --artifacts FOLDER    where the compiled contracts are (artifacts)`;

const asked = scriptOptions(
  {
    name: "npm run test:mutation",
    usage: USAGE,
    options: {
      only: { type: "string", default: "" },
      sample: { type: "string" },
      seed: { type: "string", default: "1" },
      jobs: { type: "string", default: "1" },
      fresh: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      artifacts: { type: "string", default: "artifacts" },
    },
  },
  ({ values: { only, sample: count, seed, jobs, artifacts, ...flags } }) => {
    if (!UNITS.some(({ sources }) => sources.some((file) => file.includes(only))))
      throw new UsageError(`--only ${only}: no contract under test has that in its path`);
    if (!existsSync(artifacts))
      throw new UsageError(`--artifacts ${artifacts}: no such folder; npm test makes artifacts`);
    return {
      ...flags,
      only,
      artifacts,
      count: count === undefined ? Number.POSITIVE_INFINITY : wholeNumber("--sample", count, 1, 1_000_000),
      seed: wholeNumber("--seed", seed, 0, 2 ** 32 - 1),
      jobs: wholeNumber("--jobs", jobs, 1, 256),
    };
  },
);
if (asked.fresh) rmSync("cache/mutation", { recursive: true, force: true });

/** `count` of the list, in its order, the same for the same seed. */
function sample<T>(list: readonly T[], count: number, seed: number): T[] {
  const random = xoroshiro128plus(seed);
  const places = list.map((_, i) => i);
  for (let i = 0; i < Math.min(count, places.length); i++) {
    const j = uniformInt(random, i, places.length - 1);
    [places[i], places[j]] = [places[j] ?? 0, places[i] ?? 0];
  }
  const chosen = new Set(places.slice(0, count));
  return list.filter((_, i) => chosen.has(i));
}

const compiled = readArtifacts(asked.artifacts);
const all: [Mutant, Result][] = [];

async function measure(parsed: Parsed, wanted: readonly Mutant[]): Promise<void> {
  const { unit } = parsed;
  const { prepared, depends } = prepare(compiled, unit);
  const results = new Results(unit.name, [...parsed.sources.values(), ...depends]);
  const open = wanted
    .map((mutant, i): Numbered => [i + 1, mutant])
    .filter(([, mutant]) => results.get(mutant.key) === undefined);
  console.log(
    `${unit.name}: ${wanted.length} mutants, ${wanted.length - open.length} known from before, ${prepared.suites.length} test contracts`,
  );
  const runners = Array.from(
    { length: asked.jobs },
    () => new Runner({ kind: "start", ...prepared }, SECONDS),
  );
  let suites = [...prepared.suites];
  let probes: Probe[] = []; // the tests that noticed the last mutants: the next one's neighbours fall to the same

  const judge = async (runner: Runner, mutant: Mutant, code: string): Promise<Result> => {
    for (const runs of [QUICK, WHOLE]) {
      const verdict = await runner.run({ kind: "job", code, probes, suites, runs });
      if (verdict === "timeout" || verdict === "died")
        return {
          key: mutant.key,
          outcome: "timed out",
          by: verdict === "died" ? "out of memory" : `${SECONDS} s`,
        };
      if (verdict.failed !== undefined) {
        const { by } = verdict;
        if (by) {
          suites = [
            by.suite,
            ...suites.filter(({ name, source }) => name !== by.suite.name || source !== by.suite.source),
          ];
          probes = [by, ...probes.filter(({ test }) => test !== by.test)].slice(0, PROBES);
        }
        return { key: mutant.key, outcome: "killed", by: verdict.failed };
      }
    }
    return { key: mutant.key, outcome: "survived", by: "" };
  };

  // Where a use of a modifier is mutated it is another modifier, in which mutants of the first one's body are not.
  const isUse = ([, { site }]: Numbered): boolean => site.kind === "modifier";
  const lists = [open.filter((one) => !isUse(one)), open.filter(isUse)];
  const batches = lists.flatMap((list) =>
    Array.from({ length: Math.ceil(list.length / BATCH) }, (_, i) => list.slice(BATCH * i, BATCH * (i + 1))),
  );
  let done = 0;
  try {
    for (const mutants of batches) {
      const batch = build(parsed, mutants);
      for (const { mutant, why } of batch.broken)
        results.add({ key: mutant.key, outcome: "does not compile", by: why });
      const { code } = batch;
      if (!code) continue;
      const untouched = await runners[0]?.run({
        kind: "job",
        code: link(code, 0),
        probes: [],
        suites,
        runs: QUICK,
      });
      if (typeof untouched === "string" || untouched?.failed !== undefined)
        throw new Error(
          `Without any mutant, ${unit.name}'s tests do not pass: ${typeof untouched === "string" ? untouched : `${untouched.failed ?? ""} ${untouched.error ?? ""}`}. Run \`npm test\` first.`,
        );
      const queue = [...batch.running];
      await Promise.all(
        runners.map(async (runner) => {
          for (let next = queue.shift(); next; next = queue.shift()) {
            const [id, mutant] = next;
            const result = await judge(runner, mutant, link(code, id));
            results.add(result);
            if (result.outcome === "survived" || asked.verbose)
              console.log(`  ${result.outcome} ${mutant.file}:${mutant.line} ${mutant.key} ${result.by}`);
          }
        }),
      );
      done += mutants.length;
      console.log(`  ${done} of ${open.length}`);
    }
  } finally {
    for (const runner of runners) runner.stop();
  }
  for (const mutant of wanted) {
    const result = results.get(mutant.key);
    if (result) all.push([mutant, result]);
  }
}

const parsed = UNITS.map((unit) => parse(unit)).map((unit) => ({
  unit,
  mutants: unit.mutants.filter(({ file }) => file.includes(asked.only)),
}));
const everything = parsed.flatMap(({ mutants }) => mutants);
const chosen = new Set(sample(everything, asked.count, asked.seed));
for (const { unit, mutants } of parsed) {
  const wanted = mutants.filter((mutant) => chosen.has(mutant));
  if (wanted.length > 0) await measure(unit, wanted);
}

const explained = explainedSurvivors();
const survivors = all.filter(([, { outcome }]) => outcome === "survived");
const unexplained = survivors.filter(([{ key }]) => !explained.has(key));
const total = score(all.map(([, result]) => result));
console.log(`\n${table(all)}\n`);
if (unexplained.length > 0) {
  console.log("Survivors that docs/mutation.md does not explain:");
  for (const [{ key, file, line }] of unexplained) console.log(`  ${file}:${line}\n    ${key}`);
}
const good = unexplained.length === 0 && total >= LEAST_SCORE;
console.log(
  `${total.toFixed(1)} % of ${all.length} mutants killed, ${survivors.length} survived, ${unexplained.length} of them not explained: ${good ? "ok" : "FAILED"}`,
);
process.exitCode = good ? 0 : 1;
