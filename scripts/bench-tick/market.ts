import type { Decimal } from "../../oracle/decimal.ts";
import type { Catalog } from "../../oracle/feeds/catalog.ts";
import { readCatalog } from "../../oracle/feeds/read-catalog.ts";
import type { Quote } from "../../oracle/market/quote.ts";
import { Random } from "../../oracle/market/simulated/random.ts";

/** Venues of every feed. */
export const VENUES = 7;
export const FEEDS_PER_BUNDLE = 100;

const DECIMALS = 6;
/** The market goes up and down between so many states, each this much (millionths) from the one before. */
const STATES = 4;
const STEP = 20_000;
/** Venues are up to this far from the price, in millionths. */
const DISAGREEMENT = 1_000;

/** A market of so many feeds of seven venues. */
export interface Market {
  readonly catalog: Catalog;
  /** What every venue says at a state: by state, then by feed, then by venue, at the feed's decimals. */
  readonly units: readonly (readonly (readonly bigint[])[])[];
  /**
   * New quotes, as readers hand them over: venue by venue.
   * @param feeds which feeds have something new
   * @param state the state of the market; it goes round
   * @param time the venues' time, Unix milliseconds
   */
  readonly quotes: (feeds: readonly number[], state: number, time: number) => readonly Quote[];
}

/**
 * The same market for the same size.
 * @param feeds a multiple of `FEEDS_PER_BUNDLE`
 * @throws RangeError for another number
 */
export function benchMarket(feeds: number): Market {
  if (!(feeds > 0 && feeds % FEEDS_PER_BUNDLE === 0))
    throw new RangeError(`${feeds} feeds are not whole bundles of ${FEEDS_PER_BUNDLE}`);
  const symbols = Array.from({ length: feeds }, (_, f) => `F${f}/JPY`);
  const ids = Array.from({ length: VENUES }, (_, v) => `venue-${v}`);
  const catalog = catalogOf(symbols, ids);
  const random = new Random(feeds);
  const units = Array.from({ length: STATES }, (_, state) =>
    symbols.map((_, f) => {
      const price = BigInt(f + 1) * 1_234_567_891n;
      const moved = price + (price * BigInt(STEP * Math.min(state, STATES - state))) / 1_000_000n;
      return ids.map(() => moved + (moved * BigInt(random.around(DISAGREEMENT))) / 1_000_000n);
    }),
  );
  const decimals = units.map((feedsOf) =>
    feedsOf.map((venues) => venues.map((price): Decimal => ({ units: price, scale: DECIMALS }))),
  );
  const quotes: Market["quotes"] = (changed, state, time) => {
    const prices = decimals[state % STATES] ?? [];
    return ids.flatMap((id, v) =>
      changed.map((f): Quote => {
        const price = prices[f]?.[v];
        const symbol = symbols[f];
        if (price === undefined || symbol === undefined) throw new RangeError(`no feed ${f} of ${feeds}`);
        return { source: id, venue: id, symbol, price, time, timeFrom: "venue", provenance: "simulated" };
      }),
    );
  };
  return { catalog, units, quotes };
}

function catalogOf(symbols: readonly string[], ids: readonly string[]): Catalog {
  const feeds = symbols.map((symbol) => ({
    symbol,
    decimals: DECIMALS,
    method: { kind: "median", sources: ids, minSources: 3, maxSpread: "2%" },
    maxInputAge: 3600,
    tolerance: "0.5%",
    hardBand: "2%",
  }));
  const sources = ids.map((id) => ({
    kind: "json",
    id,
    venue: id,
    url: `http://127.0.0.1/${id}`,
    requestsPerMinute: 60,
    quotes: symbols.map((symbol, f) => ({ symbol, price: `/${f}` })),
  }));
  const bundles = Array.from({ length: feeds.length / FEEDS_PER_BUNDLE }, (_, bundle) => ({
    bundle,
    feeds: feeds.slice(bundle * FEEDS_PER_BUNDLE, (bundle + 1) * FEEDS_PER_BUNDLE),
  }));
  return readCatalog({ sources, bundles }, { venues: [] });
}
