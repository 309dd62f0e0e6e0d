import { DatabaseSync, type StatementSync } from "node:sqlite";

import type { Durability } from "../../signer/store/witness.ts";
import { LedgerError } from "../ledger.ts";
import { ledgerFailure } from "./ledger-failure.ts";
import type { Migration } from "./migrations.ts";

export type Cell = number | bigint | string | Uint8Array | null;
export type Row = Readonly<Record<string, Cell>>;

/** SQLite's name for a file of its own that goes when it is closed. It can have no WAL. */
export const TEMPORARY = "";

/** `application_id` of a ledger's file, "Naka": another program's database is never taken for one. */
const APPLICATION = 0x4e616b61;

export interface DatabaseOptions {
  readonly file: string;
  readonly durability: Durability;
  /** The most pages (of 4,096 bytes) the file may have: for tests of a full disk. */
  readonly maxPages?: number;
}

/** One SQLite file: WAL, strict, locked for this process alone. Every error of SQLite comes out as a `LedgerError`. */
export class Database {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws LedgerError where the file cannot be opened, is another process's, or no ledger */
  constructor({ file, durability, maxPages }: DatabaseOptions) {
    this.file = file;
    this.#database = this.#tell(() => new DatabaseSync(file, { enableForeignKeyConstraints: true }));
    try {
      this.#tell(() => {
        this.#database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF");
        const isNew = this.#isNew();
        this.#database.exec(`
          PRAGMA journal_mode = ${file === TEMPORARY ? "MEMORY" : "WAL"}; PRAGMA journal_size_limit = 67108864;
          PRAGMA synchronous = ${durability === "full" ? "FULL" : "OFF"};
        `);
        // Takes the lock, and shows at once where the file cannot be written.
        this.#database.exec("BEGIN EXCLUSIVE; COMMIT");
        if (isNew) this.#database.exec(`PRAGMA application_id = ${APPLICATION}`);
        if (maxPages !== undefined) this.#database.exec(`PRAGMA max_page_count = ${maxPages}`);
      });
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /**
   * Brings the database to the newest shape, each step in a transaction of its own.
   * @param at Unix milliseconds
   * @returns how many steps the database has
   * @throws LedgerError where it has steps that are not in the list: a newer version wrote it
   */
  migrate(migrations: readonly Migration[], at: number): number {
    this.transaction(() => {
      this.run(`CREATE TABLE IF NOT EXISTS migration (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL) STRICT`);
    });
    const applied = this.rows("SELECT number, name FROM migration ORDER BY number");
    const strange = applied.find((row, i) => row["number"] !== i + 1 || row["name"] !== migrations[i]?.name);
    if (strange !== undefined)
      throw new LedgerError(
        `The ledger ${this.file} has the step ${String(strange["number"])} "${String(strange["name"])}", and this version ` +
          `knows ${migrations.length} other steps: a newer version wrote it. Run that version, or restore the backup from before.`,
      );
    for (const [i, { name, sql }] of migrations.entries()) {
      if (i < applied.length) continue;
      this.transaction(() => {
        this.#tell(() => {
          this.#database.exec(sql);
        });
        this.run("INSERT INTO migration VALUES (?, ?, ?)", i + 1, name, at);
      });
    }
    return migrations.length;
  }

  run(sql: string, ...values: readonly Cell[]): { readonly id: number; readonly changes: number } {
    const { lastInsertRowid, changes } = this.#tell(() => this.#prepare(sql).run(...values));
    return { id: Number(lastInsertRowid), changes: Number(changes) };
  }

  rows(sql: string, ...values: readonly Cell[]): Row[] {
    return this.#tell(() => this.#prepare(sql).all(...values));
  }

  row(sql: string, ...values: readonly Cell[]): Row | undefined {
    return this.#tell(() => this.#prepare(sql).get(...values));
  }

  /** All of it, or, where it throws, nothing. */
  transaction<T>(work: () => T): T {
    this.#tell(() => {
      this.#database.exec("BEGIN IMMEDIATE");
    });
    try {
      const result = work();
      this.#tell(() => {
        this.#database.exec("COMMIT");
      });
      return result;
    } catch (error) {
      // A full disk has ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }

  /** @throws LedgerError where the file is another program's */
  #isNew(): boolean {
    const application = this.#database.prepare("PRAGMA application_id").get()?.["application_id"];
    if (application === APPLICATION) return false;
    const tables = this.#database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.["count"];
    if (tables === 0) return true;
    throw new LedgerError(
      `${this.file} is a database, but no ledger: its application_id is ${String(application)}, a ledger's ${APPLICATION}. Name another file.`,
    );
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #tell<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw ledgerFailure(error, this.file);
    }
  }
}
