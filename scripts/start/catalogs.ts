import { readCatalog } from "../../oracle/feeds/read-catalog.ts";
import { decimalsOf, maxInputAge } from "../../oracle/lab/world/ticks.ts";
import type { Catalog } from "../../oracle/feeds/catalog.ts";
import type { PriceFile } from "../../oracle/market/simulated/price-file.ts";
import { VENUES } from "../../oracle/market/venues/all.ts";

const context = { venues: VENUES.map(({ id }) => id) };

const venueSource = (venue: string, pairs: readonly string[], everySeconds: number) => ({
  kind: "venue",
  id: pairs.length === 1 ? `${venue}-${(pairs[0] ?? "").toLowerCase().replace("/", "-")}` : venue,
  venue,
  pairs,
  everySeconds,
});

/** Bitcoin and ether in yen from four Tokyo venues, and ether in bitcoin worked out from these: simulated or real. */
export function tokyoCatalog(everySeconds: number): Catalog {
  const pairs = ["BTC/JPY", "ETH/JPY"];
  const single = ["bitflyer", "coincheck"]; // they answer for one pair a request
  const median = (pair: string) => ({
    kind: "median",
    sources: [...single.map((venue) => venueSource(venue, [pair], 1).id), "bitbank", "gmo"],
    minSources: 3,
    maxSpread: "2%",
  });
  const feed = (symbol: string, decimals: number, method: object) => ({
    symbol,
    decimals,
    method,
    maxInputAge: 60,
    tolerance: "0.5%",
    hardBand: "2%",
  });
  return readCatalog(
    {
      sources: [
        ...single.flatMap((venue) => pairs.map((pair) => venueSource(venue, [pair], everySeconds))),
        ...["bitbank", "gmo"].map((venue) => venueSource(venue, pairs, everySeconds)),
      ],
      bundles: [
        {
          bundle: 0,
          feeds: [
            feed("BTC/JPY", 0, median("BTC/JPY")),
            feed("ETH/JPY", 0, median("ETH/JPY")),
            feed("ETH/BTC", 8, { kind: "ratio", of: ["ETH/JPY", "BTC/JPY"] }),
          ],
        },
      ],
    },
    context,
  );
}

/** The venues of a replay: all of them say what the file says. */
export const REPLAY_VENUES = ["bitflyer", "coincheck", "bitbank"] as const;

/**
 * One feed: what the file has prices of, at the file's own digits as far as a price has room for them. It is not called anything else: BTC/USDT is not
 * BTC/USD.
 * @param tick seconds from tick to tick
 */
export function replayCatalog(file: PriceFile, tick: number): Catalog {
  const sources = REPLAY_VENUES.map((venue) => venueSource(venue, [file.symbol], Math.min(tick, 86_400)));
  return readCatalog(
    {
      sources,
      bundles: [
        {
          bundle: 0,
          feeds: [
            {
              symbol: file.symbol,
              decimals: decimalsOf(file),
              method: {
                kind: "median",
                sources: sources.map(({ id }) => id),
                minSources: 3,
                maxSpread: "2%",
              },
              maxInputAge: maxInputAge(file),
              tolerance: "0.5%",
              hardBand: "2%",
            },
          ],
        },
      ],
    },
    context,
  );
}
