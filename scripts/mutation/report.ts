import type { Mutant } from "./mutant.ts";
import type { Outcome, Result } from "./results.ts";

const OUTCOMES: readonly Outcome[] = ["killed", "timed out", "survived", "does not compile"];

/** Killed and timed out, of those that compile, in percent; 100 where there are none. */
export function score(results: readonly Result[]): number {
  const count = (...wanted: Outcome[]) => results.filter(({ outcome }) => wanted.includes(outcome)).length;
  const dead = count("killed", "timed out");
  const all = dead + count("survived");
  return all === 0 ? 100 : (100 * dead) / all;
}

/** A table: a row for each file, and one for all. */
export function table(results: readonly (readonly [Mutant, Result])[]): string {
  const files = [...new Set(results.map(([mutant]) => mutant.file))];
  const row = (name: string, list: readonly Result[]): string[] => [
    name,
    ...OUTCOMES.map((wanted) => String(list.filter(({ outcome }) => outcome === wanted).length)),
    `${score(list).toFixed(1)} %`,
  ];
  const of = (file: string) => results.filter(([mutant]) => mutant.file === file).map(([, result]) => result);
  const rows = [
    ["file", ...OUTCOMES, "score"],
    ...files.map((file) => row(file, of(file))),
    row(
      "all",
      results.map(([, result]) => result),
    ),
  ];
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0))) ?? [];
  return rows
    .map((cells) =>
      cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))),
    )
    .map((cells) => `  ${cells.join("  ")}`)
    .join("\n");
}
