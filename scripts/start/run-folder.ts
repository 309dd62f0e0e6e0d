import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

/** How many runs are kept, this one included. */
const KEPT = 3;
const RUN = /^\d{4}-\d\d-\d\dT\d{6}Z(-\d+)?$/;

/**
 * Makes the folder of a new run in `.nakane/` and removes the oldest ones.
 * @param now Unix milliseconds
 * @returns its path, relative to the project
 */
export function newRunFolder(now: number, base = ".nakane"): string {
  const name = `${new Date(now).toISOString().slice(0, 19).replaceAll(":", "")}Z`;
  mkdirSync(base, { recursive: true });
  const folder = firstNew(path.join(base, name));
  const runs = readdirSync(base).filter((entry) => RUN.test(entry));
  for (const old of runs.sort().slice(0, -KEPT))
    rmSync(path.join(base, old), { recursive: true, force: true });
  return folder;
}

/** Two starts within one second get a folder each. */
function firstNew(wanted: string): string {
  for (let i = 1; ; i++) {
    const folder = i === 1 ? wanted : `${wanted}-${i}`;
    try {
      mkdirSync(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}
