import type { Catalog } from "../feeds/catalog.ts";
import { type Explanation, Observer } from "./observer.ts";
import type { Provenance, Quote } from "./quote.ts";

/**
 * The whole of observing as one pure function: what a signer that heard these quotes says of every feed as of a tick,
 * and why. For replays, checks and tests; a running signer keeps an `Observer`.
 * @param quotes in the order in which they were heard
 * @param tick Unix seconds
 * @param provenance what the quotes are; quotes of another kind are left out
 * @returns one explanation per feed, in the order of the catalog
 */
export function observe(
  catalog: Catalog,
  quotes: readonly Quote[],
  tick: number,
  provenance: Provenance = "live",
): readonly Explanation[] {
  const observer = new Observer({ feeds: catalog.feeds, provenance });
  for (const quote of quotes) observer.accept([quote], quote.time);
  const observation = observer.observe(tick);
  return catalog.feeds.map((_, feed) => observer.explain(observation, feed));
}
