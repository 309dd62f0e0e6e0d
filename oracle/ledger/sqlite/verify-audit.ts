import {
  type AuditBreak,
  type AuditFlaw,
  type AuditHead,
  type AuditText,
  AuditWalk,
  isReordered,
} from "../audit-chain.ts";
import { canonicalJson } from "../canonical-json.ts";
import { DAY } from "../retention.ts";
import { FIXING_PERIOD } from "../../signer/agreement/timing.ts";
import type { AuditRows } from "./audit-rows.ts";
import { CONTENT_KINDS, contentCount, contentHash, type ContentKind } from "./contents.ts";
import type { Cell, Database } from "./database.ts";
import { type KeptFrom, readKeptFrom } from "./prune.ts";

/** How far a verification has come. It goes in slices, so that the ledger can write between them. */
export interface AuditCursor {
  readonly behind: { readonly writer: number; readonly seq: number };
  readonly rows: number;
  readonly heads: readonly AuditHead[];
  /** How many rows of each kind should be there. */
  readonly counts: Readonly<Record<ContentKind, number>>;
  readonly keptFrom: KeptFrom;
}

export const AUDIT_START: AuditCursor = {
  behind: { writer: 0, seq: 0 },
  rows: 0,
  heads: [],
  counts: { report: 0, tick: 0, intent: 0, attempt: 0, outcome: 0 },
  keptFrom: { verdicts: 0, reports: 0, ticks: 0 },
};

export type AuditSlice =
  | { readonly done: false; readonly cursor: AuditCursor }
  | { readonly done: true; readonly cursor: AuditCursor; readonly flaw: AuditBreak | null };

interface Told {
  readonly of: ContentKind;
  readonly key: Cell;
  readonly sha256: string;
  /** Unix seconds; from when on it is kept. */
  readonly time: number;
}

/**
 * Goes on for at most `limit` rows.
 * @param expected rows that somebody else has noted; looked for at the end
 */
export function verifySlice(
  database: Database,
  audit: AuditRows,
  cursor: AuditCursor,
  expected: readonly AuditHead[],
  limit: number,
): AuditSlice {
  const walk = new AuditWalk(cursor);
  const counts = { ...cursor.counts };
  let { behind, keptFrom } = cursor;
  // What verification compares with is what is kept now: it may have been pruned while a slice was waiting.
  const now = readKeptFrom(database);
  const texts = audit.texts(behind, limit);
  const at = (): AuditCursor => ({ behind, rows: walk.rows, heads: walk.heads, counts, keptFrom });
  for (const { number, ...row } of texts) {
    const broken = walk.step(row);
    if (broken !== null) return { done: true, cursor: at(), flaw: reconsider(audit, row, broken) };
    const body = JSON.parse(row.body) as Record<string, unknown>;
    for (const told of toldBy(row.kind, body)) {
      counts[told.of]++;
      const flaw = contentFlaw(database, row, told, now);
      if (flaw !== null) return { done: true, cursor: at(), flaw };
    }
    if (row.kind === "pruned") {
      const deleted = body["deleted"] as { reports: number; tickRecords: number };
      counts.report -= deleted.reports;
      counts.tick -= deleted.tickRecords;
      keptFrom = body["keptFrom"] as KeptFrom;
    }
    behind = { writer: number, seq: row.seq };
  }
  if (texts.length === limit) return { done: false, cursor: at() };
  return { done: true, cursor: at(), flaw: endFlaw(database, audit, at(), expected) };
}

/** A row under another's number has its own hash of before. */
function reconsider(audit: AuditRows, row: AuditText, broken: AuditBreak): AuditBreak {
  if (broken.flaw !== "altered" || !isReordered(row, audit.find(row.writer, row.seq).last)) return broken;
  return {
    ...broken,
    flaw: "reordered",
    detail: `Row ${row.seq} of ${row.writer} was written as another one of its rows.`,
  };
}

/** What a row tells of that the database holds. */
function toldBy(kind: string, body: Readonly<Record<string, unknown>>): Told[] {
  const { sha256 } = body as { sha256: string };
  switch (kind) {
    case "report":
      return [
        { of: "report", key: body["observedAt"] as number, sha256, time: body["observedAt"] as number },
      ];
    case "ticks":
      return (body["records"] as { number: number; time: number; sha256: string }[]).map((record) => ({
        of: "tick",
        key: record.number,
        sha256: record.sha256,
        time: record.time,
      }));
    case "intent":
    case "outcome":
      return [{ of: kind, key: body["transmission"] as number, sha256, time: Number.POSITIVE_INFINITY }];
    case "attempt":
      return [{ of: "attempt", key: body["hash"] as string, sha256, time: Number.POSITIVE_INFINITY }];
    default:
      return [];
  }
}

function contentFlaw(
  database: Database,
  row: AuditText,
  { of, key, sha256, time }: Told,
  now: KeptFrom,
): AuditBreak | null {
  const found = contentHash(database, of, key);
  if (found === sha256) return null;
  const old =
    of === "report"
      ? time < now.reports && time % FIXING_PERIOD !== 0
      : time < Math.floor(now.ticks / DAY) * DAY;
  if (found === null && old) return null;
  const what = found === null ? "is not there" : `hashes to ${found}`;
  return {
    writer: row.writer,
    seq: row.seq,
    flaw: "content",
    detail: `Row ${row.seq} of ${row.writer} tells of the ${of} ${String(key)} with hash ${sha256}; what the ledger holds ${what}.`,
  };
}

/** What only the end shows: rows that others have noted, more content than was told of, and times moved by hand. */
function endFlaw(
  database: Database,
  audit: AuditRows,
  { heads, counts, keptFrom }: AuditCursor,
  expected: readonly AuditHead[],
): AuditBreak | null {
  for (const { writer, seq, hash } of expected) {
    const found = audit.find(writer, seq);
    if (found.hash === hash) continue;
    const detail =
      found.hash === null
        ? `${writer} wrote a row ${seq} with hash ${hash}; the ledger ends at its row ${found.last}.`
        : `${writer} wrote a row ${seq} with hash ${hash}; the one in the ledger has ${found.hash}.`;
    return { writer, seq: Math.min(seq, found.last + 1), flaw: "truncated", detail };
  }
  const { writer, seq } = heads.at(-1) ?? { writer: "", seq: 0 };
  const unaudited = (detail: string): AuditBreak => ({
    writer,
    seq,
    flaw: "unaudited" satisfies AuditFlaw,
    detail,
  });
  for (const kind of CONTENT_KINDS) {
    const found = contentCount(database, kind);
    if (found !== counts[kind])
      return unaudited(
        `The audit rows tell of ${counts[kind]} rows of kind ${kind}; the ledger holds ${found}.`,
      );
  }
  const now = readKeptFrom(database);
  if (canonicalJson(now) === canonicalJson(keptFrom)) return null;
  return unaudited(
    `The audit rows say that everything is kept from ${canonicalJson(keptFrom)}; the ledger says ${canonicalJson(now)}.`,
  );
}
