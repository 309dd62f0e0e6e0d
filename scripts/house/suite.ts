import { spawn } from "node:child_process";
import { stripVTControlCharacters, styleText } from "node:util";

/** What a test run counted. `skipped` holds pending tests too: whatever was listed but did not run. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface SuiteResult extends Counts {
  name: string;
  ok: boolean;
  seconds: number;
}

/** Reads the totals that mocha's and Hardhat's reporters print at the end of a run. */
export function readCounts(output: string): Counts {
  const last = (word: string): number => {
    const found = [...stripVTControlCharacters(output).matchAll(new RegExp(`^ *(\\d+) ${word}\\b`, "gm"))].at(
      -1,
    );
    return Number(found?.[1] ?? 0);
  };
  return { passed: last("passing"), failed: last("failing"), skipped: last("pending") + last("skipped") };
}

/** `12 passed, 0 failed`, and `, 3 skipped` where there are some. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Milliseconds in which a suite must end once it has printed its totals: what a failed test left open would hold it for ever. */
const TIME_TO_END = 30_000;
/** Milliseconds of silence after which a suite is said to be at it still: compiling the contracts takes a minute or more. */
const SILENCE = 15_000;

/**
 * Runs one suite as a process of its own: its output goes through as it comes, and is counted at the end. A suite that
 * ends badly without a failed test (it did not compile, it crashed, it never ended) counts as one failure.
 */
export async function runSuite(
  name: string,
  command: string,
  args: string[],
  env = process.env,
  { timeToEnd = TIME_TO_END, silence = SILENCE } = {},
): Promise<SuiteResult> {
  console.log(styleText("bold", `\n== ${name}\n`));
  const began = performance.now();
  const child = spawn(command, args, { stdio: ["inherit", "pipe", "inherit"], env });
  const still = setInterval(() => {
    console.log(`  ${name}: still at it, ${Math.round((performance.now() - began) / 1000)} s`);
  }, silence);
  let output = "";
  child.stdout.setEncoding("utf8");
  let late: NodeJS.Timeout | undefined;
  let total = false;
  child.stdout.on("data", (text: string) => {
    output += text;
    still.refresh();
    process.stdout.write(text);
    clearTimeout(late);
    total ||= readCounts(text).passed > 0;
    if (!total) return;
    late = setTimeout(() => {
      console.log(`${name} has said all and does not end: something in it was left open.`);
      child.kill("SIGKILL");
    }, timeToEnd);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exit) => {
      resolve(exit ?? 1);
    });
  });
  clearInterval(still);
  clearTimeout(late);
  const counts = readCounts(output);
  const ok = code === 0 && counts.failed === 0;
  if (!ok && counts.failed === 0) counts.failed = 1;
  return { name, ok, seconds: (performance.now() - began) / 1000, ...counts };
}

/** One line a suite, then the sum. Returns the exit code. */
export function summarise(results: readonly SuiteResult[]): number {
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  console.log();
  for (const result of results) {
    sum.passed += result.passed;
    sum.failed += result.failed;
    sum.skipped += result.skipped;
    const seconds = `${result.seconds.toFixed(1)} s`.padStart(9);
    console.log(
      `  ${result.name.padEnd(20)}${seconds}   ${result.ok ? "ok    " : "FAILED"} ${formatCounts(result)}`,
    );
  }
  console.log(`\n${formatCounts(sum)}`);
  return results.every((result) => result.ok) ? 0 : 1;
}
