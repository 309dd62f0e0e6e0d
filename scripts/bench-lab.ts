/**
 * How fast the laboratory is from end to end, beside two ceilings of the same chain in the same process, where nothing else
 * is done:
 *
 * - alone: the very same transactions, each at its time, sent again with their receipts read;
 * - calldata: transactions that burn the same gas by their data, which makes the chain work the least.
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
import { type InProcessProvider, openHardhatChain } from "../oracle/lab/world/hardhat.ts";

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

interface Asked {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** A scenario that was run. */
interface Ran {
  readonly result: Result;
  /** Milliseconds, from when its world was open. */
  readonly took: number;
  /** What changed the chain, before its world was open and from then on. */
  readonly before: readonly Asked[];
  readonly asked: readonly Asked[];
}

async function endToEnd(scenario: ScenarioInput): Promise<Ran> {
  let began: number | undefined;
  const [before, asked]: [Asked[], Asked[]] = [[], []];
  const result = await runScenario(checkScenario(scenario), {
    folder: ".",
    onProgress: () => {
      began ??= clock.monotonic();
    },
    onRequest: (method, params) => {
      if (/^(eth_send|evm_|hardhat_)/.test(method))
        (began === undefined ? before : asked).push({ method, params });
    },
  });
  return { took: clock.monotonic() - (began ?? 0), result, before, asked };
}

/** Milliseconds that the chain takes for the same transactions alone. */
async function alone({ before, asked }: Ran): Promise<number> {
  const first = before.find(({ method }) => method === "evm_setNextBlockTimestamp");
  const chain = await openHardhatChain(Number(first?.params[0]) - 1, CHAIN_ID);
  await again(chain.provider, before);
  const began = clock.monotonic();
  await again(chain.provider, asked);
  const took = clock.monotonic() - began;
  await chain.close();
  return took;
}

/** As the laboratory does it: what shares a block is sent all at once. */
async function again(provider: InProcessProvider, asked: readonly Asked[]): Promise<void> {
  const read = async (hash: unknown): Promise<void> => {
    const receipt = await provider.request({ method: "eth_getTransactionReceipt", params: [hash] });
    const { status } = receipt as { status: string };
    if (status !== "0x1") throw new Error(`${String(hash)} went another way than in the laboratory`);
  };
  let shared: Promise<unknown>[] | undefined;
  for (const { method, params } of asked) {
    if (method.startsWith("eth_send")) {
      const hash = provider.request({ method, params });
      if (shared === undefined) await read(await hash);
      else shared.push(hash);
      continue;
    }
    const hashes = await Promise.all(shared ?? []);
    await provider.request({ method, params });
    if (method === "evm_mine") await Promise.all(hashes.map(read));
    else if (method === "evm_setAutomine") shared = params[0] === true ? undefined : [];
  }
}

function sumOf(
  gas: readonly GasByAction[],
  of: (action: string) => boolean,
): { count: number; mean: bigint } {
  const chosen = gas.filter(({ action }) => of(action));
  const count = chosen.reduce((sum, one) => sum + one.count, 0);
  return { count, mean: chosen.reduce((sum, one) => sum + one.total, 0n) / BigInt(Math.max(1, count)) };
}

interface Line {
  readonly what: string;
  readonly count: number;
  readonly ran: Ran;
  /** Milliseconds. */
  readonly alone: number;
  readonly calldata: number;
  /** Of a transaction. */
  readonly gas: bigint;
}

function show({ what, count, ran, alone, calldata, gas }: Line): void {
  const [mine, same, bare] = [ran.took, alone, calldata].map((took) => (count / took) * 1000);
  const [ratio, toCalldata] = [alone / ran.took, calldata / ran.took];
  if (values.json) {
    console.log(
      JSON.stringify({
        what,
        perSecond: mine,
        alone: same,
        ratio,
        calldata: bare,
        ratioToCalldata: toCalldata,
        gas: Number(gas),
      }),
    );
    return;
  }
  const cells = [mine, same, ratio, bare, toCalldata].map((cell = 0, i) =>
    cell.toFixed(i === 2 || i === 4 ? 2 : 0).padStart(i === 2 || i === 4 ? 7 : 10),
  );
  console.log(`${what.padEnd(28)}${cells.join("")}   ${gas} gas a transaction`);
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
if (!values.json) {
  const heads = ["a second", "alone", "ratio", "calldata", "ratio"];
  console.log(`${"".padEnd(28)}${heads.map((head) => head.padStart(head === "ratio" ? 7 : 10)).join("")}`);
}
const record = sumOf(updates.result.gas, (action) => action.startsWith("Oracle."));
show({
  what: "oracle updates",
  count: record.count,
  ran: updates,
  alone: await alone(updates),
  calldata: await raw(record.count, record.mean, false),
  gas: record.mean,
});
const trades = sumOf(options.result.gas, (action) => !action.startsWith("Oracle."));
show({
  what: "options, from sale to claim",
  count: options.result.settlements.length,
  ran: options,
  alone: await alone(options),
  calldata: await raw(trades.count, trades.mean, true),
  gas: trades.mean,
});
