import type { OracleView } from "../api/oracle-view.ts";
import { type Clock, seconds } from "../clock.ts";
import type { Catalog } from "../feeds/catalog.ts";
import { type Ledger, LedgerError } from "../ledger/ledger.ts";
import type { ObservedFeed } from "../ledger/tick-record.ts";
import type { SourceReport } from "../market/market.ts";
import type { Observation } from "../market/observer.ts";
import type { Provenance } from "../market/quote.ts";
import { type Judgement, Relayer, type RelayerOptions } from "../relayer/relayer.ts";
import type { PageReason, RelayPage } from "../relayer/relay-error.ts";
import { JsonRpc } from "../relayer/rpc/json-rpc.ts";
import { scheduleHints } from "../relayer/schedule.ts";
import type { TransmissionEvent } from "../relayer/transmitter.ts";
import type { NetworkMode } from "../report/digest.ts";
import type { Page, QuorumReport } from "../signer/agreement/effects.ts";
import { type Epoch, epochAt } from "../signer/agreement/epoch.ts";
import type { Evidence } from "../signer/agreement/evidence.ts";
import { isFixing } from "../signer/agreement/timing.ts";
import { ChainView } from "./chain-view.ts";
import { keepReport } from "./keep-report.ts";
import { type LocalMember, type RunningQuorum, startQuorum } from "./quorum.ts";
import { readinessChecks } from "./readiness.ts";
import { recoverReport } from "./recover-report.ts";
import { RecentObservations } from "./recent-observations.ts";
import { SignerPager } from "./signer-pager.ts";

/** What one instance is made of: signers of its own, a ledger, a relayer. */
export interface InstanceOptions {
  readonly clock: Clock;
  readonly network: string;
  readonly mode: NetworkMode;
  readonly provenance: Provenance;
  readonly catalog: Catalog;
  readonly epochs: readonly Epoch[];
  /** The signers of this process, the instance's own first. */
  readonly members: readonly LocalMember[];
  readonly ledger: Ledger;
  readonly relayer: Pick<RelayerOptions, "node" | "oracle" | "signer" | "fees" | "policyOf" | "patience">;
  readonly listener?: InstanceListener;
}

/** What an instance tells, as it happens. */
export interface InstanceListener {
  /** A quorum has signed; told once for each time. */
  readonly onReport?: (report: QuorumReport) => void;
  readonly onObservation?: (observation: Observation, member: LocalMember) => void;
  readonly onSource?: (report: SourceReport, member: LocalMember) => void;
  readonly onJudged?: (judgement: Judgement) => void;
  readonly onTransmission?: (event: TransmissionEvent) => void;
  readonly onPage?: (page: InstancePage) => void;
  /** A part of the instance has stopped for good. */
  readonly onFailure?: (error: Error) => void;
}

/** A person should know. */
export type InstancePage =
  | { readonly from: "signer"; readonly member: string; readonly page: Page }
  | { readonly from: "signer"; readonly member: string; readonly evidence: Evidence }
  | { readonly from: "relayer"; readonly page: RelayPage };

/** Seconds: as long as a fixing may be open. */
const DAY = 86_400;
/** Seconds after which a tick that came to no report is written down as such. */
const GIVEN_UP = 60;

/**
 * A running oracle: its signers agree, what they agree on is kept in the ledger and then carried to the chain, and whoever
 * asks is told what is so.
 */
export class Instance {
  readonly view: OracleView;
  readonly relayer: Relayer;
  readonly #options: InstanceOptions;
  readonly #observations: RecentObservations;
  readonly #sources = new Map<string, SourceReport>();
  readonly #pages = new Map<PageReason, string>();
  readonly #chain: ChainView;
  #quorum: RunningQuorum | undefined;
  #hints: ReturnType<typeof scheduleHints> | undefined;
  #closed = false;
  #newest: number | null = null;
  #lastLoop: number | null = null;
  #observation: Observation | undefined;
  #ledgerProblem: string | undefined;
  /** What the own signer saw of fixings that an earlier process left, by time, until they are judged again. */
  readonly #late = new Map<number, readonly ObservedFeed[]>();
  /** Reports on their way into the ledger, in order. */
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: InstanceOptions) {
    const { clock, catalog, ledger, network, mode, provenance, epochs, relayer } = options;
    this.#options = options;
    this.#observations = new RecentObservations(catalog);
    this.relayer = new Relayer({
      ...relayer,
      ledger,
      clock,
      onJudged: (judgement) => {
        this.#judged(judgement);
      },
      onTransmission: (event) => {
        if (event.kind === "closed" && event.transmission.outcome?.kind === "included") this.#pages.clear();
        options.listener?.onTransmission?.(event);
      },
      onPage: (page) => {
        this.#pages.set(page.reason, page.message);
        this.#note("page", { from: "relayer", ...page });
        options.listener?.onPage?.({ from: "relayer", page });
      },
    });
    this.#chain = new ChainView(new JsonRpc({ ...relayer.node, clock }), relayer.oracle.address);
    this.view = {
      network,
      mode,
      provenance,
      catalog,
      chain: { chainId: relayer.node.chainId, address: relayer.oracle.address },
      plan: (number) => {
        const epoch = epochs.find((one) => one.number === number);
        if (epoch === undefined) throw new RangeError(`there is no epoch ${number} here`);
        return epoch.plan;
      },
      newestReport: () => ledger.newestReport(),
      report: (observedAt) => ledger.report(observedAt),
      chainLatest: (feed) => this.#chain.latest(feed),
      chainFixing: (feed, time) => this.#chain.fixing(feed, time),
      lastLoop: () => this.#lastLoop,
      readiness: () => this.#readiness(),
    };
  }

  /**
   * Goes on where the last process of this ledger ended, then begins to observe.
   * @throws RelayError, RpcError, LedgerError where the chain or the ledger does not do what it should
   */
  async start(): Promise<void> {
    const { clock, ledger, epochs, members, provenance, relayer, listener } = this.#options;
    await this.relayer.start();
    await this.#recoverFixings();
    await this.#submitLateFixings();
    this.#lastLoop = clock.wall();
    const reported = new Set<number>();
    const pager = new SignerPager(clock, Math.max(...epochs.map(({ timing }) => timing.tick)));
    this.#quorum = startQuorum({
      clock,
      epochs,
      members,
      onReport: (report) => {
        if (reported.has(report.time)) return; // the other signers of this process come to the same
        reported.add(report.time);
        for (const time of reported) if (time < report.time - 2 * 86_400) reported.delete(time);
        this.#newest = Math.max(this.#newest ?? 0, report.time);
        this.#keeping = this.#keeping.then(() => this.#keep(report));
      },
      onObservation: (observation, member) => {
        this.#lastLoop = clock.wall();
        if (member === members[0]) {
          this.#observation = observation;
          this.#observations.keep(observation, member.market);
          this.#recordGivenUp(provenance);
        }
        listener?.onObservation?.(observation, member);
      },
      onSource: (report, member) => {
        if (member === members[0]) this.#sources.set(report.source, report);
        listener?.onSource?.(report, member);
      },
      onSignature: (digest, { keyArn, requestId }, { name }) => {
        const signed = Buffer.from(digest).toString("hex");
        // Where the ledger is full or closed, its reports say so; CloudTrail has the request all the same.
        ledger.audit("signature", { member: name, digest: signed, keyArn, requestId }).catch(() => undefined);
      },
      onEvidence: (evidence, { name }) => {
        const messages = evidence.messages.map((bytes) => Buffer.from(bytes).toString("hex"));
        this.#note("evidence", { member: name, ...evidence, messages });
        listener?.onPage?.({ from: "signer", member: name, evidence });
      },
      onPage: (page, { name }) => {
        this.#note("page", { from: "signer", member: name, ...page });
        if (pager.isNew(name, page)) listener?.onPage?.({ from: "signer", member: name, page });
      },
      onFailure: (error, { name }) => {
        this.#note("stop", { member: name, error: error.message });
        listener?.onFailure?.(error);
      },
    });
    const schedules = epochs.flatMap(({ plan }) => relayer.policyOf(plan).schedules);
    this.#hints = scheduleHints(schedules, () => {
      this.relayer.wake();
    });
    await ledger.audit("start", { members: members.map(({ name }) => name), provenance });
  }

  /** Stops observing: nothing new comes, what there is can still be read. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#quorum !== undefined) this.#quorum.stop();
    else for (const { store } of this.#options.members) store.close(); // signers that never began let go of nothing
  }

  /** Ends: no more observations, what is under way is finished or left where it stands, everything is on disk. */
  async drain(): Promise<void> {
    this.close();
    await this.#hints?.stop();
    await this.#keeping;
    await this.relayer.drain();
    await this.#options.ledger.close();
  }

  /**
   * The ledger could not write tick records that it had batched. Where the disk is to blame they wait in memory, and not for
   * ever; one that cannot be written down at all is gone, and no price depends on it.
   */
  ledgerFailed(error: Error): void {
    if (error instanceof LedgerError) this.#failed(error);
    else this.#note("page", { from: "ledger", message: error.message });
  }

  /** Kept first, then carried: what the chain has, the ledger has. */
  async #keep(report: QuorumReport): Promise<void> {
    const { ledger, provenance, listener } = this.#options;
    try {
      await ledger.putReport(keepReport(report, provenance));
      this.#ledgerProblem = undefined;
    } catch (error) {
      this.#failed(error);
      return;
    }
    listener?.onReport?.(report);
    this.relayer.submit(report);
  }

  /** Fixings of the last day that the signers agreed on and the ledger could not write down, as when its disk was full. */
  async #recoverFixings(): Promise<void> {
    const { clock, ledger, epochs, members, provenance } = this.#options;
    for (const { identity, store } of members.slice(0, 1)) {
      for (const time of store.load(seconds(clock) - DAY).closed.filter(isFixing)) {
        if ((await ledger.report(time)) !== null) continue;
        const report = recoverReport(epochs, identity, store, time);
        if (report !== undefined) await ledger.putReport(keepReport(report, provenance));
      }
    }
  }

  /** Fixings of the last day that the chain may still lack. */
  async #submitLateFixings(): Promise<void> {
    const { clock, ledger, epochs } = this.#options;
    const now = seconds(clock);
    for (const time of await ledger.fixingTimes(now - DAY, now)) {
      const [stored, epoch] = [await ledger.report(time), epochAt(epochs, time)];
      if (stored === null || epoch === undefined) continue;
      const record = await ledger.tick(time);
      if (record !== null) this.#late.set(time, record.observed);
      this.relayer.submitStored(stored, epoch);
    }
  }

  #judged(judgement: Judgement): void {
    const { provenance, epochs, ledger, listener } = this.#options;
    const { report, decision, verdicts, parts, round } = judgement;
    if (decision !== null && parts.length === 0) this.#pages.clear();
    const late = this.#late.get(report.time);
    this.#late.delete(report.time);
    // A late fixing that the chain has needs no second record; one that it lacks gets one, with what was seen at its time.
    if (round === 0 && (late === undefined || parts.length > 0)) {
      ledger.putTick({
        time: report.time,
        provenance,
        epoch: epochAt(epochs, report.time)?.number ?? 0,
        root: report.root,
        observed: late ?? this.#observations.take(report.time),
        decision,
        verdicts,
      });
    }
    listener?.onJudged?.(judgement);
  }

  /** A tick that came to no report leaves a record too. */
  #recordGivenUp(provenance: Provenance): void {
    const { clock, epochs, ledger } = this.#options;
    for (const { time, observed } of this.#observations.takeBefore(seconds(clock) - GIVEN_UP)) {
      const epoch = epochAt(epochs, time)?.number ?? 0;
      ledger.putTick({ time, provenance, epoch, root: null, observed, decision: null, verdicts: [] });
    }
  }

  async #readiness() {
    const { clock, catalog, epochs } = this.#options;
    const now = seconds(clock);
    const head = await this.#chain.head().catch((error: unknown) => ({
      problem: error instanceof Error ? error.message : String(error),
    }));
    return readinessChecks(catalog, {
      now,
      tick: epochAt(epochs, now)?.timing.tick ?? 10,
      newestReport: this.#newest,
      observation: this.#observation,
      sources: this.#sources,
      head,
      pages: this.#pages,
      ledgerProblem: this.#ledgerProblem,
    });
  }

  #note(kind: "page" | "evidence" | "stop", body: Readonly<Record<string, unknown>>): void {
    this.#options.ledger.audit(kind, body).catch((error: unknown) => {
      this.#failed(error);
    });
  }

  #failed(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    this.#ledgerProblem = failure.message;
    this.#options.listener?.onFailure?.(failure);
  }
}
