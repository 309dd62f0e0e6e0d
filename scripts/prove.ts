/**
 * Asks solc's model checker about each property in test/proofs, with Z3 as its solver.
 *
 *   npm run prove                 all files
 *   npm run prove -- Trie.sol     this one
 *
 * Ends with an error where the verdicts are not those that docs/proofs.md states.
 */
import { readdirSync } from "node:fs";

import { prove } from "./proofs/prove.ts";
import { z3 } from "./proofs/solver.ts";
import { statedVerdicts } from "./proofs/stated.ts";

const wanted = process.argv.slice(2);
const files = readdirSync("test/proofs").filter(
  (file) => file.endsWith(".sol") && (wanted.length === 0 || wanted.includes(file)),
);
if (files.length === 0) {
  console.error(`No such file in test/proofs: ${wanted.join(", ")}.`);
  process.exit(1);
}
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
