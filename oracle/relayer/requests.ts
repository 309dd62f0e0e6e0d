import type { PlannedPart } from "../ledger/decision/decide.ts";
import type { CatalogPlan } from "../report/catalog-plan.ts";
import { bundleOf, type FeedId, feedId, positionOf } from "../report/feed-id.ts";
import { LANES } from "../report/word.ts";

/** The feeds that an operator asked for and that are not on chain since. */
export class Requests {
  readonly #feeds = new Set<FeedId>();

  /** @throws RangeError for what is no feed id */
  add(feeds: Iterable<FeedId>): void {
    for (const feed of feeds) {
      bundleOf(feed);
      this.#feeds.add(feed);
    }
  }

  /** Their places in a catalog. */
  places(catalog: CatalogPlan): ReadonlySet<number> {
    const places = new Set<number>();
    let first = 0;
    for (const { bundle, feeds } of catalog.bundles) {
      for (let position = 0; this.#feeds.size > 0 && position < feeds; position++) {
        if (this.#feeds.has(feedId(bundle, position))) places.add(first + position);
      }
      first += feeds;
    }
    return places;
  }

  /** These parts are on chain: the feeds in words that were kept have what was asked for. */
  met(parts: readonly PlannedPart[]): void {
    const masks = new Map(parts.map(({ bundle, mask }) => [bundle, mask]));
    for (const feed of this.#feeds) {
      const word = Math.floor(positionOf(feed) / LANES);
      if ((((masks.get(bundleOf(feed)) ?? 0n) >> BigInt(1 + word)) & 1n) === 1n) this.#feeds.delete(feed);
    }
  }
}
