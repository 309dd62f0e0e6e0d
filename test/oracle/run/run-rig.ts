import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import { getBytes } from "ethers";

import { type Clock, systemClock } from "../../../oracle/clock.ts";
import type { Config } from "../../../oracle/config/config.ts";
import { readConfig } from "../../../oracle/config/read-config.ts";
import type { Ledger } from "../../../oracle/ledger/ledger.ts";
import { openLedger } from "../../../oracle/ledger/open-ledger.ts";
import { randomWalk } from "../../../oracle/market/simulated/random-walk.ts";
import {
  type SimulatedVenues,
  startSimulatedVenues,
} from "../../../oracle/market/simulated/simulated-venues.ts";
import { compareBytes } from "../../../oracle/report/bytes.ts";
import type { InstanceListener } from "../../../oracle/run/instance.ts";
import { type InstanceSetting, type OpenInstance, openInstance } from "../../../oracle/run/open-instance.ts";
import { identityOf } from "../../../oracle/signer/ed25519.ts";
import type { KeyPin } from "../../../oracle/signer/key-pin.ts";
import { createKmsKey } from "../../../oracle/signer/kms-key.ts";
import { type Deployed, deployWorld } from "../../../scripts/start/deploy-world.ts";
import { type DevChain, startDevChain } from "../../../scripts/start/dev-chain.ts";
import { catalogOf } from "../market/catalogs.ts";
import { ACCESS_KEY, Rig as KmsRig } from "../signer/rig.ts";

/** When the signers' epoch begins: a fixing time. */
const FROM = Date.UTC(2026, 0, 5) / 1000;
const CHAIN_ID = 31_337;
/** Prices of BTC/JPY begin here. */
const PRICE = 11_250_000n;

const venues = ["bitflyer", "coincheck", "bitbank", "gmo"];
/** What the configuration has: two feeds that four venues price, asked every second. */
const CATALOG_FILE = {
  sources: venues.map((venue) => ({ kind: "venue", id: venue, venue, pairs: ["BTC/JPY"], everySeconds: 1 })),
  bundles: [
    {
      bundle: 0,
      feeds: [
        btcJpy(venues),
        {
          symbol: "JPY/BTC",
          decimals: 12,
          method: { kind: "inverse", of: ["BTC/JPY"] },
          maxInputAge: 60,
          tolerance: "0.5%",
          hardBand: "2%",
        },
      ],
    },
  ],
};

/** Sources that nobody will ever have: a name under .invalid has no address. */
export const UNREACHABLE = ["one", "two", "three"];

/** One feed that they price, each asked once a minute. */
export function unreachableCatalog(requestsPerMinute: number): object {
  return {
    sources: UNREACHABLE.map((venue) => ({
      kind: "json",
      id: venue,
      venue,
      url: `https://${venue}.invalid/rate`,
      requestsPerMinute,
      everySeconds: 60,
      quotes: [{ symbol: "BTC/JPY", price: "/price" }],
    })),
    bundles: [{ bundle: 0, feeds: [btcJpy(UNREACHABLE)] }],
  };
}

/** The feed that both catalogs have. */
function btcJpy(sources: readonly string[]): object {
  return {
    symbol: "BTC/JPY",
    decimals: 0,
    method: { kind: "median", sources, minSources: 3, maxSpread: "2%" },
    maxInputAge: 60,
    tolerance: "0.5%",
    hardBand: "2%",
  };
}

/** The system's pace from another time on, which may be set forward. */
export class ShiftedClock implements Clock {
  readonly #system = systemClock();
  #offset = 0;
  #frozen: number | undefined;

  monotonic(): number {
    return this.#system.monotonic();
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return this.#system.sleep(milliseconds, signal);
  }

  wall(): number {
    return this.#frozen ?? this.#system.wall() + this.#offset;
  }

  /** Stands still for as long as the work takes: a busy machine must not make a signer miss the time a test is about. */
  async frozen<T>(work: () => Promise<T>): Promise<T> {
    this.#frozen = this.wall();
    try {
      return await work();
    } finally {
      this.set(this.#frozen);
      this.#frozen = undefined;
    }
  }

  /** @param wall Unix milliseconds */
  set(wall: number): void {
    this.#offset = wall - this.#system.wall();
  }
}

/**
 * Everything that `nakane run` needs, and is not it: a chain with the contracts on it behind a URL, a KMS over HTTP with the
 * keys of four signers and a sender, four venues, and a configuration on disk.
 */
export class RunRig {
  readonly folder = mkdtempSync(path.join(tmpdir(), "nakane-run-"));
  readonly clock: ShiftedClock;
  readonly chain: DevChain;
  readonly kms: KmsRig;
  readonly venues: SimulatedVenues;
  readonly deployed: Deployed;
  /** By ascending address. */
  readonly signers: readonly (KeyPin & { readonly identity: KeyObject })[];
  readonly sender: KeyPin;
  /** What a process of its own needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #stopping = new AbortController();
  #fixing = FROM;

  private constructor(
    parts: Pick<RunRig, "clock" | "chain" | "kms" | "venues" | "deployed" | "signers" | "sender">,
  ) {
    this.clock = parts.clock;
    this.chain = parts.chain;
    this.kms = parts.kms;
    this.venues = parts.venues;
    this.deployed = parts.deployed;
    this.signers = parts.signers;
    this.sender = parts.sender;
    this.env = {
      AWS_ACCESS_KEY_ID: ACCESS_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ACCESS_KEY.secretAccessKey,
      ...Object.fromEntries(
        parts.signers.map(({ identity }, i) => [`IDENTITY_${i + 1}`, secretOf(identity)]),
      ),
    };
  }

  /** The one rig of a test run: making it takes seconds, and every test has a time and a folder of its own. */
  static shared(): Promise<RunRig> {
    return (shared ??= RunRig.start());
  }

  /** Sets the clock to so many seconds before a fixing time that no test has had, and returns that. */
  before(seconds: number): number {
    this.#fixing += 300;
    this.clock.set((this.#fixing - seconds) * 1000);
    return this.#fixing;
  }

  private static async start(): Promise<RunRig> {
    const clock = new ShiftedClock();
    clock.set((FROM - 120) * 1000);
    const kms = await KmsRig.start();
    const signers = await Promise.all(
      [1, 2, 3, 4].map(async () => ({
        ...(await createKmsKey(kms.client())),
        identity: generateKeyPairSync("ed25519").privateKey,
      })),
    );
    signers.sort((a, b) => compareBytes(getBytes(a.address), getBytes(b.address)));
    const sender = await createKmsKey(kms.client());
    const chain = await startDevChain({
      begin: FROM - 120,
      clock,
      hold: (work) => work,
      port: 0,
      chainId: CHAIN_ID,
    });
    const book = mkdtempSync(path.join(tmpdir(), "nakane-run-book-"));
    const deployed = await deployWorld(chain, {
      network: "run-rig",
      catalog: catalogOf(CATALOG_FILE),
      signers: { quorum: 3, signers: signers.map(({ address }) => getBytes(address)) },
      activeFrom: FROM,
      dispute: 600,
      money: { symbol: "CASH", decimals: 0 },
      book: path.join(book, "book.json"),
    });
    const ether = `0x${(10n ** 21n).toString(16)}`;
    await chain.connection.provider.request({
      method: "hardhat_setBalance",
      params: [sender.address, ether],
    });
    const walk = { symbol: "BTC/JPY", seed: 1, start: (FROM - 600) * 1000, volatility: 20_000 };
    const rig = new RunRig({
      clock,
      chain,
      kms,
      deployed,
      signers,
      sender,
      venues: await startSimulatedVenues({
        clock,
        paths: [randomWalk({ ...walk, price: { units: PRICE, scale: 0 } })],
        provenance: "simulated",
        seed: 1,
      }),
    });
    rmSync(book, { recursive: true });
    Object.assign(process.env, rig.env);
    clock.set(FROM * 1000); // the chain is somewhere before
    chain.beginSlots(rig.#stopping.signal);
    return rig;
  }

  /** The configuration as an object that may be changed; ticks come every second, and nobody waits longer than a test should. */
  file() {
    const endpoint = this.kms.endpoint;
    const key = ({ keyArn, address }: KeyPin) => ({ arns: [keyArn], address, endpoint });
    return {
      instance: "rig-1",
      network: { name: "run-rig", mode: "test" },
      catalog: CATALOG_FILE as object,
      epoch: {
        number: 0,
        from: new Date(FROM * 1000).toISOString(),
        members: this.signers.map(({ identity, address }) => ({
          identity: `0x${Buffer.from(identityOf(identity)).toString("hex")}`,
          address,
        })),
        timing: { tick: 1, observeDelay: 50, fixingDelay: 100, leaderWait: 300, fixingLeaderWait: 300 },
      },
      signers: this.signers.map((signer, i) => ({ identityFrom: `IDENTITY_${i + 1}`, key: key(signer) })),
      chains: [
        {
          name: "rig",
          chainId: CHAIN_ID,
          rpcUrl: this.chain.url,
          addressBook: "book.json",
          feeCapGwei: "500",
          tipGwei: "1",
          sender: key(this.sender),
        },
      ],
      send: { default: { deviation: "0.5%", heartbeat: 3_600 } },
      dataDirectory: "data",
      ledger: { durability: "process" },
    };
  }

  /** Writes the configuration and the address book into a folder of the rig. */
  write(name: string, file: object = this.file()): string {
    writeFileSync(path.join(this.folder, "book.json"), JSON.stringify(this.deployed.book));
    const place = path.join(this.folder, `${name}.json`);
    writeFileSync(place, JSON.stringify({ ...file, dataDirectory: name }));
    return place;
  }

  config(name: string, file?: object): Config {
    return readConfig(this.write(name, file), this.env);
  }

  /** Deletes the ledger of an instance that has ended, and nothing else of it. */
  loseLedger(name: string): void {
    for (const file of globSync("ledger.db*", { cwd: path.join(this.folder, name) }))
      rmSync(path.join(this.folder, name, file));
  }

  /** Whether an instance of this name has left anything on disk. */
  hasData(name: string): boolean {
    return existsSync(path.join(this.folder, name));
  }

  /** What an instance of this name has kept, opened as the next start would. */
  async ledger(name: string): Promise<Ledger> {
    const file = path.join(this.folder, name, "ledger.db");
    return openLedger({ file, instance: "rig-1", clock: this.clock, durability: "process" });
  }

  /** @param more what the instance gets besides: a limit to its ledger, say */
  open(
    config: Config,
    listener?: InstanceListener,
    more: Partial<InstanceSetting> = {},
  ): Promise<OpenInstance> {
    return this.clock.frozen(() =>
      openInstance(config, {
        env: this.env,
        clock: this.clock,
        market: { provenance: "simulated", origins: this.venues.origins },
        ...more,
        ...(listener === undefined ? {} : { listener }),
      }),
    );
  }

  async disable({ keyArn }: KeyPin): Promise<void> {
    await this.kms.client().send(new DisableKeyCommand({ KeyId: keyArn }));
  }

  async enable({ keyArn }: KeyPin): Promise<void> {
    await this.kms.client().send(new EnableKeyCommand({ KeyId: keyArn }));
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the rig stops"));
    for (const name of Object.keys(this.env)) Reflect.deleteProperty(process.env, name);
    await this.venues.close();
    await this.chain.close();
    await this.kms.stop();
    rmSync(this.folder, { recursive: true });
  }
}

let shared: Promise<RunRig> | undefined;

/** Of the whole run: every test file that imports this has the same rig. */
after(async () => {
  await (await shared)?.stop();
});

/** An Ed25519 private key as the environment has it. */
function secretOf(identity: KeyObject): string {
  const { d = "" } = identity.export({ format: "jwk" });
  return Buffer.from(d, "base64url").toString("hex");
}
