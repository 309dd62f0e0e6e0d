import { hash } from "node:crypto";

import { canonicalJson } from "../canonical-json.ts";
import type { Cell, Database } from "./database.ts";

/** What an audit row can tell of: for each, the cells that never change once they are written, and how many there are. */
const CONTENTS = {
  report: {
    sql: "SELECT * FROM report WHERE observed_at = ?",
    count: "SELECT count(*) AS count FROM report",
  },
  tick: { sql: "SELECT * FROM tick WHERE number = ?", count: "SELECT count(*) AS count FROM tick" },
  intent: {
    sql: `SELECT id, chain_id, sender, nonce, recipient, observed_at, root, fixing, bundles, reasons, data, opened_at
      FROM transmission WHERE id = ?`,
    count: "SELECT count(*) AS count FROM transmission",
  },
  attempt: { sql: "SELECT * FROM attempt WHERE hash = ?", count: "SELECT count(*) AS count FROM attempt" },
  outcome: {
    sql: "SELECT id, ended, outcome FROM transmission WHERE id = ? AND ended IS NOT NULL",
    count: "SELECT count(*) AS count FROM transmission WHERE ended IS NOT NULL",
  },
} as const;

export type ContentKind = keyof typeof CONTENTS;
export const CONTENT_KINDS = Object.keys(CONTENTS) as readonly ContentKind[];

/** SHA-256 over the canonical JSON of a stored row; null where there is none. */
export function contentHash(database: Database, kind: ContentKind, key: Cell): string | null {
  const row = database.row(CONTENTS[kind].sql, key);
  return row === undefined ? null : hash("sha256", canonicalJson({ ...row }));
}

export function contentCount(database: Database, kind: ContentKind): number {
  return Number(database.row(CONTENTS[kind].count)?.["count"]);
}
