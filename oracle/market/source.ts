import type { JsonSourceDefinition, SourceDefinition, VenueSourceDefinition } from "../feeds/catalog.ts";
import { CatalogError } from "../feeds/catalog-error.ts";
import { parsePair } from "../feeds/unit.ts";
import type { JsonValue } from "./json.ts";
import { readJsonQuotes } from "./json-quotes.ts";
import type { Provenance, Quote, Ticker, Trade } from "./quote.ts";
import type { Reading, Refusal } from "./read-error.ts";
import type { Endpoint, RateLimit, Venue } from "./venue.ts";

/** One endpoint, ready to be asked. */
export interface Source {
  readonly id: string;
  readonly venue: string;
  readonly url: string;
  readonly everySeconds: number;
  /** What the venue allows; sources of one venue share it. */
  readonly limit: RateLimit;
  /** How many of the limit's requests one request counts as. */
  readonly cost: number;
  /** @throws ReadError where the answer gives nothing at all */
  readonly read: (body: JsonValue, receipt: Receipt) => Reading<Quote>;
}

/** What is known of an answer besides its body. */
export interface Receipt {
  /** Unix milliseconds. */
  readonly receivedAt: number;
  readonly provenance: Provenance;
}

/** Where sources are really asked: other origins than the venues' own, by venue. For simulated venues. */
export type Origins = ReadonlyMap<string, string>;

/**
 * Makes a catalog's sources ready.
 * @throws CatalogError where a source asks one request for several pairs of a venue that cannot
 */
export function prepareSources(
  definitions: readonly SourceDefinition[],
  venues: readonly Venue[],
  origins: Origins = new Map(),
): readonly Source[] {
  return definitions.map((definition, i) => {
    if (definition.kind === "json") return jsonSource(definition, origins);
    const venue = venues.find(({ id }) => id === definition.venue);
    if (venue === undefined) {
      throw new CatalogError([
        { path: `sources[${i}].venue`, message: `no reader for "${definition.venue}"` },
      ]);
    }
    if (definition.pairs.length > 1 && !venue[definition.endpoint].many) {
      throw new CatalogError([
        {
          path: `sources[${i}].pairs`,
          message: `${venue.name} answers one pair a request; make a source of each of ${definition.pairs.join(", ")}`,
        },
      ]);
    }
    return venueSource(definition, venue, origins);
  });
}

function venueSource(definition: VenueSourceDefinition, venue: Venue, origins: Origins): Source {
  const symbols = new Map(
    definition.pairs.map((symbol) => [venue.code(parsePair(symbol) ?? { base: symbol, quote: "" }), symbol]),
  );
  const codes = [...symbols.keys()];
  const common = {
    id: definition.id,
    venue: venue.id,
    everySeconds: definition.everySeconds,
    limit: venue.limit,
  };
  const place = <T>(endpoint: Endpoint<T>) => ({
    url: (origins.get(venue.id) ?? venue.origin) + endpoint.path(codes),
    cost: endpoint.cost(codes.length),
  });
  const quoteFrom =
    ({ receivedAt, provenance }: Receipt) =>
    (ticker: Ticker): Quote => ({
      source: definition.id,
      venue: venue.id,
      symbol: symbols.get(ticker.code) ?? ticker.code,
      price: ticker.price,
      time: ticker.time ?? receivedAt,
      timeFrom: ticker.time === null ? "received" : "venue",
      provenance,
    });
  if (definition.endpoint === "trades") {
    return {
      ...common,
      ...place(venue.trades),
      read: (body, receipt) => {
        const reading = venue.trades.read(body, codes);
        const last = newestTrade(reading.items);
        const ticker =
          last && codes[0] !== undefined ? [{ code: codes[0], price: last.price, time: last.time }] : [];
        return { ...complete({ ...reading, items: ticker }, codes), items: ticker.map(quoteFrom(receipt)) };
      },
    };
  }
  return {
    ...common,
    ...place(venue.ticker),
    read: (body, receipt) => {
      const reading = complete(venue.ticker.read(body, codes), codes);
      return { ...reading, items: reading.items.map(quoteFrom(receipt)) };
    },
  };
}

function jsonSource(definition: JsonSourceDefinition, origins: Origins): Source {
  const { id, venue, everySeconds, requestsPerMinute } = definition;
  const url = new URL(definition.url);
  const origin = origins.get(venue);
  return {
    id,
    venue,
    everySeconds,
    url: origin === undefined ? definition.url : `${origin}${url.pathname}${url.search}`,
    limit: { requests: requestsPerMinute, perSeconds: 60, documented: true },
    cost: 1,
    read: (body, receipt) => readJsonQuotes(definition, body, receipt),
  };
}

/** The newest trade by time, then by number; the first of a list that is newest first where there are no numbers. */
export function newestTrade(trades: readonly Trade[]): Trade | undefined {
  return trades.reduce<Trade | undefined>(
    (best, trade) => (best && !isNewer(trade, best) ? best : trade),
    undefined,
  );
}

function isNewer(trade: Trade, than: Trade): boolean {
  if (trade.time !== than.time) return trade.time > than.time;
  if (trade.id === null || than.id === null) return false;
  return trade.id.length === than.id.length ? trade.id > than.id : trade.id.length > than.id.length;
}

/** A pair that was asked for and is not in the answer is a refusal like any other. */
function complete(reading: Reading<Ticker>, codes: readonly string[]): Reading<Ticker> {
  const heard = new Set([...reading.items, ...reading.refusals].map(({ code }) => code));
  const missing = codes
    .filter((code) => !heard.has(code))
    .map((code): Refusal => ({ code, message: "not in the answer" }));
  return { ...reading, refusals: [...reading.refusals, ...missing] };
}
