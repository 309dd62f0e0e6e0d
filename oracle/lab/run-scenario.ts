import path from "node:path";

import { hexlify } from "ethers";

import { toUnits } from "../decimal.ts";
import { replay } from "../market/simulated/replay.ts";
import { NO_PRICE } from "../report/word.ts";
import { FIXING_PERIOD } from "../signer/agreement/timing.ts";
import { parseDecimal } from "../decimal.ts";
import { Agenda } from "./agenda.ts";
import { LabDesk, type OwnContract } from "./desk/lab-desk.ts";
import { readOwnPayoff } from "./desk/own-payoff.ts";
import { planOptions } from "./desk/plan-options.ts";
import { FixingWatch } from "./fixing-watch.ts";
import { GasTally } from "./gas-tally.ts";
import { portable, scenarioSha256, versions } from "./manifest.ts";
import { outliersOf } from "./outliers.ts";
import { millionths } from "./percent.ts";
import { readSeries, type Series } from "./read-series.ts";
import type { Manifest, PathPoint, Result, Round } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { byTwo, interfaceOf, must } from "./world/deploy-contracts.ts";
import { keysInLocalKms } from "./world/kms-keys.ts";
import { labCatalog } from "./world/lab-catalog.ts";
import { keysInProcess } from "./world/lab-keys.ts";
import { readArtifact, readOwnArtifact } from "./world/hardhat.ts";
import type { LabChainOptions } from "./world/lab-chain.ts";
import { type LabWorld, openLabWorld } from "./world/open-lab-world.ts";
import { decimalsOf, maxInputAge, tickOf, ticksOf } from "./world/ticks.ts";

/** What a run is told beside its scenario. */
export interface RunSetting {
  /** Where the scenario's files are, if they are not named by whole paths. */
  readonly folder: string;
  /** Told now and then how far it is. */
  readonly onProgress?: (done: number, of: number) => void;
  /** Told of everything that the chain is asked. */
  readonly onRequest?: LabChainOptions["onRequest"];
  readonly stop?: AbortSignal;
}

/** Seconds after a tick in which its report is agreed, recorded and acted on; then time without ticks may be skipped. */
const AFTER_TICK = 60;
/** How often progress is told: every so many ticks. */
const TELL = 50;

/**
 * Runs one scenario, without its sweep: the whole oracle over the whole path, and all options from their creation until both
 * sides are paid.
 * @throws LabError, UsageError, PriceFileError; the signal's reason where it is stopped
 */
export async function runScenario(scenario: Scenario, setting: RunSetting): Promise<Result> {
  const series = readSeries(scenario, setting.folder);
  const { file } = series;
  const { market, oracle, seed } = scenario;
  const tick = tickOf(file);
  const ticks = ticksOf(file, tick);
  const [first = 0, last = 0] = [ticks[0], ticks.at(-1)];
  const from = Math.floor(first / FIXING_PERIOD) * FIXING_PERIOD;
  const truth = replay(file);
  const catalog = labCatalog({
    symbol: file.symbol,
    decimals: decimalsOf(file),
    venues: market.venues,
    minSources: oracle.minSources,
    maxSpread: oracle.maxSpread,
    tolerance: "0.5%",
    hardBand: "2%",
    maxInputAge: maxInputAge(file),
    everySeconds: Math.min(tick, 86_400),
  });
  const [feed] = catalog.feeds;
  if (feed === undefined) throw new Error("a catalog without feeds");
  const truthAt = (time: number): bigint | null => {
    const known = truth.at(time * 1000);
    return known === null ? null : toUnits(known.price, feed.decimals);
  };

  const prices = new Map<number, bigint>();
  const rounds: Round[] = [];
  const gas = new GasTally();
  let failure: Error | undefined;
  const keys =
    oracle.keys === "kms" ? await keysInLocalKms(oracle.signers) : keysInProcess(oracle.signers, seed);
  const ms = (seconds: number): number => (from + seconds) * 1000;
  const world = await openLabWorld({
    catalog,
    keys,
    from,
    tick,
    dispute: oracle.dispute,
    timing: { observeDelay: oracle.observeDelay, fixingDelay: oracle.fixingDelay },
    policy: {
      rules: {
        deviation: Uint32Array.of(Number(millionths(oracle.deviation))),
        heartbeat: Uint32Array.of(oracle.heartbeat),
      },
      schedules: [null],
    },
    chain: {
      latency: oracle.latency,
      congestion: oracle.congestion.map((jam) => ({ from: from + jam.from, until: from + jam.until })),
      ...(setting.onRequest === undefined ? {} : { onRequest: setting.onRequest }),
    },
    venues: {
      paths: [truth],
      provenance: series.provenance,
      seed,
      disagreement: Number(millionths(market.disagreement)),
      venues: market.venues,
      lies: market.lies.map(({ venue, times, ...lie }) => {
        const { units, scale } = parseDecimal(times);
        return {
          venue,
          from: ms(lie.from),
          until: ms(lie.until),
          factor: units,
          divisor: 10n ** BigInt(scale),
        };
      }),
      outages: market.outages.map((outage) => ({
        venue: outage.venue ?? null,
        from: ms(outage.from),
        until: ms(outage.until),
      })),
    },
    listener: {
      onReport: (report) => {
        prices.set(report.time, report.prices[0] ?? NO_PRICE);
      },
      onTransmission: ({ kind, transmission }) => {
        const { outcome, observedAt, reasons, fixing } = transmission;
        if (kind !== "closed" || outcome?.kind !== "included") return;
        if (observedAt > last) return; // behind the path there is no price, and a report says so: it is none of the run's
        const price = prices.get(observedAt) ?? NO_PRICE;
        gas.add(fixing ? "Oracle.record, with a fixing" : "Oracle.record", outcome.gasUsed);
        rounds.push({
          observedAt,
          blockTime: outcome.blockTime,
          block: outcome.block,
          price: price === NO_PRICE ? null : price,
          truth: truthAt(observedAt),
          reason: reasons[0]?.reason ?? "fixing",
          fixing,
          gas: outcome.gasUsed,
        });
      },
      onFailure: (error) => {
        failure = error;
      },
    },
  });
  try {
    const agenda = new Agenda();
    const { clock } = world;
    const end = last + AFTER_TICK + oracle.latency + Math.ceil(oracle.fixingDelay / 1000);
    const finality = Math.ceil(oracle.fixingDelay / 1000) + oracle.latency + oracle.dispute + 1;
    const watch = new FixingWatch(world, truthAt);
    const desk = new LabDesk({
      chain: world.chain,
      contracts: world.contracts,
      people: world.people,
      agenda,
      gas,
      path: truth,
      feed: { symbol: file.symbol, decimals: feed.decimals, method: hexlify(feed.methodHash) },
      now: () => Math.floor(clock.wall() / 1000),
      finality,
      lastReport: end,
      ...(scenario.options.payoff === undefined
        ? {}
        : { payoff: await ownPayoff(scenario.options.payoff, setting.folder) }),
    });
    const planned = planOptions(scenario, { path: truth, decimals: feed.decimals, ticks, tick });
    await desk.open(planned);
    for (const act of scenario.people) agenda.add(from + act.at, () => actOn(world, act, from));
    await world.instance.start();

    const check = (): void => {
      setting.stop?.throwIfAborted();
      if (failure !== undefined) throw failure;
    };
    const goTo = async (time: number, fast: boolean): Promise<void> => {
      for (let next = agenda.next; next !== null && next <= time; next = agenda.next) {
        if (fast) await clock.jumpTo(Math.max(next * 1000, clock.wall()));
        else await clock.runTo(Math.max(next * 1000, clock.wall()));
        await agenda.take()?.();
        check();
      }
      if (fast) await clock.jumpTo(Math.max(time * 1000, clock.wall()));
      else await clock.runTo(Math.max(time * 1000, clock.wall()));
    };
    for (const [i, time] of ticks.entries()) {
      await goTo(time, time * 1000 - clock.wall() > tick * 2000);
      await goTo(Math.min(ticks[i + 1] ?? end, time + Math.max(AFTER_TICK, tick)), false);
      if (time % FIXING_PERIOD === 0) watch.add(time);
      await watch.look(Math.floor(clock.wall() / 1000) - finality);
      check();
      if (i % TELL === 0) setting.onProgress?.(i, ticks.length);
    }
    await goTo(end, false);
    world.instance.close();
    for (let next = agenda.next; next !== null; next = agenda.next) await goTo(next, true);
    // One more block, when nobody may void the last fixing any more: or the run would end with it undecided.
    await goTo(last + finality, true);
    await world.chain.send({ from: world.people.anyone, to: world.people.anyone, data: "0x" });
    setting.onProgress?.(ticks.length, ticks.length);

    return {
      manifest: await manifestOf(scenario, series, world, desk, keys.signing),
      feed: { symbol: feed.symbol, decimals: feed.decimals, method: feed.methodText },
      path: file.points.map(({ knownAt, price }): PathPoint => ({
        time: Math.floor(knownAt / 1000),
        price: toUnits(price, feed.decimals),
      })),
      rounds: rounds.toSorted((a, b) => a.block - b.block),
      fixings: await watch.all(),
      trades: desk.trades,
      settlements: desk.settlements,
      money: await desk.money(),
      gas: gas.summary(),
      studies: [],
      gaps: file.gaps,
      outliers: outliersOf(
        file.points.map(({ knownAt, price }) => ({
          time: Math.floor(knownAt / 1000),
          price: toUnits(price, feed.decimals),
        })),
      ),
    };
  } finally {
    await world.close();
  }
}

async function actOn(
  { chain, contracts, people }: LabWorld,
  act: Scenario["people"][number],
  from: number,
): Promise<void> {
  const oracle = interfaceOf("Oracle.sol");
  switch (act.do) {
    case "void": {
      const data = oracle.encodeFunctionData("voidFixing", [from + act.fixing, 0]);
      await byTwo(chain, contracts, people, data, `void ${act.fixing}`);
      break;
    }
    case "halt": {
      const data = interfaceOf("TwoPersonGate.sol").encodeFunctionData("halt", [contracts.oracle, 0]);
      await must(chain, people.guardian, contracts.gate, data);
      break;
    }
    case "resume":
      await byTwo(chain, contracts, people, oracle.encodeFunctionData("resume", [0]), `resume ${act.at}`);
  }
}

/** @throws LabError, UsageError where the artifact or the reference cannot be used */
async function ownPayoff(
  { artifact, arguments: args, reference }: NonNullable<Scenario["options"]["payoff"]>,
  folder: string,
): Promise<OwnContract> {
  return {
    artifact: artifact.endsWith(".sol")
      ? readArtifact(artifact)
      : readOwnArtifact(path.resolve(folder, artifact)),
    args,
    due: reference === undefined ? undefined : await readOwnPayoff(path.resolve(folder, reference)),
  };
}

async function manifestOf(
  scenario: Scenario,
  { data, generator, provenance }: Series,
  { chain, contracts }: LabWorld,
  desk: LabDesk,
  signing: Manifest["signing"],
): Promise<Manifest> {
  const bytecode: Record<string, string> = {};
  const named = {
    TwoPersonGate: contracts.gate,
    Oracle: contracts.oracle,
    Catalog: contracts.catalog,
    Options: contracts.options,
    OptionSeries: contracts.series,
    ...desk.ownContracts,
  };
  const told = portable(scenario);
  for (const [name, address] of Object.entries(named)) bytecode[name] = await chain.codeHash(address);
  return {
    versions: versions(),
    bytecode,
    data,
    seed: scenario.seed,
    generator,
    scenario: told,
    scenarioSha256: scenarioSha256(told),
    signing,
    signers: scenario.oracle.signers,
    quorum: scenario.oracle.signers === 1 ? 1 : 3,
    provenance,
  };
}
