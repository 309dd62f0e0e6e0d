import { getAddress } from "ethers";

import { type Clock, seconds } from "../clock.ts";
import {
  decide,
  type DecisionInput,
  type Pending,
  type PlannedPart,
  type SendRules,
  type Verdict,
} from "../ledger/decision/decide.ts";
import { plan } from "../ledger/decision/plan.ts";
import { type Schedule, scheduledTimes } from "../ledger/decision/scheduled.ts";
import type { Ledger, StoredReport } from "../ledger/ledger.ts";
import type { Transmission } from "../ledger/transmission.ts";
import { type CatalogPlan, placeOf } from "../report/catalog-plan.ts";
import type { FeedId } from "../report/feed-id.ts";
import { WORD_BYTES } from "../report/word.ts";
import type { QuorumReport } from "../signer/agreement/effects.ts";
import type { Epoch } from "../signer/agreement/epoch.ts";
import type { DigestSigner } from "../signer/digest-signer.ts";
import { pendingOf } from "./calldata.ts";
import type { FeePolicy } from "./fees.ts";
import { Pager } from "./pager.ts";
import { RelayError, type RelayPage } from "./relay-error.ts";
import { type RelayedReport, relayedFromStored, relayedReport } from "./relayed-report.ts";
import { Requests } from "./requests.ts";
import { type Job, ReportQueue } from "./report-queue.ts";
import { ChainReader, type ChainReading } from "./rpc/chain-reader.ts";
import type { Exchange } from "./rpc/exchange.ts";
import { JsonRpc } from "./rpc/json-rpc.ts";
import { RpcError } from "./rpc/rpc-error.ts";
import { splitParts } from "./split-parts.ts";
import { transmissionIntent } from "./transmission-intent.ts";
import { type Patience, type TransmissionEvent, Transmitter } from "./transmitter.ts";

/** How the feeds of a catalog are kept, in the order of its feeds. */
export interface SendPolicy {
  readonly rules: SendRules;
  /** Null for a feed without one. */
  readonly schedules: readonly (Schedule | null)[];
}

/** What was decided about one report. */
export interface Judgement {
  readonly report: RelayedReport;
  /** Null where nothing could be decided, or a newer report came first. */
  readonly decision: DecisionInput | null;
  /** By feed; empty without a decision. */
  readonly verdicts: readonly Verdict[];
  /** What the chain is to keep of it. */
  readonly parts: readonly PlannedPart[];
  /** Why there is no decision. */
  readonly why: string | null;
  /** 0 for the first time; a fixing's report comes back until all of it is on chain. */
  readonly round: number;
}

export interface RelayerOptions {
  readonly node: {
    readonly url: string;
    readonly chainId: number;
    /** Milliseconds for one exchange. */
    readonly deadline?: number;
    readonly batchSize?: number;
    /** Over HTTP if left out. */
    readonly exchange?: Exchange;
  };
  /** The oracle's address, and keccak-256 of its code, 0x-prefixed: from the address book. */
  readonly oracle: { readonly address: string; readonly codeHash: string };
  /**
   * The sender's key: never a key that signs reports. `stopped` tells, as `KmsSigner`'s does, that it will not sign until
   * people have looked.
   */
  readonly signer: DigestSigner & { readonly stopped?: Error | undefined };
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly fees: FeePolicy;
  readonly policyOf: (plan: CatalogPlan) => SendPolicy;
  readonly patience?: Partial<Patience>;
  /** Every report, as soon as it is decided what becomes of it: before anything is sent. */
  readonly onJudged?: (judgement: Judgement) => void;
  readonly onTransmission?: (event: TransmissionEvent) => void;
  readonly onPage?: (page: RelayPage) => void;
}

const PATIENCE: Patience = { poll: 1_000, inclusion: 120_000, future: 60_000 };
/** Milliseconds until a fixing that is not on chain yet is tried again. */
const RETRY = 10_000;
/** Milliseconds that work under way has to end by itself when the relayer is drained. */
const DRAIN = 2_500;

/**
 * Carries reports to one chain, one at a time, in the order of `ReportQueue`. A fixing's report comes back until all of its
 * fixings are on chain.
 */
export class Relayer {
  readonly #options: RelayerOptions;
  readonly #rpc: JsonRpc;
  readonly #reader: ChainReader;
  readonly #transmitter: Transmitter;
  readonly #sender: string;
  readonly #pager: Pager;
  readonly #queue = new ReportQueue();
  readonly #requests = new Requests();
  #newest: RelayedReport | undefined;
  /** Ends waiting when the relayer stops. */
  readonly #stopping = new AbortController();
  /** Ends work under way. */
  readonly #aborting = new AbortController();
  #wake = new AbortController();
  #running: Promise<void> | undefined;
  #nonceTaken: RelayError | undefined;

  constructor(options: RelayerOptions) {
    const { node, oracle, signer, ledger, clock, fees, patience, onTransmission, onPage } = options;
    this.#options = options;
    this.#sender = getAddress(signer.address);
    this.#pager = new Pager(clock, onPage ?? (() => undefined));
    this.#rpc = new JsonRpc({ ...node, clock, signal: this.#aborting.signal });
    this.#reader = new ChainReader({
      rpc: this.#rpc,
      oracle: oracle.address,
      codeHash: oracle.codeHash,
      sender: this.#sender,
    });
    this.#transmitter = new Transmitter({
      rpc: this.#rpc,
      ledger,
      signer,
      clock,
      fees,
      patience: { ...PATIENCE, ...patience },
      onTransmission: onTransmission ?? (() => undefined),
      stopping: this.#stopping.signal,
      aborted: this.#aborting.signal,
    });
  }

  /** Takes a report that a quorum has just signed. What becomes of it is told by `onJudged` and `onTransmission`. */
  submit(report: QuorumReport): void {
    this.#take(relayedReport(report));
  }

  /**
   * Takes a report of the ledger, for fixings that the chain may still lack: after a start, for those of the last hours.
   * @throws RangeError where it is not of this epoch's catalog
   */
  submitStored(report: StoredReport, epoch: Epoch): void {
    this.#take(relayedFromStored(report, epoch));
  }

  /**
   * An operator wants these feeds on chain with the next report, whatever their prices do.
   * @throws RangeError for what is no feed id
   */
  request(feeds: Iterable<FeedId>): void {
    this.#requests.add(feeds);
  }

  /**
   * Looks at the newest report again: something may have become due, or possible. Only a hint; what is due follows from the
   * chain and the report.
   */
  wake(): void {
    if (this.#newest !== undefined) this.#take(this.#newest);
  }

  /**
   * Goes on with what was open when the last process ended: each is found in a block, or its signed bytes are sent again.
   * To be called before the first report.
   * @throws RelayError, RpcError, LedgerError
   */
  async start(): Promise<void> {
    await this.#settleOpen();
  }

  /** Resolves once no report waits and nothing is under way. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /**
   * Takes no more reports, and ends: what is under way has 2.5 s, then it is left where it stands. The ledger knows enough to
   * go on at the next start.
   */
  async drain(): Promise<void> {
    this.#stopping.abort(new Error("the relayer is stopping"));
    const ended = new AbortController();
    const late = this.#options.clock.sleep(DRAIN, ended.signal).catch(() => undefined);
    await Promise.race([this.idle(), late]);
    ended.abort();
    this.#aborting.abort(this.#stopping.signal.reason);
    await this.idle();
  }

  #take(report: RelayedReport): void {
    if (this.#stopping.signal.aborted) return;
    const dropped = this.#queue.take(report);
    if (dropped !== undefined) this.#undecided(dropped, "a newer report was there before its turn came");
    if (this.#newest === undefined || this.#newest.time < report.time) this.#newest = report;
    this.#wake.abort();
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    const stopping = this.#stopping.signal;
    await Promise.resolve(); // so that the promise of this is there before this ends
    try {
      while (!stopping.aborted) {
        const job = this.#queue.next(clock.monotonic());
        if (job !== undefined) {
          await this.#work(job);
          continue;
        }
        const readyAt = this.#queue.readyAt();
        if (readyAt === null) return;
        this.#wake = new AbortController();
        const signal = AbortSignal.any([this.#wake.signal, stopping]);
        await clock.sleep(readyAt - clock.monotonic(), signal).catch(() => undefined);
      }
    } finally {
      this.#running = undefined;
    }
  }

  async #work(job: Job): Promise<void> {
    const told = { judged: false };
    try {
      if (this.#nonceTaken !== undefined) throw this.#nonceTaken;
      const done = await this.#relay(job, told);
      if (!done) this.#again(job, job.round === 0 ? 0 : RETRY);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (!told.judged) this.#undecided(job, why);
      if (this.#stopping.signal.aborted) return;
      if (error instanceof RelayError) {
        if (error.reason === "nonceTaken") this.#nonceTaken = error;
        this.#pager.page(error.reason, error.what, why);
      } else if (error instanceof RpcError) this.#pager.page("chain", error.name, why);
      else this.#pager.page("fault", why, why);
      this.#again(job, RETRY);
    }
  }

  #again(job: Job, wait: number): void {
    if (job.fixing) this.#queue.again(job, this.#options.clock.monotonic() + wait);
  }

  /**
   * @param told noted there, once the judgement is told
   * @returns whether it is done: of a fixing, whether all of it was seen on chain
   */
  async #relay(job: Job, told: { judged: boolean }): Promise<boolean> {
    const { report } = job;
    const { plan: catalog } = report.tree;
    const open = await this.#settleOpen();
    const reading = await this.#reader.read({ plan: catalog, domain: report.domain, time: report.time });
    this.#pager.over("chain");
    const pending = open.map((transmission) => pendingOf(transmission, catalog, reading.definitions));
    const decision = this.#input(report, reading, pending);
    const verdicts = decide(decision);
    const parts = plan(decision, verdicts);
    this.#options.onJudged?.({ report, decision, verdicts, parts, why: null, round: job.round });
    told.judged = true;
    if (parts.length > 0) await this.#transmit(report, reading, verdicts, parts);
    if (!job.fixing) return true;
    const { fixingStored } = reading.state;
    return decision.bundles.every((bundle) => fixingStored[placeOf(catalog, bundle)] === 1);
  }

  #input(report: RelayedReport, reading: ChainReading, pending: readonly Pending[]): DecisionInput {
    const { time, prices, tree } = report;
    const { rules, schedules } = this.#options.policyOf(tree.plan);
    return {
      time,
      now: Math.max(seconds(this.#options.clock), reading.blockTime),
      prices,
      catalog: tree.plan.bundles.map(({ bundle, feeds }) => ({ bundle, feeds })),
      bundles: tree.plan.bundles.flatMap(({ bundle }, place) =>
        tree.words[place] === undefined ? [] : [bundle],
      ),
      rules,
      chain: reading.state,
      pending,
      scheduled: scheduledTimes(schedules, time),
      requested: this.#requests.places(tree.plan),
    };
  }

  async #transmit(
    report: RelayedReport,
    reading: ChainReading,
    verdicts: readonly Verdict[],
    parts: readonly PlannedPart[],
  ): Promise<void> {
    const { signer } = this.#options;
    if (signer.stopped !== undefined) {
      throw new RelayError("kms", `The sender's key ${this.#sender} is stopped: ${signer.stopped.message}`);
    }
    const { plan: catalog } = report.tree;
    const words = (bundle: number) =>
      (catalog.bundles[placeOf(catalog, bundle)]?.wordBytes ?? 0) / WORD_BYTES;
    const route = { chainId: this.#rpc.chainId, sender: this.#sender, oracle: this.#options.oracle.address };
    const now = Math.max(seconds(this.#options.clock), reading.blockTime);
    for (const share of splitParts(parts, words)) {
      const intent = transmissionIntent(route, report, reading, now, verdicts, share);
      const transmission = await this.#transmitter.transmit(intent, reading);
      this.#pager.over("refused", "feeCap", "funds", "kms");
      this.#follow(transmission);
    }
  }

  /** What is open comes first: its words are on their way, and its nonce stands before all others. */
  async #settleOpen(): Promise<readonly Transmission[]> {
    const left: Transmission[] = [];
    for (const open of await this.#options.ledger.openTransmissions(this.#rpc.chainId, this.#sender)) {
      const transmission = await this.#transmitter.resume(open);
      this.#follow(transmission);
      if (transmission.outcome === null) left.push(transmission);
    }
    return left;
  }

  /** What follows from how a transmission ended. */
  #follow({ id, nonce, outcome, bundles, attempts }: Transmission): void {
    if (outcome === null) {
      const hash = attempts.at(-1)?.hash ?? "";
      this.#pager.page(
        "stuck",
        String(id),
        `Transmission ${id} (nonce ${nonce}, ${hash}) is in no block yet. Are its fees too low, or has the node lost it? It is sent again with the next report.`,
      );
    } else if (outcome.kind === "reverted") {
      this.#pager.page(
        "reverted",
        outcome.hash,
        `Transmission ${id} (${outcome.hash}) was mined and reverted: ${outcome.reason}.`,
      );
    } else if (outcome.kind === "included") {
      this.#pager.over("stuck", "reverted");
      this.#requests.met(bundles);
    }
  }

  #undecided({ report, round }: Job, why: string): void {
    this.#options.onJudged?.({ report, decision: null, verdicts: [], parts: [], why, round });
  }
}
