import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";

import type { FastifyInstance } from "fastify";

import { createApi } from "../api/api.ts";
import { freePort } from "../api/free-port.ts";
import type { Clock } from "../clock.ts";
import { type ChainConfig, type Config, DEFAULT_API_PORT, type KeyConfig } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { sendPolicy } from "../config/send-policy.ts";
import { openLedger } from "../ledger/open-ledger.ts";
import { createFetcher } from "../market/fetch-text.ts";
import { Market } from "../market/market.ts";
import type { Provenance } from "../market/quote.ts";
import type { Origins } from "../market/source.ts";
import { readAddressBook } from "../relayer/address-book.ts";
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
  const { clock, market = { provenance: "live", origins: new Map<string, string>() } } = setting;
  const chain = onlyChain(config);
  requireAllMembers(config);
  const book = bookOf(config, chain);
  const apiPort = await freePort("api.port", config.api.port ?? undefined, DEFAULT_API_PORT);
  const keys = await Promise.all(config.signers.map(({ key }) => openKey(config, key, setting)));
  const sender = await openKey(config, chain.sender, setting);

  const closing: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.reverse()) await end();
  };
  try {
    mkdirSync(config.dataDirectory, { recursive: true, mode: 0o700 });
    const ledger = await openLedger({
      file: path.join(config.dataDirectory, "ledger.db"),
      instance: config.instance,
      clock,
      durability: config.durability,
    });
    let letGo = (): Promise<void> => ledger.close();
    closing.push(() => letGo());
    const wires = new MemoryNetwork();
    const members = config.signers.map(({ member, identity }, i): LocalMember => {
      const name = `signer-${member + 1}`;
      const fetcher = createFetcher();
      closing.push(() => {
        fetcher.close();
      });
      const key = keys[i];
      if (key === undefined) throw new Error(`${name} has no key`);
      return {
        name,
        identity,
        key,
        market: new Market({
          catalog: config.catalog,
          clock,
          fetcher,
          tickInterval: config.epoch.timing.tick,
          ...market,
        }),
        store: new SqliteStore(
          path.join(config.dataDirectory, `${name}.db`),
          path.join(config.dataDirectory, `${name}.witness`),
          config.durability,
        ),
        transport: wires.join(member),
      };
    });
    const instance = new Instance({
      clock,
      network: config.network,
      mode: config.mode,
      provenance: market.provenance,
      catalog: config.catalog,
      epochs: [epochOf(config)],
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
    await instance.start();
    const api = await listen(config, instance, clock, apiPort);
    closing.push(() => api.close());
    const host = config.api.host.includes(":") ? `[${config.api.host}]` : config.api.host;
    return { instance, apiUrl: `http://${host}:${apiPort}`, close };
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

function bookOf(config: Config, chain: ChainConfig) {
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

async function listen(
  { api }: Config,
  instance: Instance,
  clock: Clock,
  port: number,
): Promise<FastifyInstance> {
  const app = createApi({
    view: instance.view,
    clock,
    trustedProxy: api.trustedProxy,
    rateLimit: { most: api.requestsPerMinute, window: 60 },
  });
  await app.listen({ host: api.host, port });
  return app;
}
