import { DatabaseSync, type StatementSync } from "node:sqlite";

import type { Evidence } from "../agreement/evidence.ts";
import { toHex } from "../agreement/hex.ts";
import { sameBytes } from "../agreement/same-bytes.ts";
import { StoreConflict } from "../agreement/store-conflict.ts";
import type { AgreementStore, StoredLock, StoredState, StoredTime, StoreRecord } from "../agreement/store.ts";
import { FIXING_PERIOD } from "../agreement/timing.ts";
import { joinBlobs, splitBlobs } from "./blob-list.ts";
import { type Durability, type Progress, Witness } from "./witness.ts";

/** Times are Unix seconds; messages are whole signed messages; lists of messages are written by `joinBlobs`. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS progress (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL, transactions INTEGER NOT NULL,
    intact INTEGER NOT NULL, sit_out_until INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS observation (
    time INTEGER, hash TEXT, signer INTEGER NOT NULL, own INTEGER NOT NULL, message BLOB NOT NULL,
    PRIMARY KEY (time, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX IF NOT EXISTS own_observation ON observation (time) WHERE own = 1;
  CREATE TABLE IF NOT EXISTS vote (
    time INTEGER, round INTEGER, step TEXT, message BLOB NOT NULL, PRIMARY KEY (time, round, step)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS lock (
    time INTEGER PRIMARY KEY, locked_round INTEGER, locked_value TEXT,
    valid_round INTEGER, valid_value TEXT, messages BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS decision (time INTEGER PRIMARY KEY, root TEXT NOT NULL, certificate BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS intent (time INTEGER PRIMARY KEY, root TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS sig (time INTEGER PRIMARY KEY, message BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS report (time INTEGER PRIMARY KEY, root TEXT NOT NULL, messages BLOB NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS evidence (
    number INTEGER PRIMARY KEY, kind TEXT NOT NULL, accused INTEGER NOT NULL, time INTEGER NOT NULL,
    epoch INTEGER NOT NULL, about TEXT NOT NULL, messages BLOB NOT NULL, UNIQUE (kind, accused, time, about)
  ) STRICT;
`;

/** Tables that hold rows of one time each. Evidence is kept for ever. */
const BY_TIME = ["observation", "vote", "lock", "decision", "intent", "sig", "report"] as const;

type Row = Record<string, number | bigint | string | Uint8Array | null>;

/** A store in one SQLite file: WAL, on disk when it says so, locked for this process alone. */
export class SqliteStore implements AgreementStore {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #witness: Witness;
  readonly #statements = new Map<string, StatementSync>();
  #progress: Progress;

  /**
   * Opens a store, or makes one.
   * @param path the database
   * @param witnessPath a file on the same disk that no backup of the database includes
   * @param durability `process` does not wait for the disk: for keys that are thrown away when the process ends
   * @throws Error where another process has it open, or the file is no such store
   */
  constructor(path: string, witnessPath: string, durability: Durability = "full") {
    this.#path = path;
    this.#database = new DatabaseSync(path);
    try {
      this.#database.exec(
        `PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability === "full" ? "FULL" : "OFF"};`,
      );
      this.#database.exec(`BEGIN EXCLUSIVE; ${SCHEMA} COMMIT;`);
    } catch (error) {
      this.#database.close();
      throw new Error(`the signer's store ${path} cannot be opened; is another signer using it?`, {
        cause: error,
      });
    }
    this.#witness = new Witness(witnessPath, durability);
    this.#progress = this.#open(this.#witness.read());
  }

  write(records: readonly StoreRecord[]): void {
    if (records.length === 0) return;
    this.#transaction(() => {
      for (const record of records) this.#apply(record);
    });
  }

  load(since: number): StoredState {
    const open: StoredTime[] = [];
    const reported = new Set(this.#column("SELECT time AS value FROM report WHERE time >= ?", since));
    const times = new Set(
      BY_TIME.flatMap((table) =>
        this.#column(`SELECT DISTINCT time AS value FROM ${table} WHERE time >= ?`, since),
      ),
    );
    for (const time of [...times].sort((a, b) => Number(a) - Number(b))) {
      if (!reported.has(time)) open.push(this.#timeOf(Number(time)));
    }
    const [state] = this.#rows("SELECT intact, sit_out_until FROM progress");
    return {
      intact: state?.["intact"] === 1,
      sitOutUntil: Number(state?.["sit_out_until"] ?? 0),
      open,
      closed: [...reported].map(Number),
    };
  }

  messagesOf(time: number): Uint8Array[] {
    const messages = [
      ...this.#blobs("SELECT message AS value FROM observation WHERE time = ?", time),
      ...this.#blobs("SELECT certificate AS value FROM decision WHERE time = ?", time).flatMap(splitBlobs),
      ...this.#blobs("SELECT message AS value FROM sig WHERE time = ?", time),
      ...this.#blobs("SELECT messages AS value FROM report WHERE time = ?", time).flatMap(splitBlobs),
    ];
    return [...new Map(messages.map((bytes) => [toHex(bytes), bytes])).values()];
  }

  evidence(): Evidence[] {
    return this.#rows("SELECT * FROM evidence ORDER BY number").map((row) => ({
      kind: row["kind"] as Evidence["kind"],
      accused: Number(row["accused"]),
      time: Number(row["time"]),
      epoch: Number(row["epoch"]),
      about: String(row["about"]),
      messages: splitBlobs(row["messages"] as Uint8Array),
    }));
  }

  close(): void {
    this.#database.close();
    this.#witness.close();
  }

  /** Whether the store is the one last written to, and a new generation of it. */
  #open(witnessed: Progress | undefined): Progress {
    const [known] = this.#rows("SELECT * FROM progress");
    const generation = BigInt(Number(known?.["generation"] ?? 0));
    const transactions = BigInt(Number(known?.["transactions"] ?? 0));
    // A store may be ahead of its witness by the transaction in which the machine stopped; behind, it has forgotten.
    const isLast = witnessed?.generation === generation && transactions >= witnessed.transactions;
    const intact = isLast && known?.["intact"] === 1;
    const next = { generation: greater(generation, witnessed?.generation ?? 0n) + 1n, transactions };
    this.#run(
      `INSERT INTO progress VALUES (1, ?, ?, ?, ?) ON CONFLICT (one)
       DO UPDATE SET generation = excluded.generation, intact = excluded.intact`,
      next.generation,
      transactions,
      intact ? 1 : 0,
      0,
    );
    this.#witness.write(next);
    return next;
  }

  #transaction(work: () => void): void {
    const { generation, transactions } = this.#progress;
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#run("UPDATE progress SET transactions = ?", transactions + 1n);
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw this.#named(error);
    }
    this.#progress = { generation, transactions: transactions + 1n };
    this.#witness.write(this.#progress);
  }

  /** What SQLite said, with the file and what to do; any other error as it is. */
  #named(error: unknown): unknown {
    if (!(error instanceof Error) || !("errcode" in error)) return error;
    return new Error(
      `the signer's store ${this.#path} cannot be written (${error.message}), so this signer has stopped; nothing was ` +
        "written by half. Make space on that disk, see that it can be written, and start again: it goes on where it was.",
      { cause: error },
    );
  }

  #apply(record: StoreRecord): void {
    switch (record.kind) {
      case "obs": {
        const { time, signer, hash, own, bytes } = record;
        if (own) {
          const [first] = this.#rows("SELECT hash FROM observation WHERE time = ? AND own = 1", time);
          if (first) same(`own observation of ${time}`, String(first["hash"]), hash);
        }
        this.#run(
          "INSERT OR IGNORE INTO observation VALUES (?, ?, ?, ?, ?)",
          time,
          hash,
          signer,
          own ? 1 : 0,
          bytes,
        );
        return;
      }
      case "vote": {
        const { time, round, step, bytes } = record;
        const sql = "SELECT message AS value FROM vote WHERE time = ? AND round = ? AND step = ?";
        const [first] = this.#blobs(sql, time, round, step);
        if (first && !sameBytes(first, bytes)) {
          throw new StoreConflict(`own ${step} of ${time} in round ${round}`, toHex(first), toHex(bytes));
        }
        this.#run("INSERT OR IGNORE INTO vote VALUES (?, ?, ?, ?)", time, round, step, bytes);
        return;
      }
      case "lock": {
        const { locked, valid, messages } = record.lock;
        this.#run(
          "INSERT OR REPLACE INTO lock VALUES (?, ?, ?, ?, ?, ?)",
          record.time,
          locked?.round ?? null,
          locked?.value ?? null,
          valid?.round ?? null,
          valid?.value ?? null,
          joinBlobs(messages),
        );
        return;
      }
      case "decision":
        this.#once("decision", "decision", record.time, record.root, joinBlobs(record.certificate));
        return;
      case "intent":
        this.#once("intent", "root to sign", record.time, record.root);
        return;
      case "report":
        this.#once("report", "report", record.time, record.root, joinBlobs(record.messages));
        return;
      case "sig":
        this.#run("INSERT OR IGNORE INTO sig VALUES (?, ?)", record.time, record.bytes);
        return;
      case "evidence": {
        const { kind, accused, time, epoch, about, messages } = record.evidence;
        this.#run(
          `INSERT OR IGNORE INTO evidence (kind, accused, time, epoch, about, messages) VALUES (?, ?, ?, ?, ?, ?)`,
          kind,
          accused,
          time,
          epoch,
          about,
          joinBlobs(messages),
        );
        return;
      }
      case "sitOut":
        this.#run("UPDATE progress SET intact = 1, sit_out_until = max(sit_out_until, ?)", record.until);
        return;
      case "forget":
        for (const table of BY_TIME) {
          this.#run(`DELETE FROM ${table} WHERE time < ? AND time % ${FIXING_PERIOD} <> 0`, record.ordinary);
          this.#run(`DELETE FROM ${table} WHERE time < ? AND time % ${FIXING_PERIOD} = 0`, record.fixings);
        }
        return;
    }
  }

  /** Writes a row whose root must never become another one. */
  #once(
    table: "decision" | "intent" | "report",
    what: string,
    time: number,
    root: string,
    blob?: Uint8Array,
  ): void {
    const [first] = this.#rows(`SELECT root FROM ${table} WHERE time = ?`, time);
    if (first) same(`${what} of ${time}`, String(first["root"]), root);
    else if (blob) this.#run(`INSERT INTO ${table} VALUES (?, ?, ?)`, time, root, blob);
    else this.#run(`INSERT INTO ${table} VALUES (?, ?)`, time, root);
  }

  #timeOf(time: number): StoredTime {
    const [lock] = this.#rows("SELECT * FROM lock WHERE time = ?", time);
    const [certificate] = this.#blobs("SELECT certificate AS value FROM decision WHERE time = ?", time);
    const [intent] = this.#rows("SELECT root FROM intent WHERE time = ?", time);
    const [sig] = this.#blobs("SELECT message AS value FROM sig WHERE time = ?", time);
    return {
      time,
      observations: this.#blobs(
        "SELECT message AS value FROM observation WHERE time = ? ORDER BY own DESC, signer",
        time,
      ),
      votes: this.#blobs("SELECT message AS value FROM vote WHERE time = ? ORDER BY round", time),
      lock: lock && lockOf(lock),
      certificate: certificate && splitBlobs(certificate),
      intent: intent && String(intent["root"]),
      sig,
    };
  }

  #run(sql: string, ...values: (number | bigint | string | Uint8Array | null)[]): void {
    this.#prepare(sql).run(...values);
  }

  #rows(sql: string, ...values: (number | string)[]): Row[] {
    return this.#prepare(sql).all(...values);
  }

  #column(sql: string, ...values: (number | string)[]): Row[string][] {
    return this.#rows(sql, ...values).map((row) => row["value"] ?? null);
  }

  #blobs(sql: string, ...values: (number | string)[]): Uint8Array[] {
    return this.#column(sql, ...values).filter((value) => value instanceof Uint8Array);
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function lockOf(row: Row): StoredLock {
  const mark = (round: Row[string] | undefined, value: Row[string] | undefined) =>
    typeof round === "number" && typeof value === "string" ? { round, value } : undefined;
  return {
    locked: mark(row["locked_round"], row["locked_value"]),
    valid: mark(row["valid_round"], row["valid_value"]),
    messages: splitBlobs(row["messages"] as Uint8Array),
  };
}

function same(what: string, stored: string, given: string): void {
  if (stored !== given) throw new StoreConflict(what, stored, given);
}

function greater(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
