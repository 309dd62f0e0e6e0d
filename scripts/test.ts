/**
 * Every test, suite by suite: contracts compiled (a warning is an error), Solidity tests, TypeScript tests that need a
 * chain, and those that do not. `npm test -- --help` says how to run some only.
 */
import { existsSync, globSync, readdirSync } from "node:fs";

import { UsageError } from "../oracle/usage-error.ts";
import { whenUnread } from "../oracle/when-unread.ts";
import { needsChain } from "./house/needs-chain.ts";
import { scriptOptions } from "./house/script-options.ts";
import { type SuiteResult, runSuite, summarise } from "./house/suite.ts";

const USAGE = `Usage: npm test                                    everything
       npm test -- test/Option.test.ts            these files only, .test.ts and .t.sol
       npm test -- --grep "one time, one root"    tests whose title matches
       npm run test:deep                          the same tests with many times the random runs`;

const { values, positionals } = scriptOptions(
  {
    name: "npm test",
    usage: USAGE,
    options: { deep: { type: "boolean", default: false }, grep: { type: "string" } },
    takesWords: true,
  },
  (parsed) => {
    const missing = parsed.positionals.filter((file) => !existsSync(file));
    if (missing.length === 0) return parsed;
    throw new UsageError(
      `no such test file: ${missing.join(", ")}; paths are relative to ${process.cwd()}\n\n${USAGE}`,
    );
  },
);
whenUnread(() => process.exit());

const env: NodeJS.ProcessEnv = { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" };
if (values.deep) env["DEEP"] = "1";
const grep = values.grep === undefined ? [] : ["--grep", values.grep];
const solidity = positionals.filter((file) => file.endsWith(".sol"));
const all = positionals.length === 0;
// Named one by one: given none, Hardhat runs every file under test/, helpers and commands too.
const typescript = all
  ? globSync("test/**/*.test.ts").sort()
  : positionals.filter((file) => !file.endsWith(".sol"));
const onChain = typescript.filter((file) => needsChain(file));
const offChain = typescript.filter((file) => !onChain.includes(file));
const hasSolidityTests =
  existsSync("test/contracts") &&
  readdirSync("test/contracts", { recursive: true, encoding: "utf8" }).some((file) =>
    file.endsWith(".t.sol"),
  );

const hardhat = (name: string, args: string[]): Promise<SuiteResult> => runSuite(name, "hardhat", args, env);

const results = [await hardhat("contracts", ["build"])];
if (results[0]?.ok === true) {
  if (solidity.length > 0 || (all && hasSolidityTests))
    results.push(await hardhat("Solidity tests", ["test", "solidity", "--no-compile", ...grep, ...solidity]));
  if (onChain.length > 0)
    results.push(await hardhat("tests on a chain", ["test", "mocha", "--no-compile", ...grep, ...onChain]));
  if (offChain.length > 0) {
    const options = ["--timeout", values.deep ? "0" : "120000", ...(env["CI"] ? ["--forbid-only"] : [])];
    results.push(await runSuite("TypeScript tests", "mocha", [...options, ...grep, ...offChain], env));
  }
}
process.exitCode = summarise(results);
