import { closeSync, fsyncSync, openSync } from "node:fs";
import { dirname } from "node:path";

import type { AuditHead, AuditRow, NoteKind } from "../audit-chain.ts";
import { LedgerError, type Pruned, type StoredReport, type VerdictRow } from "../ledger.ts";
import type { PackedTick } from "../pack-tick.ts";
import type { Attempt, Inclusion, Transmission, TransmissionIntent } from "../transmission.ts";
import { AuditRows } from "./audit-rows.ts";
import { contentHash } from "./contents.ts";
import { Database, type DatabaseOptions } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";
import { prune } from "./prune.ts";
import { ReportRows } from "./report-rows.ts";
import { TickRows, type WrittenTick } from "./tick-rows.ts";
import { TransmissionRows } from "./transmission-rows.ts";
import { type AuditCursor, type AuditSlice, verifySlice } from "./verify-audit.ts";

export interface StoreOptions extends DatabaseOptions {
  /** The name of this instance, the same at every start. */
  readonly instance: string;
  /** Of the programs around: kept in the first audit row. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Tick records that wait while the disk is full; of more, the oldest are lost, and the chain says how many. */
const WAITING = 60;

/**
 * The ledger as the worker runs it: every method at once and to its end. Each write and the audit row that tells of it are one
 * transaction; `at` is Unix milliseconds. See `Ledger` for what the methods mean.
 */
export class LedgerStore {
  readonly #database: Database;
  readonly #audit: AuditRows;
  readonly #reports: ReportRows;
  readonly #ticks: TickRows;
  readonly #transmissions: TransmissionRows;
  readonly #waiting: PackedTick[] = [];
  #dropped = 0;

  /** @throws LedgerError where the file cannot be opened, is another process's, no ledger, or a newer version's */
  constructor(options: StoreOptions, at: number) {
    this.#database = new Database(options);
    this.#audit = new AuditRows(this.#database);
    this.#reports = new ReportRows(this.#database);
    this.#ticks = new TickRows(this.#database);
    this.#transmissions = new TransmissionRows(this.#database);
    try {
      const schema = this.#database.migrate(MIGRATIONS, at);
      const { durability, instance } = options;
      const { node, sqlite } = process.versions;
      const versions = { ...options.versions, node, sqlite: sqlite ?? "", schema: String(schema) };
      this.#database.transaction(() => this.#audit.begin(instance, at, { versions, durability }));
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  writer(): string {
    return this.#audit.writer;
  }

  putReport(at: number, report: StoredReport): void {
    this.#database.transaction(() => {
      if (!this.#reports.put(report)) return;
      const { observedAt, epoch, root, provenance } = report;
      this.#audit.append(at, "report", {
        ...{ observedAt, epoch, root, provenance },
        sha256: contentHash(this.#database, "report", observedAt),
      });
    });
  }

  report(_at: number, observedAt: number): StoredReport | null {
    return this.#reports.at(observedAt);
  }

  newestReport(_at: number, atOrBefore: number): StoredReport | null {
    return this.#reports.newest(atOrBefore);
  }

  fixingTimes(_at: number, from: number, to: number): number[] {
    return this.#reports.fixingTimes(from, to, 1000);
  }

  /** Takes a record in; `writeTicks` writes it. */
  takeTick(record: PackedTick): void {
    this.#waiting.push(record);
    if (this.#waiting.length <= WAITING) return;
    this.#waiting.shift();
    this.#dropped++;
  }

  /** Writes what was taken in. Where that fails, it waits for the next time; but a record that cannot be encoded is dropped. */
  writeTicks(at: number): void {
    if (this.#waiting.length === 0) return;
    const records: WrittenTick[] = [];
    try {
      this.#database.transaction(() => {
        for (const record of this.#waiting) records.push(this.#ticks.put(record));
        this.#audit.append(at, "ticks", { records, dropped: this.#dropped });
      });
    } catch (error) {
      this.#ticks.forgetRun();
      if (!(error instanceof LedgerError)) {
        this.#waiting.splice(records.length, 1);
        this.#dropped++;
      }
      throw error;
    }
    this.#waiting.length = 0;
    this.#dropped = 0;
  }

  tick(at: number, time: number): PackedTick | null {
    this.writeTicks(at);
    return this.#ticks.at(time);
  }

  verdicts(at: number, from: number, to: number): VerdictRow[] {
    this.writeTicks(at);
    return this.#ticks.verdicts(from, to, 10_000);
  }

  openTransmission(at: number, intent: TransmissionIntent, chainNonce: number): Transmission {
    return this.#database.transaction(() => {
      const transmission = this.#transmissions.open(intent, chainNonce, at);
      const { id, chainId, sender, nonce, observedAt, root } = transmission;
      const sha256 = contentHash(this.#database, "intent", id);
      this.#audit.append(at, "intent", {
        transmission: id,
        chainId,
        sender,
        nonce,
        observedAt,
        root,
        sha256,
      });
      return transmission;
    });
  }

  putAttempt(at: number, transmission: number, attempt: Attempt): void {
    this.#database.transaction(() => {
      if (!this.#transmissions.putAttempt(transmission, attempt)) return;
      const { hash, maxFeePerGas, maxPriorityFeePerGas, kmsRequestId } = attempt;
      const sha256 = contentHash(this.#database, "attempt", hash);
      this.#audit.append(at, "attempt", {
        ...{ transmission, hash, maxFeePerGas, maxPriorityFeePerGas, kmsRequestId, sha256 },
      });
    });
  }

  closeTransmission(at: number, transmission: number, outcome: Inclusion): void {
    this.#database.transaction(() => {
      if (!this.#transmissions.end(transmission, outcome)) return;
      const sha256 = contentHash(this.#database, "outcome", transmission);
      this.#audit.append(at, "outcome", { transmission, outcome, sha256 });
    });
  }

  openTransmissions(_at: number, chainId: number, sender: string): Transmission[] {
    return this.#transmissions.openOnes(chainId, sender);
  }

  transmission(_at: number, id: number): Transmission | null {
    return this.#transmissions.get(id);
  }

  transmissions(_at: number, limit: number): Transmission[] {
    return this.#transmissions.newest(limit);
  }

  audit(at: number, kind: NoteKind, body: Readonly<Record<string, unknown>>): AuditRow {
    return this.#database.transaction(() => this.#audit.append(at, kind, body));
  }

  auditRows(_at: number, writer: string, after: number, limit: number): AuditRow[] {
    return this.#audit.rows(writer, after, limit);
  }

  auditHeads(): AuditHead[] {
    return this.#audit.heads();
  }

  verifyAudit(_at: number, cursor: AuditCursor, expected: readonly AuditHead[], limit: number): AuditSlice {
    return verifySlice(this.#database, this.#audit, cursor, expected, limit);
  }

  prune(at: number, now: number): Pruned {
    this.#ticks.forgetRun(); // its first row may go
    return this.#database.transaction(() => {
      const pruned = prune(this.#database, now);
      this.#audit.append(at, "pruned", { ...pruned });
      return pruned;
    });
  }

  /** A whole and compact copy, on disk when it returns. */
  backup(at: number, file: string): void {
    this.writeTicks(at);
    try {
      this.#database.run("VACUUM INTO ?", file);
      for (const path of [file, dirname(file)]) {
        const opened = openSync(path, "r");
        fsyncSync(opened);
        closeSync(opened);
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new LedgerError(`No backup of the ledger could be written to ${file}: ${why}`, { cause: error });
    }
    this.#database.transaction(() => this.#audit.append(at, "backup", { file }));
  }

  close(at: number): void {
    try {
      this.writeTicks(at);
      this.#database.transaction(() => this.#audit.append(at, "stopped", {}));
    } finally {
      this.#database.close();
    }
  }
}
