import { deflateSync, inflateSync } from "node:zlib";

import type { Provenance } from "../../market/quote.ts";
import { canonicalJson } from "../canonical-json.ts";
import { LedgerConflict, type StoredReport } from "../ledger.ts";
import { FIXING } from "../retention.ts";
import type { Database, Row } from "./database.ts";

/** The reports of one database. Prices are stored as 64-bit integers (little-endian), compressed. */
export class ReportRows {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Keeps a report, in the transaction around it.
   * @returns false where it is kept already
   * @throws LedgerConflict where another one is kept for its time
   */
  put(report: StoredReport): boolean {
    const { observedAt, epoch, root, provenance, prices, bundles, head } = report;
    const kept = this.at(observedAt);
    if (kept !== null) {
      const [before, now] = [essence(kept), essence(report)];
      if (before === now) return false;
      throw new LedgerConflict(
        `For ${observedAt} the ledger keeps the report ${kept.root}, and was handed ${root === kept.root ? "another report with that root" : root}. ` +
          "Two reports for one time must not exist: stop, and keep both for examination.",
      );
    }
    this.#database.run(
      "INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?)",
      observedAt,
      epoch,
      root,
      provenance,
      canonicalJson(bundles),
      deflateSync(new Uint8Array(prices.buffer, prices.byteOffset, prices.byteLength), { level: 1 }),
      head,
    );
    return true;
  }

  at(observedAt: number): StoredReport | null {
    return reportOf(this.#database.row("SELECT * FROM report WHERE observed_at = ?", observedAt));
  }

  newest(atOrBefore: number): StoredReport | null {
    const sql = "SELECT * FROM report WHERE observed_at <= ? ORDER BY observed_at DESC LIMIT 1";
    return reportOf(this.#database.row(sql, atOrBefore));
  }

  fixingTimes(from: number, to: number, limit: number): number[] {
    const sql = `SELECT observed_at FROM report WHERE ${FIXING} AND observed_at BETWEEN ? AND ? ORDER BY observed_at LIMIT ?`;
    return this.#database.rows(sql, from, to, limit).map((row) => Number(row["observed_at"]));
  }
}

/** What two reports for one time must agree in. Which members of the quorum signed may differ. */
function essence({ epoch, root, provenance, prices, bundles }: StoredReport): string {
  return canonicalJson([epoch, root, provenance, [...prices], bundles]);
}

function reportOf(row: Row | undefined): StoredReport | null {
  if (row === undefined) return null;
  const prices = new Uint8Array(inflateSync(row["prices"] as Uint8Array));
  return {
    observedAt: Number(row["observed_at"]),
    epoch: Number(row["epoch"]),
    root: String(row["root"]),
    provenance: row["provenance"] as Provenance,
    prices: new BigInt64Array(prices.buffer),
    bundles: JSON.parse(String(row["bundles"])) as number[],
    head: new Uint8Array(row["head"] as Uint8Array),
  };
}
