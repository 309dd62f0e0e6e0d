import { readFileSync } from "node:fs";

import type { Verdict } from "./prove.ts";

const PAGE = "docs/proofs.md";

/** The verdicts in docs/proofs.md: rows of its tables, "| `property` | proved | …". */
export function statedVerdicts(): Map<string, Verdict> {
  const rows = readFileSync(PAGE, "utf8").matchAll(/^\| `(\w+)` +\| (proved|refuted|not proved) +\|/gm);
  return new Map([...rows].map(([, name = "", verdict]) => [name, verdict as Verdict]));
}
