import type { Catalog } from "../../feeds/catalog.ts";
import { readCatalog } from "../../feeds/read-catalog.ts";
import type { Quote } from "../../market/quote.ts";

/** The venues of a study: in basis points, how far each is from the true price while all are honest. */
export type VenueOffsets = readonly number[];

/** What one feed of several venues is held to. */
export interface VenueRules {
  readonly symbol: string;
  readonly decimals: number;
  readonly minSources: number;
  /** Such as `2%`. */
  readonly maxSpread: string;
  /** Seconds. */
  readonly maxInputAge: number;
}

/** How a study's median feed is set up where nothing else is said. */
export const STANDARD_RULES: Omit<VenueRules, "symbol" | "decimals"> = {
  minSources: 3,
  maxSpread: "2%",
  maxInputAge: 60,
};

/** A real catalog of one median feed, read by `readCatalog`, with a source for each venue. */
export function venueCatalog(count: number, rules: VenueRules): Catalog {
  const ids = Array.from({ length: count }, (_, i) => venueId(i));
  const { symbol, decimals, minSources, maxSpread, maxInputAge } = rules;
  return readCatalog(
    {
      sources: ids.map((id) => ({ kind: "venue", id, venue: id, pairs: [symbol] })),
      bundles: [
        {
          bundle: 0,
          feeds: [
            {
              symbol,
              decimals,
              method: { kind: "median", sources: ids, minSources, maxSpread },
              maxInputAge,
              tolerance: "0.5%",
              hardBand: "2%",
            },
          ],
        },
      ],
    },
    { venues: ids },
  );
}

export function venueId(place: number): string {
  return `venue-${place + 1}`;
}

/** What each venue says at a time, in the order of the venues: the truth, shifted by its offset and rounded down. */
export function honestPrices(truth: bigint, offsets: VenueOffsets): readonly bigint[] {
  return offsets.map((offset) => truth + (truth * BigInt(Math.round(offset * 100))) / 1_000_000n);
}

/** A venue's quote. @param time Unix milliseconds */
export function quoteOf(place: number, rules: VenueRules, units: bigint, time: number): Quote {
  return {
    source: venueId(place),
    venue: venueId(place),
    symbol: rules.symbol,
    price: { units, scale: rules.decimals },
    time,
    timeFrom: "venue",
    provenance: "simulated",
  };
}
