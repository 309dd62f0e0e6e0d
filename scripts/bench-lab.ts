/**
 * How fast the laboratory is from end to end, beside the raw ceiling of the same chain in the same process: bare transactions
 * of the same gas, as many to a block, each with its time announced and its receipt read.
 *
 *   npm run bench:lab              a table
 *   npm run bench:lab -- --json    one JSON object a line
 *   npm run bench:lab -- --updates 4000 --options 2000
 */
import { parseArgs } from "node:util";

import { hexlify } from "ethers";

import { systemClock } from "../oracle/clock.ts";
import { fastClock } from "../oracle/fast-clock.ts";
import { checkScenario } from "../oracle/lab/read-scenario.ts";
import type { GasByAction, Result } from "../oracle/lab/result.ts";
import { runScenario } from "../oracle/lab/run-scenario.ts";
import type { ScenarioInput } from "../oracle/lab/scenario.ts";
import { LabChain } from "../oracle/lab/world/lab-chain.ts";
import { CHAIN_ID } from "../oracle/lab/world/open-lab-world.ts";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    updates: { type: "string", default: "1500" },
    options: { type: "string", default: "1000" },
  },
});
const clock = systemClock();
/** Gas of a transaction before its data, and of a byte of data that is not 0 (EIP-7623's floor). */
const [PLAIN, BYTE] = [21_000, 40];

/** Milliseconds that bare transactions of this gas take. */
async function raw(count: number, gas: bigint, together: boolean): Promise<number> {
  const world = fastClock(Date.UTC(2026, 0, 5));
  const chain = await LabChain.open({
    clock: world,
    hold: (work) => world.hold(work),
    chainId: CHAIN_ID,
    latency: 0,
  });
  const [from = "", to = ""] = (await chain.request("eth_accounts", [])) as string[];
  const data = hexlify(new Uint8Array(Math.max(0, Math.round((Number(gas) - PLAIN) / BYTE))).fill(1));
  const call = { from, to, data };
  const warm = Math.min(100, count);
  for (let i = 0; i < warm; i++) await chain.send(call);
  const began = clock.monotonic();
  if (together) await chain.sendAll(new Array<typeof call>(count).fill(call), () => undefined);
  else for (let i = 0; i < count; i++) await chain.send(call);
  const took = clock.monotonic() - began;
  await chain.close();
  return took;
}

/** Milliseconds that a scenario takes once its world is open, and what came of it. */
async function endToEnd(
  scenario: ScenarioInput,
): Promise<{ readonly took: number; readonly result: Result }> {
  let began: number | undefined;
  const result = await runScenario(checkScenario(scenario), {
    folder: ".",
    onProgress: () => {
      began ??= clock.monotonic();
    },
  });
  return { took: clock.monotonic() - (began ?? 0), result };
}

function sumOf(
  gas: readonly GasByAction[],
  of: (action: string) => boolean,
): { count: number; mean: bigint } {
  const chosen = gas.filter(({ action }) => of(action));
  const count = chosen.reduce((sum, one) => sum + one.count, 0);
  return { count, mean: chosen.reduce((sum, one) => sum + one.total, 0n) / BigInt(Math.max(1, count)) };
}

function show(what: string, mine: number, ceiling: number, gas: bigint): void {
  const ratio = mine / ceiling;
  if (values.json) console.log(JSON.stringify({ what, perSecond: mine, ceiling, ratio, gas: Number(gas) }));
  else {
    const cells = [
      mine.toFixed(0).padStart(9),
      ceiling.toFixed(0).padStart(12),
      ratio.toFixed(2).padStart(7),
    ];
    console.log(`${what.padEnd(26)}${cells.join("")}   ${gas} gas a transaction`);
  }
}

const common = { about: "A benchmark.", seed: 1 };
const updates = await endToEnd({
  ...common,
  name: "updates",
  market: { points: Number(values.updates), disagreement: "0%" },
  oracle: { deviation: "0.0001%", heartbeat: 1 },
  options: { count: 0 },
});
const options = await endToEnd({
  ...common,
  name: "options",
  market: { points: 240 },
  options: { count: Number(values.options), life: { from: 600, to: 7_200 } },
});
if (!values.json)
  console.log(`${"".padEnd(26)}${"a second".padStart(9)}${"raw ceiling".padStart(12)}${"ratio".padStart(7)}`);

const record = sumOf(updates.result.gas, (action) => action.startsWith("Oracle."));
const updatesRaw = await raw(record.count, record.mean, false);
show("oracle updates", (record.count / updates.took) * 1000, (record.count / updatesRaw) * 1000, record.mean);

const settled = options.result.settlements.length;
const trades = sumOf(options.result.gas, (action) => !action.startsWith("Oracle."));
const optionsRaw = await raw(trades.count, trades.mean, true);
show(
  "options, from sale to claim",
  (settled / options.took) * 1000,
  (settled / optionsRaw) * 1000,
  trades.mean,
);
