import type { Catalog } from "../feeds/catalog.ts";
import type { ObservedFeed } from "../ledger/tick-record.ts";
import type { Market } from "../market/market.ts";
import type { Observation } from "../market/observer.ts";

/** What the own signer saw, with the reasons, until the tick's record is written. */
export class RecentObservations {
  readonly #feeds: number;
  readonly #byTime = new Map<number, readonly ObservedFeed[]>();

  constructor(catalog: Catalog) {
    this.#feeds = catalog.feeds.length;
  }

  /** Keeps an observation as it was made: newer quotes of the same tick change nothing here. */
  keep(observation: Observation, market: Pick<Market, "explain">): void {
    const feeds = Array.from({ length: this.#feeds }, (_, feed): ObservedFeed => {
      const { price, abstention, inputs } = market.explain(observation, feed);
      return { price, abstention, inputs };
    });
    this.#byTime.set(observation.tick, feeds);
  }

  /** Takes the observation of a tick; empty where the own signer made none. */
  take(time: number): readonly ObservedFeed[] {
    const found = this.#byTime.get(time) ?? [];
    this.#byTime.delete(time);
    return found;
  }

  /** Takes those of before `time` (Unix seconds) that nobody took: of ticks that came to no report. Ascending. */
  takeBefore(time: number): readonly { readonly time: number; readonly observed: readonly ObservedFeed[] }[] {
    const old = [...this.#byTime.keys()].filter((tick) => tick < time).sort((a, b) => a - b);
    return old.map((tick) => ({ time: tick, observed: this.take(tick) }));
  }
}
