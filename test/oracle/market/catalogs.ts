import type { Catalog } from "../../../oracle/feeds/catalog.ts";
import { readCatalog } from "../../../oracle/feeds/read-catalog.ts";
import { VENUES } from "../../../oracle/market/venues/all.ts";

/** Ids of all venues that have readers. */
const VENUE_IDS = VENUES.map(({ id }) => id);

/** Four Japanese venues, and a bundle with BTC/JPY of them. */
export const BTC_JPY_FILE = {
  sources: ["bitflyer", "coincheck", "bitbank", "gmo"].map((venue) => ({
    kind: "venue",
    id: `${venue}-btc`,
    venue,
    pairs: ["BTC/JPY"],
  })),
  bundles: [
    {
      bundle: 1,
      feeds: [
        {
          symbol: "BTC/JPY",
          decimals: 0,
          method: {
            kind: "median",
            sources: ["bitflyer-btc", "coincheck-btc", "bitbank-btc", "gmo-btc"],
            minSources: 3,
            maxSpread: "2%",
          },
          maxInputAge: 60,
          tolerance: "0.5%",
          hardBand: "2%",
        },
      ],
    },
  ],
};

/** A checked catalog of a file. */
export function catalogOf(file: unknown): Catalog {
  return readCatalog(file, { venues: VENUE_IDS });
}
