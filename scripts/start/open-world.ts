import path from "node:path";

import type { FastifyInstance } from "fastify";

import { createApi } from "../../oracle/api/api.ts";
import type { HeldPort } from "../../oracle/api/free-port.ts";
import { type Clock, systemClock } from "../../oracle/clock.ts";
import { type FastClock, fastClock, held } from "../../oracle/fast-clock.ts";
import { openLedger } from "../../oracle/ledger/open-ledger.ts";
import { createFetcher } from "../../oracle/market/fetch-text.ts";
import { Market } from "../../oracle/market/market.ts";
import { RateLimiter } from "../../oracle/market/rate-limiter.ts";
import { httpExchange } from "../../oracle/relayer/rpc/http-exchange.ts";
import { networkSalt } from "../../oracle/report/digest.ts";
import { smallestQuorum } from "../../oracle/report/signer-set.ts";
import { epochBundles } from "../../oracle/run/epoch-bundles.ts";
import { Instance, type InstanceListener } from "../../oracle/run/instance.ts";
import type { LocalMember } from "../../oracle/run/quorum.ts";
import { makeEpoch } from "../../oracle/signer/agreement/epoch.ts";
import { TIMING } from "../../oracle/signer/agreement/timing.ts";
import { identityOf } from "../../oracle/signer/ed25519.ts";
import { MemoryNetwork } from "../../oracle/signer/memory-transport.ts";
import { SqliteStore } from "../../oracle/signer/store/sqlite-store.ts";
import { type Deployed, deployWorld } from "./deploy-world.ts";
import { type DevChain, startDevChain } from "./dev-chain.ts";
import { SharedTime } from "./shared-time.ts";
import type { StartOptions } from "./start-options.ts";
import { makeKeys, type WorldKeys } from "./world-keys.ts";
import type { WorldPlan } from "./world-plan.ts";
import { startWorldVenues, type WorldVenues } from "./world-venues.ts";

/** How many signers a world has, and so three signatures a report. */
export const SIGNERS = 4;
/** Milliseconds that a message between signers takes. */
const LATENCY = 20;
/** Seconds that a world has between its beginning and its signers' first tick, beside the two ticks they sit out. */
const HEAD_START = 60;
/** Seconds for which calendars are written out. */
const EPOCH_LIFE = 400 * 86_400;
const GWEI = 10n ** 9n;
/** Wei that the relayer's sender gets. */
const FUNDS = 1_000n * 10n ** 18n;

/** What a world is made from. */
export interface WorldSetup {
  readonly options: StartOptions;
  readonly plan: WorldPlan;
  /** Where its files go. */
  readonly folder: string;
  /** The name of its network of signers. */
  readonly network: string;
  readonly ports: { readonly api: HeldPort; readonly rpc: HeldPort };
  readonly listener: InstanceListener;
}

/** Everything of one run, open. */
export interface World {
  readonly plan: WorldPlan;
  readonly folder: string;
  readonly network: string;
  readonly clock: Clock;
  /** The same clock, where it goes as fast as the work allows. */
  readonly fast: FastClock | undefined;
  readonly chain: DevChain;
  readonly deployed: Deployed;
  readonly keys: WorldKeys;
  readonly venues: WorldVenues | undefined;
  readonly instance: Instance;
  readonly api: FastifyInstance;
  readonly apiUrl: string;
  /** Aborts when the world ends: whoever waits for its time has nothing to wait for any more. */
  readonly ending: AbortSignal;
  /** Ends everything, in the order in which nothing is lost. */
  readonly close: () => Promise<void>;
}

/**
 * Makes a world: a local KMS with its keys, a chain with the contracts, venues, four signers with a store and a market view
 * each, a ledger, a relayer, the API. Time does not go on before this returns. Where something fails, what was open is closed.
 */
export async function openWorld(setup: WorldSetup): Promise<World> {
  const ends: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const end of ends.splice(0).reverse()) {
      try {
        await end();
      } catch (error) {
        failures.push(error); // what was opened before it is closed all the same
      }
    }
    const [first] = failures;
    if (first !== undefined)
      throw first instanceof Error ? first : new Error("a world did not close", { cause: first });
  };
  try {
    return { ...(await open(setup, (end) => ends.push(end))), close };
  } catch (error) {
    await close().catch(() => undefined); // what went wrong first is what is told
    throw error;
  }
}

/** @param onClose told how each thing that was opened is closed, in the order of opening */
async function open(
  { options, plan, folder, network, ports, listener }: WorldSetup,
  onClose: (end: () => void | Promise<void>) => void,
): Promise<Omit<World, "close">> {
  const begin = plan.from - 2 * plan.tick - HEAD_START;
  const time = new SharedTime();
  let past = false;
  const fast =
    plan.provenance === "live"
      ? undefined
      : fastClock(begin * 1000, (wall, joined) => {
          time.write(wall, joined);
          past = !joined;
        });
  const clock = fast ?? systemClock();
  const hold = <T>(work: Promise<T>): Promise<T> => (fast ? fast.hold(work) : work);
  const holding = <T extends object>(object: T): T => (fast ? held(fast, object) : object);

  const keys = await makeKeys(SIGNERS, folder);
  onClose(() => keys.close());
  // The contracts are deployed in the minute before, so that the signers may be in force from the epoch's beginning.
  const chainBegin = (fast ? begin : plan.from) - HEAD_START;
  const chain = await startDevChain({
    begin: chainBegin,
    clock,
    hold,
    port: ports.rpc.port,
    release: ports.rpc.release,
    chainId: options.chainId,
  });
  onClose(() => chain.close());
  const deployed = await deployWorld(chain, {
    network,
    catalog: plan.catalog,
    signers: { quorum: smallestQuorum(SIGNERS), signers: keys.signers.map(({ address }) => address) },
    activeFrom: plan.from,
    dispute: plan.dispute,
    money: { symbol: "CASH", decimals: plan.catalog.feeds[0]?.decimals ?? 0 },
    book: path.join(folder, "address-book.json"),
  });
  await fund(chain, keys.sender.address);

  const { provenance } = plan;
  const venues = await startWorldVenues(plan, time);
  if (venues) onClose(() => venues.close());
  const epoch = makeEpoch({
    number: 0,
    from: plan.from,
    salt: networkSalt(network, "test"),
    members: keys.signers.map(({ identity, address }) => ({ identity: identityOf(identity), address })),
    bundles: epochBundles(plan.catalog, plan.from, plan.from + EPOCH_LIFE),
    timing: { ...TIMING, tick: plan.tick },
  });
  const durability = fast ? "process" : "full";
  // Messages travel in the world's time, so that a round takes what it takes at whatever speed.
  const wires = new MemoryNetwork((deliver) => void clock.sleep(LATENCY).then(deliver));
  const limiter = new RateLimiter(); // to real venues all four are one address
  const members = keys.signers.map(({ identity, report }, i): LocalMember => {
    const name = `signer-${i + 1}`;
    const file = path.join(folder, name);
    const fetcher = createFetcher();
    onClose(() => {
      fetcher.close();
    });
    return {
      name,
      identity,
      key: holding(report),
      market: new Market({
        catalog: plan.catalog,
        clock,
        fetcher: holding(fetcher),
        provenance,
        tickInterval: plan.tick,
        ...(venues ? { origins: venues.origins } : { limiter }),
      }),
      store: new SqliteStore(`${file}.db`, `${file}.witness`, durability),
      transport: wires.join(i),
    };
  });
  const file = path.join(folder, "ledger.db");
  const ledger = await openLedger({ file, instance: "start", clock, durability });
  const ending = new AbortController();
  onClose(() => {
    ending.abort(new Error("the world ends"));
  });
  const overHttp = httpExchange({ url: chain.url, clock });
  const instance = new Instance({
    clock,
    network,
    mode: "test",
    provenance,
    catalog: plan.catalog,
    epochs: [epoch],
    members,
    ledger: holding(ledger),
    relayer: {
      node: {
        url: chain.url,
        chainId: chain.chainId,
        exchange: (...args) => hold((past ? chain.exchange : overHttp)(...args)),
      },
      oracle: deployed.book.contracts.oracle,
      signer: holding(keys.sender),
      fees: { cap: 500n * GWEI, tip: GWEI },
      policyOf: () => sendPolicy(plan.catalog.feeds.length),
    },
    listener,
  });
  onClose(() => instance.drain());
  const api = createApi({ view: instance.view, clock });
  onClose(() => api.close());
  await ports.api.release();
  await api.listen({ host: "127.0.0.1", port: ports.api.port });
  chain.beginSlots(ending.signal);
  const apiUrl = `http://127.0.0.1:${ports.api.port}`;
  const { signal } = ending;
  return {
    plan,
    folder,
    network,
    clock,
    fast,
    chain,
    deployed,
    keys,
    venues,
    instance,
    api,
    apiUrl,
    ending: signal,
  };
}

/** Every feed: 0.5 % from the price on chain, or ten minutes. */
function sendPolicy(feeds: number) {
  return {
    rules: {
      deviation: new Uint32Array(feeds).fill(5_000),
      heartbeat: new Uint32Array(feeds).fill(600),
    },
    schedules: new Array<null>(feeds).fill(null),
  };
}

async function fund({ connection }: DevChain, sender: string): Promise<void> {
  const amount = `0x${FUNDS.toString(16)}`;
  await connection.provider.request({ method: "hardhat_setBalance", params: [sender, amount] });
}
