/**
 * Shows one run of the simulation again.
 *
 *   node test/oracle/signer/agreement/simulation/replay.ts N SEED [COUNT]
 */
import { runSeed } from "./run-seed.ts";

const [n, seed, count = 1] = process.argv.slice(2).map(Number);
if (!n || seed === undefined) throw new Error("usage: replay.ts N SEED [COUNT]");
const began = performance.now();
let failed = 0;
let due = 0;
let reports = 0;
for (let i = seed; i < seed + count; i++) {
  const { scenario, failure, rounds, packets, messages, reports: all, fixingDue } = runSeed(n, i);
  reports += all;
  if (fixingDue) due++;
  if (failure !== undefined) failed++;
  if (count === 1 || failure !== undefined) {
    console.log(`n ${n}, seed ${i}: ${scenario.description}`);
    console.log(`  ${all} reports, rounds up to ${rounds}, ${packets} packets, ${messages} messages`);
    console.log(`  ${failure ?? "all promises kept"}`);
  }
}
const took = (performance.now() - began) / 1000;
console.log(
  `${count - failed} passed, ${failed} failed; fixing due in ${due}; ${reports} reports; ${took.toFixed(1)} s`,
);
