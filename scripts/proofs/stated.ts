import { readFileSync } from "node:fs";

import type { Verdict } from "./prove.ts";

/** The verdicts in docs/proofs.md: rows of its tables, "| `property` | proved | …". */
export function statedVerdicts(page = "docs/proofs.md"): Map<string, Verdict> {
  const rows = readFileSync(page, "utf8").matchAll(/^\| `(\w+)` +\| (proved|refuted|not proved) +\|/gm);
  return new Map([...rows].map(([, name = "", verdict]) => [name, verdict as Verdict]));
}
