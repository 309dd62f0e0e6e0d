import type { SourceReport } from "../market/market.ts";
import type { LocalMember } from "./quorum.ts";

/**
 * Tells of sources what a person should know, each thing once: that one fails, with why; that it is back; that its answers
 * have fields which its reader does not know. A maintenance window is nothing to tell of.
 * @param tell handed what is to be said
 */
export function sourceTeller(
  tell: (facts: Readonly<Record<string, unknown>>) => void,
): (report: SourceReport, member: Pick<LocalMember, "name">) => void {
  /** Why each source fails, by signer and source. */
  const failing = new Map<string, string>();
  return (report, { name }) => {
    const { source, kind } = report;
    const key = `${name} ${source}`;
    if (kind === "failed") {
      if (report.expected || failing.get(key) === report.problem) return;
      failing.set(key, report.problem);
      tell({ of: name, source, problem: report.problem, message: report.message });
    } else if (kind === "quotes") {
      if (failing.delete(key)) tell({ of: name, source, message: "answers again" });
      if (report.newFields.length === 0) return;
      const message = `has fields that its reader does not know and does not use; if one of them changes what the others mean, the reader must learn it`;
      tell({ of: name, source, newFields: report.newFields, message });
    }
  };
}
