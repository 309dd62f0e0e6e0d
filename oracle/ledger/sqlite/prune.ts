import type { Pruned } from "../ledger.ts";
import { DAY, keptFrom, ORDINARY, RETENTION } from "../retention.ts";
import type { Database } from "./database.ts";

/** The first second (Unix) of which everything is kept. */
export interface KeptFrom {
  readonly verdicts: number;
  readonly reports: number;
  readonly ticks: number;
}

export function readKeptFrom(database: Database): KeptFrom {
  const row = database.row("SELECT * FROM kept_from");
  return {
    verdicts: Number(row?.["verdicts"]),
    reports: Number(row?.["reports"]),
    ticks: Number(row?.["ticks"]),
  };
}

/**
 * Deletes what is older than it is kept, in the transaction around it. The times only go forward.
 * @param now Unix seconds
 */
export function prune(database: Database, now: number): Pruned {
  const before = readKeptFrom(database);
  const from: KeptFrom = {
    verdicts: Math.max(before.verdicts, keptFrom(now, RETENTION.verdicts)),
    reports: Math.max(before.reports, keptFrom(now, RETENTION.reports)),
    ticks: Math.max(before.ticks, keptFrom(now, RETENTION.tickRecords)),
  };
  database.run(
    "UPDATE kept_from SET verdicts = ?, reports = ?, ticks = ?",
    from.verdicts,
    from.reports,
    from.ticks,
  );
  const deleted = {
    verdicts: database.run("DELETE FROM verdict WHERE time < ?", from.verdicts).changes,
    reports: database.run(`DELETE FROM report WHERE observed_at < ? AND ${ORDINARY}`, from.reports).changes,
    tickRecords: database.run("DELETE FROM tick WHERE day < ?", from.ticks / DAY).changes,
  };
  return { keptFrom: from, deleted };
}
