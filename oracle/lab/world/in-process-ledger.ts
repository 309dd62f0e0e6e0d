import type { Clock } from "../../clock.ts";
import type { AuditHead, AuditRow, AuditVerdict, NoteKind } from "../../ledger/audit-chain.ts";
import { canonicalJson } from "../../ledger/canonical-json.ts";
import type { Ledger, Pruned, StoredReport, VerdictRow } from "../../ledger/ledger.ts";
import { packTick, type TickInput, unpackTick } from "../../ledger/pack-tick.ts";
import { TEMPORARY } from "../../ledger/sqlite/database.ts";
import { LedgerStore } from "../../ledger/sqlite/ledger-store.ts";
import { AUDIT_START, type AuditCursor } from "../../ledger/sqlite/verify-audit.ts";
import type { TickRecord } from "../../ledger/tick-record.ts";
import type { Attempt, Inclusion, Transmission, TransmissionIntent } from "../../ledger/transmission.ts";

/** Tick records that are written together. */
const BATCH = 16;
/** Rows that are verified at once. */
const SLICE = 1_000;

/**
 * The ledger of a laboratory: the same SQLite tables and the same audit chain as in production, in a file that goes when it is
 * closed, and without a thread of its own: messages between threads would cost more than the writing.
 */
export class InProcessLedger implements Ledger {
  readonly #store: LedgerStore;
  readonly #clock: Clock;
  #batched = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#store = new LedgerStore(
      {
        file: TEMPORARY,
        durability: "process",
        instance: "laboratory",
        versions: {},
      },
      clock.wall(),
    );
  }

  get writer(): string {
    return this.#store.writer();
  }

  async putReport(report: StoredReport): Promise<void> {
    this.#store.putReport(this.#clock.wall(), report);
  }

  async report(observedAt: number): Promise<StoredReport | null> {
    return this.#store.report(this.#clock.wall(), observedAt);
  }

  async newestReport(atOrBefore: number = Number.MAX_SAFE_INTEGER): Promise<StoredReport | null> {
    return this.#store.newestReport(this.#clock.wall(), atOrBefore);
  }

  async fixingTimes(from: number, to: number): Promise<readonly number[]> {
    return this.#store.fixingTimes(this.#clock.wall(), from, to);
  }

  putTick(record: TickInput): void {
    this.#store.takeTick(packTick(record));
    this.#batched++;
    if (this.#batched >= BATCH) this.#writeTicks();
  }

  async tick(time: number): Promise<TickRecord | null> {
    const packed = this.#store.tick(this.#clock.wall(), time);
    return packed === null ? null : unpackTick(packed);
  }

  async verdicts(from: number, to: number): Promise<readonly VerdictRow[]> {
    return this.#store.verdicts(this.#clock.wall(), from, to);
  }

  async openTransmission(intent: TransmissionIntent, chainNonce: number): Promise<Transmission> {
    return this.#store.openTransmission(this.#clock.wall(), intent, chainNonce);
  }

  async putAttempt(transmission: number, attempt: Attempt): Promise<void> {
    this.#store.putAttempt(this.#clock.wall(), transmission, attempt);
  }

  async closeTransmission(transmission: number, outcome: Inclusion): Promise<void> {
    this.#store.closeTransmission(this.#clock.wall(), transmission, outcome);
  }

  async openTransmissions(chainId: number, sender: string): Promise<readonly Transmission[]> {
    return this.#store.openTransmissions(this.#clock.wall(), chainId, sender);
  }

  async transmission(id: number): Promise<Transmission | null> {
    return this.#store.transmission(this.#clock.wall(), id);
  }

  async transmissions(limit: number): Promise<readonly Transmission[]> {
    return this.#store.transmissions(this.#clock.wall(), limit);
  }

  async audit(kind: NoteKind, body: Readonly<Record<string, unknown>>): Promise<AuditRow> {
    return this.#store.audit(
      this.#clock.wall(),
      kind,
      JSON.parse(canonicalJson(body)) as Record<string, unknown>,
    );
  }

  async auditRows(writer: string, after: number, limit: number): Promise<readonly AuditRow[]> {
    return this.#store.auditRows(this.#clock.wall(), writer, after, limit);
  }

  async auditHeads(): Promise<readonly AuditHead[]> {
    return this.#store.auditHeads();
  }

  async verifyAudit(expected: readonly AuditHead[] = []): Promise<AuditVerdict> {
    let cursor: AuditCursor = AUDIT_START;
    for (;;) {
      const slice = this.#store.verifyAudit(this.#clock.wall(), cursor, expected, SLICE);
      ({ cursor } = slice);
      if (!slice.done) continue;
      if (slice.flaw !== null) return { intact: false, ...slice.flaw };
      return { intact: true, rows: cursor.rows, heads: cursor.heads };
    }
  }

  async prune(now: number): Promise<Pruned> {
    return this.#store.prune(this.#clock.wall(), now);
  }

  async backup(file: string): Promise<void> {
    this.#store.backup(this.#clock.wall(), file);
  }

  async flush(): Promise<void> {
    this.#writeTicks();
  }

  async close(): Promise<void> {
    this.#store.close(this.#clock.wall());
  }

  #writeTicks(): void {
    this.#batched = 0;
    this.#store.writeTicks(this.#clock.wall());
  }
}
