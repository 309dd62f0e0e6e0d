import { type Before, decodeAfter, encodeAfter } from "../column-codec.ts";
import type { Reason } from "../decision/reason.ts";
import { DAY } from "../retention.ts";
import type { PackedTick } from "../pack-tick.ts";
import type { VerdictRow } from "../ledger.ts";
import { contentHash } from "./contents.ts";
import type { Database } from "./database.ts";

/** A run of records, each written against the one before, ends after this many, or this many bytes: reading one reads the run up to it. */
const RUN_RECORDS = 60;
const RUN_BYTES = 16_000_000;

/** What the audit row of a batch says of one record. */
export interface WrittenTick {
  readonly number: number;
  readonly time: number;
  readonly sha256: string | null;
}

/** A run that the next record may continue. */
interface Run {
  /** Number of its first row, which was written whole. */
  readonly whole: number;
  readonly day: number;
  readonly records: number;
  readonly bytes: number;
  readonly last: Before;
}

/**
 * The tick records of one database: one row each. The first of a run is written whole, the others as what changed since the
 * one before; a run never crosses a UTC day, so that a day can be deleted. With 7 venues, of which 7 in 10 say something new,
 * a record of 100 feeds takes 4.0 KB (6.1 KB whole; 18 KB as it is in memory); docs/decisions/0020-ledger-in-a-worker.md.
 */
export class TickRows {
  readonly #database: Database;
  #run: Run | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Keeps a record, in the transaction around it; where that fails, `forgetRun` must be called. */
  put(record: PackedTick): WrittenTick {
    const { time } = record;
    const day = Math.floor(time / DAY);
    const run = this.#continued(day);
    const { body, self } = encodeAfter(record, run?.last ?? null);
    const number = this.#nextNumber();
    const whole = run?.whole ?? number;
    this.#database.run("INSERT INTO tick VALUES (?, ?, ?, ?, ?)", number, time, day, whole, body);
    this.#putVerdicts(record);
    const [records, bytes] = [(run?.records ?? 0) + 1, (run?.bytes ?? 0) + self.bytes];
    this.#run = { whole, day, records, bytes, last: self };
    return { number, time, sha256: contentHash(this.#database, "tick", number) };
  }

  /** The next record is written whole: the run's last one may not be on disk. */
  forgetRun(): void {
    this.#run = null;
  }

  /** The newest record of a time. */
  at(time: number): PackedTick | null {
    const sql = "SELECT number, whole FROM tick WHERE time = ? ORDER BY number DESC LIMIT 1";
    const found = this.#database.row(sql, time);
    if (found === undefined) return null;
    const run = this.#database.rows(
      "SELECT body FROM tick WHERE whole = ? AND number BETWEEN ? AND ? ORDER BY number",
      found["whole"] ?? 0,
      found["whole"] ?? 0,
      found["number"] ?? 0,
    );
    let before: Before | null = null;
    let record: unknown = null;
    for (const { body } of run) ({ record, self: before } = decodeAfter(body as Uint8Array, before));
    return record as PackedTick | null;
  }

  verdicts(from: number, to: number, limit: number): VerdictRow[] {
    const sql = "SELECT * FROM verdict WHERE time BETWEEN ? AND ? ORDER BY time, place LIMIT ?";
    return this.#database.rows(sql, from, to, limit).map((row) => ({
      time: Number(row["time"]),
      place: Number(row["place"]),
      reason: row["reason"] as Exclude<Reason, "none">,
    }));
  }

  #continued(day: number): Run | null {
    const run = this.#run;
    return run?.day === day && run.records < RUN_RECORDS && run.bytes < RUN_BYTES ? run : null;
  }

  /** A number is never used twice, whatever was deleted: the audit chain names records by it. */
  #nextNumber(): number {
    const row = this.#database.row("SELECT seq FROM sqlite_sequence WHERE name = 'tick'");
    return Number(row?.["seq"] ?? 0) + 1;
  }

  /** A record for a time that has one already replaces its rows. */
  #putVerdicts({ time, verdicts, words }: PackedTick): void {
    this.#database.run("DELETE FROM verdict WHERE time = ?", time);
    const none = words.reasons.indexOf("none");
    verdicts.forEach((code, place) => {
      if (code === none) return;
      this.#database.run("INSERT INTO verdict VALUES (?, ?, ?)", time, place, words.reasons[code] ?? "");
    });
  }
}
