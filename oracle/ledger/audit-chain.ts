import { hash } from "node:crypto";

import { canonicalJson } from "./canonical-json.ts";

/** What the ledger writes by itself, in the transaction of the write that it tells of. */
type LedgerKind =
  /** The first row of a chain: versions, and by its `previous` the newest row of the writer before. */
  | "started"
  /** The last row of a writer that was closed. */
  | "stopped"
  | "report"
  /** Tick records of one batch. */
  | "ticks"
  /** A transmission was opened, its nonce reserved. */
  | "intent"
  | "attempt"
  /** A transmission ended. */
  | "outcome"
  /** What was too old was deleted. */
  | "pruned"
  | "backup";

/** What others have written down by `Ledger.audit`. */
export type NoteKind =
  /** A part of the process began or ended, a signer or a schedule; the writer's own chain has `started` and `stopped`. */
  | "start"
  | "stop"
  /** A person asked for something. */
  | "command"
  | "approval"
  /** A person was called. */
  | "page"
  /** A signer contradicted itself. */
  | "evidence"
  /** A key of this process has signed a report's digest: the id under which CloudTrail has the request. */
  | "signature";

export type AuditKind = LedgerKind | NoteKind;

/** The `previous` of the first row of all. */
export const GENESIS = "0".repeat(64);

/** One row. A writer is one start of one instance; its rows are numbered from 1 without gaps. */
export interface AuditRow {
  readonly writer: string;
  readonly seq: number;
  /** Unix milliseconds, by the writer's clock. */
  readonly time: number;
  readonly kind: AuditKind;
  /** As JSON gives it back: bigints are decimal strings. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Hash of the row before, 64 hexadecimal digits; of a chain's first row: of the newest row of the writer before. */
  readonly previous: string;
  readonly hash: string;
}

/** A row as it is stored: `body` is its canonical JSON. */
export interface AuditText extends Omit<AuditRow, "body" | "kind"> {
  readonly kind: string;
  readonly body: string;
}

/** A row that somebody else has noted, to hold the ledger to it: what is lost at the end of a chain, only this can show. */
export interface AuditHead {
  readonly writer: string;
  readonly seq: number;
  readonly hash: string;
}

/** What is wrong with the first broken row. */
export type AuditFlaw =
  /** It is not what was hashed. */
  | "altered"
  /** It stands at another's place. */
  | "reordered"
  /** It is not there, though rows after it are. */
  | "missing"
  /** It does not continue the row before: one of the two was replaced, or what stood between them is gone. */
  | "unlinked"
  /** It is not there, or is another one, though an expected head says it was written. */
  | "truncated"
  /** The row is as written, but what it tells of is not: a report, a transmission, an attempt, a tick record. */
  | "content"
  /** All rows are as written, but the ledger holds more than they tell of. */
  | "unaudited";

/** Where a chain is broken. */
export interface AuditBreak {
  readonly writer: string;
  readonly seq: number;
  readonly flaw: AuditFlaw;
  /** A sentence for people, with what was expected and what was found. */
  readonly detail: string;
}

export type AuditVerdict =
  | { readonly intact: true; readonly rows: number; readonly heads: readonly AuditHead[] }
  | ({ readonly intact: false } & AuditBreak);

/** SHA-256 over the canonical JSON of a row without its hash. The body goes in as it is stored: other spaces are another row. */
export function auditHash({ writer, seq, time, kind, body, previous }: Omit<AuditText, "hash">): string {
  const rest = { kind, previous, seq, time, writer };
  return hash("sha256", `{"body":${body},${canonicalJson(rest).slice(1)}`);
}

/** Walks rows in order of writers, and of each writer's numbers, and stops at the first that is not in its place. */
export class AuditWalk {
  readonly heads: AuditHead[];
  rows: number;

  /** @param from where an earlier walk stopped */
  constructor(
    from: { readonly heads: readonly AuditHead[]; readonly rows: number } = { heads: [], rows: 0 },
  ) {
    this.heads = [...from.heads];
    this.rows = from.rows;
  }

  /** Looks at the next row: null where it is in its place. */
  step(row: AuditText): AuditBreak | null {
    const { writer, seq } = row;
    const last = this.heads.at(-1);
    const goesOn = last?.writer === writer;
    const expected = goesOn ? last.seq + 1 : 1;
    if (seq !== expected) {
      const detail = `${writer} has no row ${expected}: the next one there is, is ${seq}.`;
      return { writer, seq: expected, flaw: "missing", detail };
    }
    const hashed = auditHash(row);
    if (hashed !== row.hash) {
      const detail = `Row ${seq} of ${writer} says its hash is ${row.hash}; what it holds hashes to ${hashed}.`;
      return { writer, seq, flaw: "altered", detail };
    }
    const before = last?.hash ?? GENESIS;
    if (row.previous !== before) {
      const what = last ? `row ${last.seq} of ${last.writer}, whose hash is` : "nothing before, which is";
      const detail = `Row ${seq} of ${writer} continues a row with hash ${row.previous}; it stands behind ${what} ${before}.`;
      return { writer, seq, flaw: "unlinked", detail };
    }
    const head = { writer, seq, hash: row.hash };
    if (goesOn) this.heads[this.heads.length - 1] = head;
    else this.heads.push(head);
    this.rows++;
    return null;
  }
}

/** Whether a row that is not what it should be is what was written under another number, at most `most`. */
export function isReordered(row: AuditText, most: number): boolean {
  for (let seq = 1; seq <= most; seq++) if (auditHash({ ...row, seq }) === row.hash) return true;
  return false;
}
