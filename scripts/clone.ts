/**
 * Does a stranger's first minute work? In a fresh clone of what is committed, with an empty HOME and an empty npm cache, runs
 * `npm start` and `npm test` as anybody would, and measures how long it takes until an option is paid: once under Node 20 with the npm it came with, once under the pinned Node with
 * its own. Under Node 20 the whole of `npm test` runs; under the pinned Node, whose tests `npm test` here runs anyway, one
 * file of it.
 *
 * `npm run test:clone -- --help` lists the options.
 *
 * Only the settings that lead npm to its registry come along: the registry itself, certificates, proxies.
 */
import { execFileSync, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { UsageError } from "../oracle/usage-error.ts";
import { scriptOptions } from "./house/script-options.ts";
import { DOWNLOAD_MB } from "./ready.mjs";

/** Seconds, on two cores: from the clone with an empty npm cache until an option is paid, and the same the second time. */
const FIRST_START = 120;
const SECOND_START = 25;
/** Seconds for a replay of a day of minutes. */
const DAY = 30;
const START = ["start", "--", "--until-settled"];
const SLICE = "test/house/dependencies.test.ts";
const NODES = [
  { name: "20", npm: "10.8.2", slice: false },
  { name: "24", npm: "11.6.2", slice: true },
] as const;

const USAGE = `Usage: npm run test:clone -- [options]

Takes some ten minutes.

  --only N    under this Node only: ${NODES.map(({ name }) => name).join(" or ")}
  --slice     one file of the tests under either`;

const wanted = scriptOptions(
  {
    name: "npm run test:clone",
    usage: USAGE,
    options: { only: { type: "string" }, slice: { type: "boolean", default: false } },
  },
  ({ values: { only, slice } }) => {
    const nodes = NODES.filter(({ name }) => only === undefined || only === name);
    if (nodes.length > 0) return { nodes, slice };
    throw new UsageError(`--only takes ${NODES.map(({ name }) => name).join(" or ")}, got ${only ?? ""}`);
  },
);
const root = path.resolve(import.meta.dirname, "..");
const work = mkdtempSync(path.join(tmpdir(), "clone-"));
let passed = 0;
const failures: string[] = [];

/** One thing that holds or does not. */
function check(what: string, ok: boolean, detail = ""): void {
  if (ok) passed++;
  else failures.push(what);
  console.log(`  ${ok ? "ok    " : "FAILED"} ${what}${detail === "" ? "" : ` (${detail})`}`);
}

const npmHere = (...args: string[]): string =>
  execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/** How npm finds its registry on this machine, as environment for one that starts from nothing. */
function registrySettings(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { npm_config_registry: npmHere("config", "get", "registry") };
  const cafile = npmHere("config", "get", "cafile");
  if (cafile !== "null" && cafile !== "") env["npm_config_cafile"] = cafile;
  const names = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
  for (const name of names.flatMap((upper) => [upper, upper.toLowerCase()]))
    if (process.env[name] !== undefined) env[name] = process.env[name];
  return env;
}

/** A folder with `node` and `npm` of one kind, and nothing else, for the path. */
function tools(name: string, npmVersion: string): string {
  const folder = path.join(work, `tools-${name}`);
  const bin = path.join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), "{}");
  const packages = [`npm@${npmVersion}`];
  const platform = process.platform === "win32" ? "win" : process.platform;
  if (name !== "24") packages.push(`node-${platform}-${process.arch}@${name}`);
  npmHere("install", "--prefix", folder, "--no-save", "--ignore-scripts", ...packages);
  if (name === "24")
    cpSync(process.execPath, path.join(bin, "node")); // a copy: the clone knows nothing of this tree
  else
    symlinkSync(
      path.join(folder, "node_modules", `node-${platform}-${process.arch}`, "bin/node"),
      path.join(bin, "node"),
    );
  for (const tool of ["npm", "npx"])
    symlinkSync(path.join(folder, "node_modules/npm/bin", `${tool}-cli.js`), path.join(bin, tool));
  return bin;
}

interface Outcome {
  code: number | null;
  output: string;
  seconds: number;
  /** Seconds until ready.mjs said what it installs; undefined where it had nothing to say. */
  announced: number | undefined;
}

function npmIn(clone: string, env: NodeJS.ProcessEnv, args: string[]): Promise<Outcome> {
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  const child = spawn("npm", args, { cwd: clone, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let announced: number | undefined;
  const take = (text: string): void => {
    output += text;
    if (announced === undefined && /^Installing \d+ packages \(about \d+ MB on disk/m.test(output))
      announced = elapsed();
  };
  child.stdout.setEncoding("utf8").on("data", take);
  child.stderr.setEncoding("utf8").on("data", take);
  const alive = setInterval(() => {
    console.log(`         npm ${args.join(" ")}, ${Math.round(elapsed())} s`);
  }, 60_000);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(alive);
      resolve({ code, output, seconds: elapsed(), announced });
    });
  });
}

/** The option that paid, by the last line of `npm start -- --json`: what it paid and, by another reckoning, should have. */
function paid({ output }: Outcome): { payoff: string; expectedPayoff: string } {
  const line = output.split("\n").findLast((text) => text.startsWith("{")) ?? "{}";
  const { option } = JSON.parse(line) as { option?: { payoff: string; expectedPayoff: string } | null };
  return option ?? { payoff: "0", expectedPayoff: "" };
}

/** 1,440 bars of a minute, that rise and fall. */
function dayOfMinutes(): string {
  const rows = Array.from({ length: 1_440 }, (_, i) => {
    const price = 11_000_000 + Math.round(40_000 * Math.sin(i / 60) + 25 * i);
    return `${1_767_225_600 + 60 * i},${price}`;
  });
  return `time,close\n${rows.join("\n")}\n`;
}

function megabytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += statSync(path.join(entry.parentPath, entry.name)).size;
  return Math.round(bytes / 1e6);
}

async function stranger(
  { name, npm, slice }: (typeof NODES)[number],
  settings: NodeJS.ProcessEnv,
): Promise<void> {
  const bin = tools(name, npm);
  const clone = path.join(work, `nakane-${name}`);
  const home = path.join(work, `home-${name}`);
  mkdirSync(home);
  const began = performance.now();
  execFileSync("git", [
    "-c",
    "advice.detachedHead=false",
    "clone",
    "--quiet",
    "--no-local",
    "--depth",
    "1",
    `file://${root}`,
    clone,
  ]);
  const cloned = (performance.now() - began) / 1000;
  const PATH = [bin, "/usr/local/bin", "/usr/bin", "/bin"].join(path.delimiter);
  const env: NodeJS.ProcessEnv = { ...settings, HOME: home, PATH, CI: "true", NO_COLOR: "1" };
  for (const data of ["MARKET_DATA", "TEST_VECTORS"])
    if (process.env[data] !== undefined) env[data] = process.env[data];
  const version = execFileSync("node", ["--version"], { env, encoding: "utf8" }).trim();
  console.log(
    `\nNode ${version}, npm ${execFileSync("npm", ["--version"], { env, encoding: "utf8" }).trim()}`,
  );

  const show = (outcome: Outcome): void => {
    if (outcome.code !== 0) console.log(outcome.output.split("\n").slice(-60).join("\n"));
  };
  const begun = await npmIn(clone, env, START);
  check("npm start installs, runs and settles an option", begun.code === 0);
  const toPaid = cloned + begun.seconds;
  check(
    `from the clone to the option paid in ${FIRST_START} s`,
    toPaid <= FIRST_START,
    `${toPaid.toFixed(1)} s`,
  );
  show(begun);
  const { announced } = begun;
  const told = announced !== undefined && announced <= 2;
  check(
    "it says within two seconds what it installs",
    told,
    announced === undefined ? "never" : `${announced.toFixed(1)} s`,
  );
  const download = megabytes(path.join(home, ".npm/_cacache"));
  check(
    `it downloads what it says, within a fifth`,
    Math.abs(download - DOWNLOAD_MB) <= DOWNLOAD_MB / 5,
    `${download} MB, said ${DOWNLOAD_MB}`,
  );

  const again = await npmIn(clone, env, [...START, "--json"]);
  const { payoff, expectedPayoff } = paid(again);
  const exact = Number(payoff) > 0 && payoff === expectedPayoff;
  check("an option paid exactly what it should", again.code === 0 && exact, `${payoff} of ${expectedPayoff}`);
  check(
    `the second start in ${SECOND_START} s`,
    again.seconds <= SECOND_START,
    `${again.seconds.toFixed(1)} s`,
  );
  check("the second start installs nothing", again.announced === undefined);
  show(again);

  const file = path.join(work, "btcjpy-day-of-minutes.csv");
  writeFileSync(file, dayOfMinutes());
  const day = await npmIn(clone, env, [...START, "--replay", file, "--json"]);
  const replayed = paid(day);
  check(
    "a replay's option paid exactly what the file says",
    day.code === 0 && Number(replayed.payoff) > 0 && replayed.payoff === replayed.expectedPayoff,
    `${replayed.payoff} of ${replayed.expectedPayoff}`,
  );
  check(`a day of minutes in ${DAY} s`, day.seconds <= DAY, `${day.seconds.toFixed(1)} s`);
  show(day);

  const args = slice || wanted.slice ? ["test", "--", SLICE] : ["test"];
  const tested = await npmIn(clone, env, args);
  const count = tested.output.trimEnd().split("\n").at(-1) ?? "";
  check(
    `npm ${args.join(" ")}`,
    tested.code === 0 && /^\d+ passed, 0 failed/.test(count),
    `${count}; ${tested.seconds.toFixed(0)} s`,
  );
  show(tested);
  const changed = execFileSync("git", ["-C", clone, "status", "--short"], { encoding: "utf8" });
  check("the clone is as clean as before", changed === "", changed.trim());
  const left = readdirSync(home).filter(
    (entry) => ![".npm", ".npmrc", ".cache", ".local", ".config"].includes(entry),
  );
  check("HOME holds npm's cache and nothing of ours", left.length === 0, left.join(" "));
}

const dirty = execFileSync("git", ["-C", root, "status", "--short"], { encoding: "utf8" });
if (dirty !== "") console.log(`The clone holds what is committed, without these changes:\n${dirty}`);
try {
  const settings = registrySettings();
  for (const node of wanted.nodes) await stranger(node, settings);
} finally {
  if (existsSync(work)) rmSync(work, { recursive: true, force: true });
}
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
