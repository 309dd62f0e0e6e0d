import { randomBytes } from "node:crypto";
import path from "node:path";

import type { FastifyInstance } from "fastify";

import { createApi } from "../api/api.ts";
import { freePort, type HeldPort, holdPort } from "../api/free-port.ts";
import { type Clock, seconds } from "../clock.ts";
import { type ChainConfig, type Config, DEFAULT_API_PORT, type KeyConfig } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { sendPolicy } from "../config/send-policy.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger } from "../ledger/open-ledger.ts";
import { makeFolder } from "../make-folder.ts";
import { createFetcher } from "../market/fetch-text.ts";
import { Market } from "../market/market.ts";
import { RateLimiter } from "../market/rate-limiter.ts";
import type { Provenance } from "../market/quote.ts";
import type { Origins } from "../market/source.ts";
import { type AddressBook, readAddressBook } from "../relayer/address-book.ts";
import { ChainReader } from "../relayer/rpc/chain-reader.ts";
import { JsonRpc } from "../relayer/rpc/json-rpc.ts";
import { type Epoch, makeEpoch } from "../signer/agreement/epoch.ts";
import { challenge } from "../signer/challenge.ts";
import type { KmsSigner } from "../signer/kms-signer.ts";
import { MemoryNetwork } from "../signer/memory-transport.ts";
import { openKmsSigner } from "../signer/open-kms-signer.ts";
import { SqliteStore } from "../signer/store/sqlite-store.ts";
import { epochBundles } from "./epoch-bundles.ts";
import { Instance, type InstanceListener } from "./instance.ts";
import type { LocalMember } from "./quorum.ts";

/** What an instance gets beside its configuration. */
export interface InstanceSetting {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly listener?: InstanceListener;
  /** What its prices are, and where its venues are asked; the real ones if left out. */
  readonly market?: { readonly provenance: Provenance; readonly origins: Origins };
  /** Opens and checks everything, and begins nothing: no signer takes part, nothing is sent, nobody is answered. */
  readonly checkOnly?: boolean;
  /** The most pages the ledger may have: for tests of a full disk. */
  readonly maxPages?: number;
}

/** An instance that runs, and its API. */
export interface OpenInstance {
  readonly instance: Instance;
  readonly apiUrl: string;
  /** Drains and closes everything, in the order in which nothing is lost. */
  readonly close: () => Promise<void>;
}

/** Seconds for which calendars are written out for an epoch: two years. */
const EPOCH_LIFE = 2 * 366 * 86_400;

/**
 * Opens everything that a configuration names, each thing checked before anything is started: keys sign a challenge, the
 * address book is of this network and chain, the chain is that chain with that code on it, the ledger can be written.
 * @throws ConfigError, KmsSigningError, KmsPinError, LedgerError, RpcError, PortTakenError: nothing was started
 */
export async function openInstance(config: Config, setting: InstanceSetting): Promise<OpenInstance> {
  const {
    clock,
    checkOnly = false,
    maxPages,
    market = { provenance: "live", origins: new Map<string, string>() },
  } = setting;
  const chain = onlyChain(config);
  requireAllMembers(config);
  const book = bookOf(config, chain);
  const { host } = config.api;
  const apiPort = await freePort("api.port", config.api.port ?? undefined, DEFAULT_API_PORT, { host });
  const keys = await Promise.all(config.signers.map(({ key }) => openKey(config, key, setting)));
  const sender = await openKey(config, chain.sender, setting);
  const epoch = epochOf(config);
  await checkChain(chain, book, epoch, clock);

  // Kept until it is listened on: opening takes seconds, and others start as well.
  const held = await holdPort("api.port", config.api.port ?? undefined, apiPort, { host });
  const closing: (() => void | Promise<void>)[] = [() => held.release()];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end();
  };
  try {
    makeFolder(config.dataDirectory, 0o700);
    let onBatchError: (error: Error) => void = () => undefined;
    const ledger = await openLedger({
      file: path.join(config.dataDirectory, "ledger.db"),
      instance: config.instance,
      clock,
      durability: config.durability,
      ...(maxPages === undefined ? {} : { maxPages }),
      onBatchError: (error) => {
        onBatchError(error);
      },
    });
    const stores: SqliteStore[] = [];
    let letGo = async (): Promise<void> => {
      for (const store of stores) store.close();
      await ledger.close();
    };
    closing.push(() => letGo());
    const wires = new MemoryNetwork();
    // Real venues see one address here, however many signers ask from it.
    const shared = market.provenance === "live" ? { limiter: new RateLimiter() } : {};
    const members = config.signers.map(({ member, identity }, i): LocalMember => {
      const name = `signer-${member + 1}`;
      const fetcher = createFetcher();
      closing.push(() => {
        fetcher.close();
      });
      const key = keys[i];
      if (key === undefined) throw new Error(`${name} has no key`);
      const store = new SqliteStore(
        path.join(config.dataDirectory, `${name}.db`),
        path.join(config.dataDirectory, `${name}.witness`),
        config.durability,
      );
      stores.push(store);
      return {
        name,
        identity,
        key,
        market: new Market({
          catalog: config.catalog,
          clock,
          fetcher,
          tickInterval: config.epoch.timing.tick,
          ...shared,
          ...market,
        }),
        store,
        transport: wires.join(member),
      };
    });
    const instance = new Instance({
      clock,
      network: config.network,
      mode: config.mode,
      provenance: market.provenance,
      catalog: config.catalog,
      epochs: [epoch],
      members,
      ledger,
      relayer: {
        node: { url: chain.rpcUrl, chainId: chain.chainId },
        oracle: book.contracts.oracle,
        signer: sender,
        fees: chain.fees,
        policyOf: (plan) => sendPolicy(config.send, plan),
      },
      ...(setting.listener ? { listener: setting.listener } : {}),
    });
    letGo = () => instance.drain();
    onBatchError = (error) => {
      instance.ledgerFailed(error);
    };
    if (!checkOnly) {
      await instance.start();
      closing.push(pruneDaily(ledger, clock, onBatchError));
      const api = await listen(config, instance, clock, held);
      closing.push(() => api.close());
    }
    const host = config.api.host.includes(":") ? `[${config.api.host}]` : config.api.host;
    return { instance, apiUrl: `http://${host}:${held.port}`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function onlyChain({ file, chains }: Config): ChainConfig {
  const [chain, ...more] = chains;
  if (chain !== undefined && more.length === 0) return chain;
  throw new ConfigError(file, [
    {
      path: "chains",
      message: `one instance relays to one chain, ${chains.length} are named; run an instance for each, with a data directory of its own`,
    },
  ]);
}

/** Signers on several machines need a transport between them, which is not there yet. */
function requireAllMembers({ file, epoch, signers }: Config): void {
  if (signers.length === epoch.members.length) return;
  throw new ConfigError(file, [
    {
      path: "signers",
      message: `the epoch has ${epoch.members.length} members, this process runs ${signers.length} of them; all of them must run in one process, as signers do not talk between machines yet`,
    },
  ]);
}

function bookOf(config: Config, chain: ChainConfig): AddressBook {
  const problem = (message: string) =>
    new ConfigError(config.file, [{ path: `chains[${config.chains.indexOf(chain)}].addressBook`, message }]);
  let book;
  try {
    book = readAddressBook(chain.addressBook);
  } catch (error) {
    throw problem(error instanceof Error ? error.message : String(error));
  }
  for (const [what, here, there] of [
    ["the chain id", chain.chainId, book.chainId],
    ["the network", config.network, book.network],
    ["the mode", config.mode, book.mode],
  ] as const) {
    if (here !== there) {
      throw problem(`${what} is ${here} here and ${there} in ${chain.addressBook}; is it the right book?`);
    }
  }
  return book;
}

/** Reads the oracle as the relayer will: a wrong node, contract or network is found before the first report is. */
async function checkChain(
  { rpcUrl, chainId, sender }: ChainConfig,
  { contracts: { oracle } }: AddressBook,
  { plan, domain, from }: Epoch,
  clock: Clock,
): Promise<void> {
  const rpc = new JsonRpc({ url: rpcUrl, chainId, clock });
  const { address, codeHash } = oracle;
  const reader = new ChainReader({ rpc, oracle: address, codeHash, sender: sender.address });
  await reader.read({ plan, domain, time: from });
}

/** Opens a key and has it sign a challenge: a key that is disabled, or not ours to use, is found before the first tick. */
async function openKey(
  { mode }: Config,
  { address, keyArns, endpoint }: KeyConfig,
  { env, clock }: InstanceSetting,
): Promise<KmsSigner> {
  const signer = await openKmsSigner({
    mode: mode === "production" ? "production" : "development",
    address,
    keyArns,
    ...(endpoint === undefined ? {} : { endpoint }),
    env,
    clock,
  });
  await challenge(signer, randomBytes(16).toString("hex"));
  return signer;
}

function epochOf({ epoch, salt, catalog }: Config): Epoch {
  const bundles = epochBundles(catalog, epoch.from, epoch.from + EPOCH_LIFE);
  return makeEpoch({ ...epoch, salt, bundles });
}

/** Deletes what has been kept for long enough, at the start and every day. Returns what ends that. */
function pruneDaily(ledger: Ledger, clock: Clock, onError: (error: Error) => void): () => void {
  const stop = new AbortController();
  const days = async (): Promise<never> => {
    for (;;) {
      await ledger.prune(seconds(clock));
      await clock.sleep(86_400_000, stop.signal);
    }
  };
  days().catch((error: unknown) => {
    if (!stop.signal.aborted) onError(error instanceof Error ? error : new Error(String(error)));
  });
  return () => {
    stop.abort(new Error("the instance is stopping"));
  };
}

async function listen(
  { api }: Config,
  instance: Instance,
  clock: Clock,
  { port, release }: HeldPort,
): Promise<FastifyInstance> {
  const app = createApi({
    view: instance.view,
    clock,
    trustedProxy: api.trustedProxy,
    rateLimit: { most: api.requestsPerMinute, window: 60 },
  });
  await release();
  await app.listen({ host: api.host, port });
  return app;
}
