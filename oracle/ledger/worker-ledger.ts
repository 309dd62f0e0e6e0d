import type { Worker } from "node:worker_threads";

import type { Clock } from "../clock.ts";
import type { AuditHead, AuditRow, AuditVerdict, NoteKind } from "./audit-chain.ts";
import { canonicalJson } from "./canonical-json.ts";
import { type Ledger, LedgerError, type Pruned, type StoredReport, type VerdictRow } from "./ledger.ts";
import { packTick, type TickInput, unpackTick } from "./pack-tick.ts";
import type { LedgerStore } from "./sqlite/ledger-store.ts";
import { AUDIT_START, type AuditCursor } from "./sqlite/verify-audit.ts";
import type { TickRecord } from "./tick-record.ts";
import type { Attempt, Inclusion, Transmission, TransmissionIntent } from "./transmission.ts";
import {
  type ArgumentsOf,
  fromFailure,
  type FromWorker,
  type StoreMethod,
  type ToWorker,
} from "./worker-messages.ts";

/** When tick records are written: after so many, or so many milliseconds after the first of them. */
const BATCH = { records: 16, milliseconds: 1000 } as const;

export interface WorkerLedgerOptions {
  /** For messages. */
  readonly file: string;
  readonly clock: Clock;
  readonly onBatchError: (error: Error) => void;
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Rows that are verified before the ledger may do something else. */
const SLICE = 1000;

/** A ledger whose work is done by a worker thread: this side queues, and keeps the promises. */
export class WorkerLedger implements Ledger {
  readonly #worker: Worker;
  readonly #options: WorkerLedgerOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #ended: LedgerError | undefined;
  #writer = "";
  /** Ticks that the worker was handed and not yet told to write. */
  #batched = 0;
  #timer: AbortController | undefined;

  private constructor(worker: Worker, options: WorkerLedgerOptions) {
    this.#worker = worker;
    this.#options = options;
    worker.on("message", (message: FromWorker) => {
      this.#settle(message);
    });
    worker.on("error", (error: Error) => {
      this.#end(new LedgerError(this.#lost(`its thread failed: ${error.message}`), { cause: error }));
    });
    this.#exited = new Promise((resolve) => {
      worker.on("exit", () => {
        this.#end(new LedgerError(this.#lost("its thread ended")));
        resolve();
      });
    });
  }

  /**
   * Takes over a worker that was just started.
   * @throws LedgerError where it could not open the ledger
   */
  static async open(worker: Worker, options: WorkerLedgerOptions): Promise<WorkerLedger> {
    const ledger = new WorkerLedger(worker, options);
    try {
      ledger.#writer = (await ledger.#answerTo(0)) as string;
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    return ledger;
  }

  get writer(): string {
    return this.#writer;
  }

  putReport(report: StoredReport): Promise<void> {
    return this.#call("putReport", report);
  }

  report(observedAt: number): Promise<StoredReport | null> {
    return this.#call("report", observedAt);
  }

  newestReport(atOrBefore: number = Number.MAX_SAFE_INTEGER): Promise<StoredReport | null> {
    return this.#call("newestReport", atOrBefore);
  }

  fixingTimes(from: number, to: number): Promise<readonly number[]> {
    return this.#call("fixingTimes", from, to);
  }

  putTick(record: TickInput): void {
    const packed = packTick(record);
    if (this.#ended) {
      this.#options.onBatchError(this.#ended);
      return;
    }
    this.#post({ kind: "tick", record: packed });
    this.#batched++;
    if (this.#batched >= BATCH.records) this.#writeTicks();
    else if (this.#batched === 1) this.#writeTicksLater();
  }

  async tick(time: number): Promise<TickRecord | null> {
    const packed = await this.#call("tick", time);
    return packed === null ? null : unpackTick(packed);
  }

  verdicts(from: number, to: number): Promise<readonly VerdictRow[]> {
    return this.#call("verdicts", from, to);
  }

  openTransmission(intent: TransmissionIntent, chainNonce: number): Promise<Transmission> {
    return this.#call("openTransmission", intent, chainNonce);
  }

  putAttempt(transmission: number, attempt: Attempt): Promise<void> {
    return this.#call("putAttempt", transmission, attempt);
  }

  closeTransmission(transmission: number, outcome: Inclusion): Promise<void> {
    return this.#call("closeTransmission", transmission, outcome);
  }

  openTransmissions(chainId: number, sender: string): Promise<readonly Transmission[]> {
    return this.#call("openTransmissions", chainId, sender);
  }

  transmission(id: number): Promise<Transmission | null> {
    return this.#call("transmission", id);
  }

  transmissions(limit: number): Promise<readonly Transmission[]> {
    return this.#call("transmissions", limit);
  }

  async audit(kind: NoteKind, body: Readonly<Record<string, unknown>>): Promise<AuditRow> {
    return this.#call("audit", kind, JSON.parse(canonicalJson(body)) as Record<string, unknown>);
  }

  auditRows(writer: string, after: number, limit: number): Promise<readonly AuditRow[]> {
    return this.#call("auditRows", writer, after, limit);
  }

  auditHeads(): Promise<readonly AuditHead[]> {
    return this.#call("auditHeads");
  }

  async verifyAudit(expected: readonly AuditHead[] = []): Promise<AuditVerdict> {
    let cursor: AuditCursor = AUDIT_START;
    for (;;) {
      const slice = await this.#call("verifyAudit", cursor, expected, SLICE);
      ({ cursor } = slice);
      if (!slice.done) continue;
      if (slice.flaw !== null) return { intact: false, ...slice.flaw };
      return { intact: true, rows: cursor.rows, heads: cursor.heads };
    }
  }

  prune(now: number): Promise<Pruned> {
    return this.#call("prune", now);
  }

  backup(file: string): Promise<void> {
    return this.#call("backup", file);
  }

  flush(): Promise<void> {
    this.#stopTimer();
    return this.#call("writeTicks");
  }

  async close(): Promise<void> {
    this.#stopTimer();
    try {
      const closed = this.#call("close");
      this.#ended ??= new LedgerError(`The ledger ${this.#options.file} was closed; open it again.`);
      await closed;
    } finally {
      this.#worker.ref();
      await this.#exited;
    }
  }

  async #call<Name extends StoreMethod>(
    method: Name,
    ...rest: ArgumentsOf<Name>
  ): Promise<Awaited<ReturnType<LedgerStore[Name]>>> {
    if (this.#ended) throw this.#ended;
    const id = ++this.#lastId;
    this.#post({ kind: "call", id, at: this.#options.clock.wall(), method, rest });
    return (await this.#answerTo(id)) as Awaited<ReturnType<LedgerStore[Name]>>;
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** A process does not end while an answer is awaited; an idle ledger keeps none alive. */
  #answerTo(id: number): Promise<unknown> {
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
    });
  }

  #settle(message: FromWorker): void {
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ("failure" in message) waiting?.reject(fromFailure(message.failure));
    else waiting?.resolve(message.value);
  }

  #end(error: LedgerError): void {
    this.#ended ??= error;
    this.#stopTimer();
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #lost(why: string): string {
    return (
      `The ledger ${this.#options.file} is gone, because ${why}. What was promised is on disk; what was still awaited may be ` +
      "there or not. Start this process again: it reads what is there."
    );
  }

  #writeTicks(): void {
    this.#stopTimer();
    this.#call("writeTicks").catch((error: unknown) => {
      this.#options.onBatchError(error as Error);
    });
  }

  #writeTicksLater(): void {
    const timer = new AbortController();
    this.#timer = timer;
    this.#options.clock.sleep(BATCH.milliseconds, timer.signal).then(
      () => {
        this.#writeTicks();
      },
      () => undefined, // written before its time
    );
  }

  #stopTimer(): void {
    this.#batched = 0;
    this.#timer?.abort();
    this.#timer = undefined;
  }
}
