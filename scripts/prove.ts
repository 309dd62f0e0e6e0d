/**
 * Asks solc's model checker about each property in test/proofs, with Z3 as its solver.
 * `npm run prove -- --help` says how to ask about some only.
 *
 * Ends with an error where the verdicts are not those that docs/proofs.md states.
 */
import { readdirSync } from "node:fs";

import { UsageError } from "../oracle/usage-error.ts";
import { scriptOptions } from "./house/script-options.ts";
import { prove } from "./proofs/prove.ts";
import { z3 } from "./proofs/solver.ts";
import { statedVerdicts } from "./proofs/stated.ts";

const files = scriptOptions(
  {
    name: "npm run prove",
    usage: `Usage: npm run prove                 every file in test/proofs
       npm run prove -- Trie.sol     these only`,
    options: {},
    takesWords: true,
  },
  ({ positionals }) => {
    const all = readdirSync("test/proofs").filter((file) => file.endsWith(".sol"));
    const missing = positionals.filter((name) => !all.includes(name));
    if (missing.length > 0)
      throw new UsageError(`test/proofs has no ${missing.join(", ")}; it has ${all.join(", ")}`);
    return positionals.length === 0 ? all : all.filter((file) => positionals.includes(file));
  },
);
const stated = statedVerdicts();
const solve = z3();
let different = 0;
let count = 0;
for (const file of files) {
  console.log(file);
  for (const { name, verdict, counterexample } of prove(`test/proofs/${file}`, solve)) {
    const expected = stated.get(name) ?? "nothing";
    const shown = counterexample === "" ? "" : `   ${counterexample}`;
    console.log(`  ${verdict.padEnd(10)} ${name}${shown}`);
    count++;
    if (verdict === expected) continue;
    different++;
    console.log(`             docs/proofs.md states ${expected}`);
  }
}
console.log(
  `${count} properties, ${different} not as docs/proofs.md states: ${different === 0 ? "ok" : "FAILED"}`,
);
process.exit(different === 0 ? 0 : 1); // Z3's threads would keep it alive
