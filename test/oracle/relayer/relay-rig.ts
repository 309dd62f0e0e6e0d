import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { keccak256 } from "ethers";

import { type ManualClock, manualClock } from "../../../oracle/clock.ts";
import type { Ledger } from "../../../oracle/ledger/ledger.ts";
import { openLedger } from "../../../oracle/ledger/open-ledger.ts";
import type { Transmission } from "../../../oracle/ledger/transmission.ts";
import { networkSalt } from "../../../oracle/report/digest.ts";
import { encodeReport } from "../../../oracle/report/encode.ts";
import { reportPart } from "../../../oracle/report/report.ts";
import { reportTree } from "../../../oracle/report/report-tree.ts";
import { encodeSignerSet } from "../../../oracle/report/signer-set.ts";
import { NO_PRICE, packWords } from "../../../oracle/report/word.ts";
import type { RelayPage } from "../../../oracle/relayer/relay-error.ts";
import {
  type Judgement,
  Relayer,
  type RelayerOptions,
  type SendPolicy,
} from "../../../oracle/relayer/relayer.ts";
import type { TransmissionEvent } from "../../../oracle/relayer/transmitter.ts";
import type { QuorumReport } from "../../../oracle/signer/agreement/effects.ts";
import { type Epoch, makeEpoch } from "../../../oracle/signer/agreement/epoch.ts";
import { TIMING } from "../../../oracle/signer/agreement/timing.ts";
import type { KmsSigner } from "../../../oracle/signer/kms-signer.ts";
import { memorySigners, signAsQuorum } from "../../utils/memory-signers.ts";
import { type Chain, deployOracle, type OracleRig } from "../../utils/deploy-oracle.ts";
import { ServedChain } from "../../utils/serve-chain.ts";
import { bundleOf } from "../signer/agreement/epoch-for-tests.ts";
import { Rig as KmsRig } from "../signer/rig.ts";

const SALT = networkSalt("local", "test");
const SIGNERS = memorySigners(4, "relayer");

/** Two bundles: number 1 of five feeds (two words), number 9 of one. */
const FEEDS = [5, 1];
export const CHAIN_ID = 31337;

/** Prices of all feeds: those given, in order, and 1,000 for the others. */
export const prices = (...given: bigint[]): bigint[] =>
  Array.from({ length: 6 }, (_, place) => given[place] ?? 1000n);

/** An oracle on a chain behind a URL, a local KMS with the sender's key, a ledger on disk, and relayers over them. */
export class RelayRig {
  readonly oracle: OracleRig;
  readonly served: ServedChain;
  readonly kms: KmsRig;
  readonly signer: KmsSigner;
  readonly clock: ManualClock;
  readonly epoch: Epoch;
  readonly codeHash: string;
  readonly address: string;
  /** A fixing time, at which the rig's clocks begin. */
  readonly base: number;
  ledger: Ledger;
  readonly judgements: Judgement[] = [];
  readonly events: TransmissionEvent[] = [];
  readonly pages: RelayPage[] = [];
  /** 0.5 %, an hour. */
  policy: SendPolicy = policyOf({});
  readonly #folder: string;

  private constructor(parts: {
    oracle: OracleRig;
    served: ServedChain;
    kms: KmsRig;
    signer: KmsSigner;
    clock: ManualClock;
    epoch: Epoch;
    codeHash: string;
    address: string;
    base: number;
    ledger: Ledger;
    folder: string;
  }) {
    this.oracle = parts.oracle;
    this.served = parts.served;
    this.kms = parts.kms;
    this.signer = parts.signer;
    this.clock = parts.clock;
    this.epoch = parts.epoch;
    this.codeHash = parts.codeHash;
    this.address = parts.address;
    this.base = parts.base;
    this.ledger = parts.ledger;
    this.#folder = parts.folder;
  }

  static async start(): Promise<RelayRig> {
    const { oracle, bundles } = await freshOracle();
    const { chain, activeFrom } = oracle;
    // The chain's clock went on since the snapshot, by less than this.
    const base = activeFrom + 900;
    await chain.networkHelpers.time.increaseTo(base);
    const kms = await KmsRig.start();
    const signer = await kms.signer();
    const [, , , , , , rich] = await chain.ethers.getSigners();
    await rich!.sendTransaction({ to: signer.address, value: 10n ** 18n });
    const clock = manualClock(base * 1000);
    const address = await oracle.oracle.getAddress();
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-relayer-"));
    return new RelayRig({
      oracle,
      served: await ServedChain.start(chain),
      kms,
      signer,
      clock,
      epoch: makeEpoch({
        number: 0,
        from: activeFrom,
        salt: SALT,
        members: SIGNERS.set.signers.map((member, i) => ({
          identity: new Uint8Array(32).fill(i + 1),
          address: member,
        })),
        bundles,
        timing: TIMING,
      }),
      codeHash: keccak256(await chain.ethers.provider.getCode(address)),
      address,
      base,
      ledger: await ledgerIn(folder, clock),
      folder,
    });
  }

  get chain(): Chain {
    return this.oracle.chain;
  }

  relayer(change: Partial<RelayerOptions> = {}): Relayer {
    return new Relayer({
      node: { url: this.served.url, chainId: CHAIN_ID },
      oracle: { address: this.address, codeHash: this.codeHash },
      signer: this.signer,
      ledger: this.ledger,
      clock: this.clock,
      fees: { cap: 100n * 10n ** 9n, tip: 10n ** 9n },
      policyOf: () => this.policy,
      onJudged: (judgement) => this.judgements.push(judgement),
      onTransmission: (event) => this.events.push(event),
      onPage: (page) => this.pages.push(page),
      ...change,
    });
  }

  /** A time so many seconds after the base. */
  time(seconds: number): number {
    return this.base + seconds;
  }

  /** The chain and the clock come to a time; the chain may be ahead by what the test takes. */
  async comeTo(time: number): Promise<void> {
    const { networkHelpers } = this.chain;
    if ((await networkHelpers.time.latest()) < time - 5) await networkHelpers.time.increaseTo(time);
    this.clock.setWall(time * 1000);
  }

  /** The clock comes to a time, and the chain will with its next block. */
  async nextBlockAt(time: number): Promise<void> {
    const { networkHelpers } = this.chain;
    if ((await networkHelpers.time.latest()) < time - 5)
      await networkHelpers.time.setNextBlockTimestamp(time);
    this.clock.setWall(time * 1000);
  }

  /** A report as a quorum signs it. `closed` bundles are left out. */
  report(time: number, given: readonly bigint[], closed: readonly number[] = []): QuorumReport {
    const { plan, domain } = this.epoch;
    const words = new Map<number, Uint8Array>();
    const all = BigInt64Array.from(given);
    let first = 0;
    for (const { bundle, feeds } of plan.bundles) {
      if (closed.includes(bundle)) all.fill(NO_PRICE, first, first + feeds);
      else words.set(bundle, packWords(all.subarray(first, first + feeds)));
      first += feeds;
    }
    const tree = reportTree(plan, words);
    const signatures = signAsQuorum(SIGNERS, domain, time, tree.root);
    const root = Buffer.from(tree.root).toString("hex");
    return { epoch: this.epoch, time, prices: all, tree, root, signatures };
  }

  /** Has the chain record parts of a report at its time: bundles with their masks, whose lowest bit is the fixing. */
  async record(
    time: number,
    given: readonly bigint[],
    masks: readonly (readonly [number, bigint])[],
  ): Promise<void> {
    await this.comeTo(time);
    const { signatures, tree } = this.report(time, given);
    const parts = masks.map(([bundle, mask]) => reportPart(tree, bundle, mask));
    await this.oracle.oracle.record(encodeReport({ observedAt: time, set: SIGNERS.set, signatures, parts }));
  }

  /** What the chain says of a feed: its price, or null, and the time of its word. */
  async latest(feed: number): Promise<readonly [bigint | null, number]> {
    const [ok, price, observedAt] = await this.oracle.oracle.tryLatest(feed);
    return [ok ? price : null, Number(observedAt)];
  }

  async transmissions(): Promise<readonly Transmission[]> {
    return (await this.ledger.transmissions(100)).toReversed();
  }

  /** How often KMS was asked to sign. */
  signed(): number {
    return this.kms.exchanges.filter(({ operation }) => operation === "Sign").length;
  }

  /** Until something that the relayer does of itself has come about; no time passes. */
  async until(come: () => boolean): Promise<void> {
    while (!come()) await new Promise((resolve) => setImmediate(resolve));
  }

  /** A new process over the same ledger's files. */
  async reopen(): Promise<void> {
    await this.ledger.close();
    this.ledger = await ledgerIn(this.#folder, this.clock);
  }

  async stop(): Promise<void> {
    await this.ledger.close();
    await this.served.stop();
    await this.kms.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

let deployed: { readonly oracle: OracleRig; readonly restore: () => Promise<void> } | undefined;

/** The oracle as it was deployed: once, and then the chain goes back to that. */
async function freshOracle() {
  const bundles = [bundleOf(1, FEEDS[0]!), bundleOf(9, FEEDS[1]!)];
  if (deployed === undefined) {
    const oracle = await deployOracle({
      bundles: bundles.map(({ definition }) => definition),
      set: encodeSignerSet(SIGNERS.set),
      salt: SALT,
    });
    const snapshot = await oracle.chain.networkHelpers.takeSnapshot();
    deployed = { oracle, restore: () => snapshot.restore() };
  } else {
    await deployed.oracle.chain.provider.request({ method: "evm_setAutomine", params: [true] });
    await deployed.restore();
  }
  return { oracle: deployed.oracle, bundles };
}

function ledgerIn(folder: string, clock: ManualClock): Promise<Ledger> {
  return openLedger({ file: path.join(folder, "ledger.db"), instance: "test", clock, durability: "process" });
}

/** The same for all feeds of the rig. */
export function policyOf({
  heartbeat = 3_600,
  schedule = null,
}: {
  heartbeat?: number;
  schedule?: SendPolicy["schedules"][number];
}): SendPolicy {
  return {
    rules: {
      deviation: new Uint32Array(6).fill(5_000),
      heartbeat: new Uint32Array(6).fill(heartbeat),
    },
    schedules: new Array<SendPolicy["schedules"][number]>(6).fill(schedule),
  };
}
