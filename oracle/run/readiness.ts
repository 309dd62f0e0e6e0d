import type { ReadinessCheck } from "../api/oracle-view.ts";
import { isOpen } from "../feeds/calendar.ts";
import type { Catalog } from "../feeds/catalog.ts";
import type { SourceReport } from "../market/market.ts";
import type { Observation } from "../market/observer.ts";
import type { PageReason } from "../relayer/relay-error.ts";
import { NO_PRICE } from "../report/word.ts";
import { RELAYER_PAGES } from "./page-text.ts";

/** What the checks look at. Times are Unix seconds. */
export interface ReadinessFacts {
  readonly now: number;
  /** Seconds from tick to tick. */
  readonly tick: number;
  readonly newestReport: number | null;
  readonly observation: Observation | undefined;
  readonly sources: ReadonlyMap<string, SourceReport>;
  /** The newest block's time, or why it is not known. */
  readonly head: { readonly time: number } | { readonly problem: string };
  /** What people should look at, by reason: messages of pages that are not over. */
  readonly pages: ReadonlyMap<PageReason, string>;
  /** Why the ledger cannot be written; undefined where it can. */
  readonly ledgerProblem: string | undefined;
}

/** Reports this many ticks old, or a minute old, are late. */
const LATE_TICKS = 3;
/** A chain whose newest block is this old has stopped, in seconds. */
const OLD_HEAD = 120;

/**
 * Pages whose message repeats what KMS said, which names keys, accounts and roles, or an error that nobody has foreseen. Anybody
 * may ask for these checks, so they have the page's own words; the message is in the log and the ledger.
 */
const WITHHELD: ReadonlySet<PageReason> = new Set(["kms", "fault"]);

/** What must be so before this instance is of use, each with the numbers that say so. */
export function readinessChecks(catalog: Catalog, facts: ReadinessFacts): readonly ReadinessCheck[] {
  return [signers(facts), market(catalog, facts), chain(facts), relayer(facts), ledger(facts)];
}

function signers({ now, tick, newestReport }: ReadinessFacts): ReadinessCheck {
  const most = Math.max(LATE_TICKS * tick, 60);
  if (newestReport === null) return { name: "signers", ok: false, reason: "no report has been agreed yet" };
  const age = now - newestReport;
  return {
    name: "signers",
    ok: age <= most,
    reason: `the newest report is ${age} s old; ready up to ${most} s`,
  };
}

/** Of a closed market nobody expects a price: its bundle is left out of the report. */
function market({ bundles, feeds }: Catalog, { observation, sources }: ReadinessFacts): ReadinessCheck {
  const failing = [...sources.values()].flatMap((report) =>
    report.kind === "failed" && !report.expected ? [report.message] : [],
  );
  const tail = failing.length === 0 ? "" : `; ${failing.join("; ")}`;
  if (observation === undefined)
    return { name: "market", ok: false, reason: `nothing has been observed yet${tail}` };
  const open = bundles.flatMap(({ calendar, feeds: own }) =>
    own.map(() => isOpen(calendar, observation.tick)),
  );
  const expected = open.filter(Boolean).length;
  const priced = open.filter((is, feed) => is && (observation.prices[feed] ?? NO_PRICE) !== NO_PRICE).length;
  const closed = feeds.length - expected;
  return {
    name: "market",
    ok: priced === expected,
    reason: `${priced} of ${expected} feeds have a price${closed === 0 ? "" : `; ${closed} closed by calendar`}${tail}`,
  };
}

function chain({ now, head }: ReadinessFacts): ReadinessCheck {
  if ("problem" in head) return { name: "chain", ok: false, reason: head.problem };
  const age = now - head.time;
  return {
    name: "chain",
    ok: age <= OLD_HEAD,
    reason: `the newest block is ${age} s old; ready up to ${OLD_HEAD} s`,
  };
}

function relayer({ pages }: ReadinessFacts): ReadinessCheck {
  const messages = [...pages].map(([reason, message]) =>
    WITHHELD.has(reason) ? RELAYER_PAGES[reason].en : message,
  );
  return {
    name: "relayer",
    ok: messages.length === 0,
    reason: messages.length === 0 ? "nothing stands in its way" : messages.join(" "),
  };
}

function ledger({ ledgerProblem }: ReadinessFacts): ReadinessCheck {
  return {
    name: "ledger",
    ok: ledgerProblem === undefined,
    reason: ledgerProblem ?? "everything is on disk",
  };
}
