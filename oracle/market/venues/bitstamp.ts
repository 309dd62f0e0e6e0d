import { z } from "zod";

import type { JsonValue } from "../json.ts";
import {
  amount,
  entriesOf,
  type Entry,
  list,
  price,
  readEntries,
  readEnvelope,
  refusing,
  text,
  time,
  unused,
} from "../schema.ts";
import type { Venue } from "../venue.ts";

const refuseFailure = refusing(
  z.looseObject({ status: z.literal("error"), reason: z.unknown(), code: z.unknown() }),
  ({ reason, code }) => JSON.stringify(reason ?? code).slice(0, 100),
);
const named = z.looseObject({ pair: text });

const ticker = z.looseObject({
  pair: unused,
  last: price(text),
  timestamp: time(text, "unix-seconds"),
  open: unused,
  high: unused,
  low: unused,
  volume: unused,
  vwap: unused,
  bid: unused,
  ask: unused,
  side: unused,
  open_24: unused,
  percent_change_24: unused,
  market_type: unused,
});

const trade = z.looseObject({
  tid: text,
  price: price(text),
  amount: amount(text),
  date: time(text, "unix-seconds"),
  type: unused,
});

/** Bitstamp. Paths end with a slash: without it the answer is a redirect, which we do not follow. */
export const bitstamp: Venue = {
  id: "bitstamp",
  name: "Bitstamp",
  origin: "https://www.bitstamp.net",
  limit: { requests: 10_000, perSeconds: 600, documented: true },
  code: ({ base, quote }) => `${base}${quote}`.toLowerCase(),
  ticker: {
    cost: () => 1,
    many: true,
    path: (codes) => (codes.length === 1 ? `/api/v2/ticker/${codes[0] ?? ""}/` : "/api/v2/ticker/"),
    read: (body, codes) => {
      refuseFailure("Bitstamp ticker", body);
      const entries = codes.length === 1 ? entriesOf(codes, [body]) : byPair(body, codes);
      return readEntries(entries, ticker, (row, code) => ({ code, price: row.last, time: row.timestamp }));
    },
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/api/v2/transactions/${code}/?time=minute`,
    read: (body, codes) => {
      refuseFailure("Bitstamp transactions", body);
      return readEntries(
        entriesOf(codes, readEnvelope("Bitstamp transactions", list, body)),
        trade,
        (row) => ({
          id: row.tid,
          price: row.price,
          size: row.amount,
          time: row.date,
        }),
      );
    },
  },
};

function byPair(body: JsonValue, codes: readonly string[]): Entry[] {
  return readEnvelope("Bitstamp ticker", list, body).flatMap((value) => {
    const row = named.safeParse(value);
    const code = row.success ? row.data.pair.replace("/", "").toLowerCase() : "";
    return codes.includes(code) ? [{ code, value }] : [];
  });
}
