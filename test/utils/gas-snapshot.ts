import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

/**
 * Compares gas figures with `snapshots/<name>.json`, exactly, so that a reviewer sees the cost of a change in its
 * diff. `UPDATE_SNAPSHOTS=1` writes the file instead.
 */
export function checkSnapshot(name: string, gas: Record<string, number>): void {
  const file = fileURLToPath(new URL(`../../snapshots/${name}.json`, import.meta.url));
  if (process.env["UPDATE_SNAPSHOTS"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(gas, null, 2)}\n`);
    return;
  }
  const committed: unknown = JSON.parse(readFileSync(file, "utf8"));
  expect(gas, `gas differs from ${name}.json; if that is meant, run npm run snapshots`).to.deep.equal(
    committed,
  );
}
