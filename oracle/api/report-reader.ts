import type { StoredReport } from "../ledger/ledger.ts";
import type { CatalogPlan } from "../report/catalog-plan.ts";
import { concat } from "../report/bytes.ts";
import { bundleOf, type FeedId, positionOf } from "../report/feed-id.ts";
import { wholeMask } from "../report/mask.ts";
import { encodePart } from "../report/part.ts";
import { reportPart } from "../report/report.ts";
import { proveAbsent, reportTree, type ReportTree } from "../report/report-tree.ts";
import { PERIOD } from "../report/verify.ts";
import { laneOf, packWords, WORD_BYTES } from "../report/word.ts";
import { apiError } from "./api-error.ts";
import { moment } from "./write.ts";

/** A kept report, hashed again: whatever is taken from it is what was signed. */
export interface ReadReport {
  readonly stored: StoredReport;
  readonly tree: ReportTree;
}

/** Trees that are kept, so that asking for one report again and again costs one hashing. */
const KEPT = 16;

/** Hashes reports again, remembering the last few. */
export class ReportReader {
  readonly #trees = new Map<string, ReportTree>();

  /** @throws ApiError CONTRADICTION where its prices do not give its root */
  read(stored: StoredReport, plan: CatalogPlan): ReadReport {
    const key = `${stored.epoch} ${stored.root}`;
    const tree = this.#trees.get(key) ?? this.#hash(stored, plan);
    this.#trees.delete(key);
    this.#trees.set(key, tree);
    const [oldest] = this.#trees.keys();
    if (this.#trees.size > KEPT && oldest !== undefined) this.#trees.delete(oldest);
    return { stored, tree };
  }

  #hash(stored: StoredReport, plan: CatalogPlan): ReportTree {
    const words = new Map<number, Uint8Array>();
    let from = 0;
    for (const { bundle, feeds } of plan.bundles) {
      if (stored.bundles.includes(bundle)) {
        words.set(bundle, packWords(stored.prices.subarray(from, from + feeds)));
      }
      from += feeds;
    }
    const tree = reportTree(plan, words);
    const root = Buffer.from(tree.root).toString("hex");
    if (root !== stored.root) {
      throw apiError("CONTRADICTION", {
        what: `The root of ${moment(stored.observedAt).iso}`,
        one: `0x${root}`,
        here: "by its prices",
        other: `0x${stored.root}`,
        there: "as it was signed",
      });
    }
    return tree;
  }
}

/** One bundle's part, all of whose words are kept as latest, and as fixings where the time is one. */
export function partOf({ stored, tree }: ReadReport, bundle: number) {
  const words = (tree.words[tree.plan.places.get(bundle) ?? -1]?.length ?? 0) / WORD_BYTES;
  return reportPart(tree, bundle, wholeMask(words, stored.observedAt % PERIOD === 0));
}

/** The bytes of a part, for `recordFixing` and `proveFixing`; null where the report leaves the bundle out. */
export function partBytes(report: ReadReport, bundle: number): Uint8Array | null {
  return report.stored.bundles.includes(bundle) ? encodePart(partOf(report, bundle)) : null;
}

/** The siblings for `proveAbsent`; null where the report holds the bundle, or its epoch did not have it. */
export function absenceOf({ stored, tree }: ReadReport, bundle: number): readonly Uint8Array[] | null {
  if (stored.bundles.includes(bundle) || !tree.plan.places.has(bundle)) return null;
  return proveAbsent(tree, bundle);
}

/**
 * A signed report with these bundles, as anyone may bring it to a chain.
 * @param bundles ascending, each once and under the root
 */
export function reportBytes(report: ReadReport, bundles: readonly number[]): Uint8Array {
  return concat([report.stored.head, ...bundles.map((bundle) => encodePart(partOf(report, bundle)))]);
}

/** The price of a feed as it was signed; undefined where the report leaves its bundle out, or its epoch did not have it. */
export function priceIn({ tree }: ReadReport, feed: FeedId): bigint | undefined {
  const place = tree.plan.places.get(bundleOf(feed));
  const words = place === undefined ? undefined : tree.words[place];
  return words && laneOf(words, positionOf(feed));
}
