/**
 * How fast the laboratory is from end to end, beside what the same chain in the same process does where nothing else is done:
 *
 * - asked: everything that the laboratory asked of the chain, once more: its reads and simulations too;
 * - sent: the very same transactions, each at its time, sent once more with their receipts read;
 * - bare: transactions that burn the same gas by their data, which makes the chain work the least.
 *
 * `npm run bench:lab -- --help` lists the options.
 */
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
import { wholeNumber } from "../oracle/whole-number.ts";
import { scriptOptions } from "./house/script-options.ts";

const USAGE = `Usage: npm run bench:lab -- [options]

  --json         one JSON object a line, in place of a table
  --updates N    oracle updates (1500)
  --options N    options (1000)`;

const wanted = scriptOptions(
  {
    name: "npm run bench:lab",
    usage: USAGE,
    options: {
      json: { type: "boolean", default: false },
      updates: { type: "string", default: "1500" },
      options: { type: "string", default: "1000" },
    },
  },
  ({ values }) => ({
    json: values.json,
    updates: wholeNumber("--updates", values.updates, 2, 200_000),
    options: wholeNumber("--options", values.options, 1, 20_000),
  }),
);
const clock = systemClock();
/** Gas of a transaction before its data, and of a byte of data that is not 0 (EIP-7623's floor). */
const [PLAIN, BYTE] = [21_000, 40];

/** Milliseconds that bare transactions of this gas take. */
async function bare(count: number, gas: bigint, together: boolean): Promise<number> {
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
  /** What the chain was asked, before its world was open and from then on. */
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
      (began === undefined ? before : asked).push({ method, params });
    },
  });
  return { took: clock.monotonic() - (began ?? 0), result, before, asked };
}

/** What makes the chain another; the receipts belong to it. */
const SENDING = /^(eth_send|evm_|hardhat_|eth_getTransactionReceipt)/;

/** Milliseconds that the chain takes for the same requests, and for those alone that send. */
async function chainAlone({ before, asked }: Ran, sendingOnly: boolean): Promise<number> {
  const first = before.find(({ method }) => method === "evm_setNextBlockTimestamp");
  const chain = await openHardhatChain(Number(first?.params[0]) - 1, CHAIN_ID);
  const wanted = sendingOnly ? asked.filter(({ method }) => SENDING.test(method)) : asked;
  await again(chain.provider, before);
  const began = clock.monotonic();
  await again(chain.provider, wanted);
  const took = clock.monotonic() - began;
  await chain.close();
  return took;
}

/** One after the other, and all at once what may be: what is read between two transactions, and what shares a block. */
async function again(provider: InProcessProvider, asked: readonly Asked[]): Promise<void> {
  let atOnce: Promise<unknown>[] = [];
  let shared = false;
  for (const request of asked) {
    const { method, params } = request;
    const sends = method.startsWith("eth_send");
    if (!sends && SENDING.test(method) && method !== "eth_getTransactionReceipt") {
      await Promise.all(atOnce);
      atOnce = [];
      await provider.request(request);
      if (method === "evm_setAutomine") shared = params[0] === false;
    } else if (sends && !shared) {
      await Promise.all(atOnce);
      atOnce = [];
      await provider.request(request);
    } else atOnce.push(checked(provider, request));
  }
  await Promise.all(atOnce);
}

async function checked(provider: InProcessProvider, request: Asked): Promise<void> {
  if (request.method !== "eth_getTransactionReceipt") {
    await provider.request(request).catch(() => undefined); // some questions are whether a call would revert
    return;
  }
  const receipt = (await provider.request(request)) as { status: string } | null;
  if (receipt?.status !== "0x1")
    throw new Error(`${String(request.params[0])} went another way than in the laboratory`);
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
  /** Milliseconds. */
  readonly took: number;
  readonly ceilings: Readonly<Record<"asked" | "sent" | "bare", number>>;
  /** Of a transaction. */
  readonly gas: bigint;
}

const [NUMBER, RATIO] = [10, 7];

function show({ what, count, took, ceilings, gas }: Line): void {
  const perSecond = (milliseconds: number): number => (count / milliseconds) * 1000;
  if (wanted.json) {
    const of = Object.entries(ceilings).map(([name, ms]) => [
      name,
      { perSecond: perSecond(ms), ratio: ms / took },
    ]);
    console.log(
      JSON.stringify({ what, perSecond: perSecond(took), ...Object.fromEntries(of), gas: Number(gas) }),
    );
    return;
  }
  const cells = Object.values(ceilings).map(
    (ms) => perSecond(ms).toFixed(0).padStart(NUMBER) + (ms / took).toFixed(2).padStart(RATIO),
  );
  console.log(
    `${what.padEnd(28)}${perSecond(took).toFixed(0).padStart(NUMBER)}${cells.join("")}   ${gas} gas a transaction`,
  );
}

const common = { about: "A benchmark.", seed: 1 };
const updates = await endToEnd({
  ...common,
  name: "updates",
  market: { points: wanted.updates, disagreement: "0%" },
  oracle: { deviation: "0.0001%", heartbeat: 1 },
  options: { count: 0 },
});
const options = await endToEnd({
  ...common,
  name: "options",
  market: { points: 240 },
  options: { count: wanted.options, life: { from: 600, to: 7_200 } },
});
if (!wanted.json) {
  const ceilings = ["asked", "sent", "bare"].map((name) => name.padStart(NUMBER) + "ratio".padStart(RATIO));
  console.log(`${"".padEnd(28)}${"a second".padStart(NUMBER)}${ceilings.join("")}`);
}
const record = sumOf(updates.result.gas, (action) => action.startsWith("Oracle."));
show({
  what: "oracle updates",
  count: record.count,
  took: updates.took,
  ceilings: {
    asked: await chainAlone(updates, false),
    sent: await chainAlone(updates, true),
    bare: await bare(record.count, record.mean, false),
  },
  gas: record.mean,
});
const trades = sumOf(options.result.gas, (action) => !action.startsWith("Oracle."));
show({
  what: "options, from sale to claim",
  count: options.result.settlements.length,
  took: options.took,
  ceilings: {
    asked: await chainAlone(options, false),
    sent: await chainAlone(options, true),
    bare: await bare(trades.count, trades.mean, true),
  },
  gas: trades.mean,
});
