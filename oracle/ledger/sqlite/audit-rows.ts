import {
  type AuditHead,
  auditHash,
  type AuditKind,
  type AuditRow,
  type AuditText,
  GENESIS,
} from "../audit-chain.ts";
import { canonicalJson } from "../canonical-json.ts";
import type { Cell, Database, Row } from "./database.ts";

/** The audit rows of one database, and the chain of the one writer that appends to them. */
export class AuditRows {
  readonly #database: Database;
  #writer = 0;
  #name = "";

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Begins the chain of a new writer, in the transaction around it. Its first row continues the newest row of the writer before.
   * @param at Unix milliseconds
   */
  begin(instance: string, at: number, body: Readonly<Record<string, unknown>>): AuditRow {
    const previous = this.#newest()?.hash ?? GENESIS;
    this.#name = this.#unused(`${instance} ${new Date(at).toISOString()}`);
    this.#writer = this.#database.run("INSERT INTO writer (name) VALUES (?)", this.#name).id;
    return this.#insert(1, at, "started", body, previous);
  }

  get writer(): string {
    return this.#name;
  }

  /** Appends a row, in the transaction around it. */
  append(at: number, kind: AuditKind, body: Readonly<Record<string, unknown>>): AuditRow {
    const last = this.#database.row(
      "SELECT seq, hash FROM audit WHERE writer = ? ORDER BY seq DESC LIMIT 1",
      this.#writer,
    );
    return this.#insert(Number(last?.["seq"]) + 1, at, kind, body, String(last?.["hash"]));
  }

  /** The newest row of every writer, in the order in which they began. */
  heads(): AuditHead[] {
    const sql = `SELECT name, seq, hash FROM writer JOIN audit ON writer = number
      WHERE seq = (SELECT max(seq) FROM audit WHERE writer = number) ORDER BY number`;
    return this.#database
      .rows(sql)
      .map((row) => ({ writer: String(row["name"]), seq: Number(row["seq"]), hash: String(row["hash"]) }));
  }

  /** Rows of one writer behind `after`, ascending. */
  rows(writer: string, after: number, limit: number): AuditRow[] {
    const sql = `SELECT name, audit.* FROM audit JOIN writer ON writer = number
      WHERE name = ? AND seq > ? ORDER BY seq LIMIT ?`;
    return this.#database
      .rows(sql, writer, after, limit)
      .map(textOf)
      .map((text) => ({
        ...text,
        kind: text.kind as AuditKind,
        body: JSON.parse(text.body) as Record<string, unknown>,
      }));
  }

  /** Rows of all writers behind a place, in the order of the walk. */
  texts(
    behind: { readonly writer: number; readonly seq: number },
    limit: number,
  ): (AuditText & { number: number })[] {
    const sql = `SELECT coalesce(name, '') AS name, audit.* FROM audit LEFT JOIN writer ON writer = number
      WHERE (writer, seq) > (?, ?) ORDER BY writer, seq LIMIT ?`;
    return this.#database
      .rows(sql, behind.writer, behind.seq, limit)
      .map((row) => ({ ...textOf(row), number: Number(row["writer"]) }));
  }

  /** The hash of one row, and the number of the last row of its writer. */
  find(writer: string, seq: number): { readonly hash: string | null; readonly last: number } {
    const sql = `SELECT (SELECT hash FROM audit WHERE writer = number AND seq = ?) AS hash,
      (SELECT max(seq) FROM audit WHERE writer = number) AS last FROM writer WHERE name = ?`;
    const row = this.#database.row(sql, seq, writer);
    return { hash: (row?.["hash"] ?? null) as string | null, last: Number(row?.["last"] ?? 0) };
  }

  #insert(
    seq: number,
    at: number,
    kind: AuditKind,
    body: Readonly<Record<string, unknown>>,
    previous: string,
  ): AuditRow {
    const text = { writer: this.#name, seq, time: at, kind, body: canonicalJson(body), previous };
    const hash = auditHash(text);
    const cells: Cell[] = [this.#writer, seq, at, kind, text.body, previous, hash];
    this.#database.run("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", ...cells);
    return { ...text, body: JSON.parse(text.body) as Record<string, unknown>, hash };
  }

  #newest(): AuditHead | undefined {
    return this.heads().at(-1);
  }

  /** Two starts in one millisecond are two writers. */
  #unused(name: string): string {
    for (let i = 1; ; i++) {
      const candidate = i === 1 ? name : `${name} (${i})`;
      if (this.#database.row("SELECT 1 FROM writer WHERE name = ?", candidate) === undefined)
        return candidate;
    }
  }
}

function textOf(row: Row): AuditText {
  return {
    writer: String(row["name"]),
    seq: Number(row["seq"]),
    time: Number(row["at"]),
    kind: String(row["kind"]),
    body: String(row["body"]),
    previous: String(row["previous"]),
    hash: String(row["hash"]),
  };
}
