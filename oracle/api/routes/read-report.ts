import type { StoredReport } from "../../ledger/ledger.ts";
import { apiError } from "../api-error.ts";
import type { ReadReport } from "../report-reader.ts";
import type { ApiContext } from "../server.ts";
import { moment } from "../write.ts";

/**
 * Reads a kept report.
 * @throws ApiError CONTRADICTION where its prices are not of this instance's provenance, or not those of its root
 */
export function readReport({ view, reader }: ApiContext, stored: StoredReport): ReadReport {
  if (stored.provenance !== view.provenance) {
    throw apiError("CONTRADICTION", {
      what: `The provenance of the report of ${moment(stored.observedAt).iso}`,
      one: stored.provenance,
      here: "in the ledger",
      other: view.provenance,
      there: "in this instance",
    });
  }
  return reader.read(stored, view.plan(stored.epoch));
}
