import type { Catalog } from "../../feeds/catalog.ts";
import { readCatalog } from "../../feeds/read-catalog.ts";
import { VENUES } from "../../market/venues/all.ts";

const context = { venues: VENUES.map(({ id }) => id) };

/** What a laboratory prices, and how. */
export interface LabFeed {
  readonly symbol: string;
  readonly decimals: number;
  readonly venues: readonly string[];
  readonly minSources: number;
  /** As catalogs write it: `2%`. */
  readonly maxSpread: string;
  readonly tolerance: string;
  readonly hardBand: string;
  /** Seconds. */
  readonly maxInputAge: number;
  readonly everySeconds: number;
}

/** A catalog of one feed: the median of the venues. */
export function labCatalog(feed: LabFeed): Catalog {
  const { symbol, decimals, venues, minSources, maxSpread, tolerance, hardBand, maxInputAge, everySeconds } =
    feed;
  const sources = venues.map((venue) => ({
    kind: "venue",
    id: `${venue}-${symbol.toLowerCase().replace("/", "-")}`,
    venue,
    pairs: [symbol],
    everySeconds,
  }));
  const method = {
    kind: "median",
    sources: sources.map(({ id }) => id),
    minSources,
    maxSpread,
    ...(minSources < 3 ? { fewSources: "a rehearsal of what fewer sources do" } : {}),
  };
  const feeds = [{ symbol, decimals, method, maxInputAge, tolerance, hardBand }];
  return readCatalog({ sources, bundles: [{ bundle: 0, feeds }] }, context);
}
