import { z } from "zod";

import {
  amount,
  entriesOf,
  list,
  numberText,
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
  z.looseObject({ code: numberText, msg: text }),
  ({ code, msg }) => `${code} ${msg.slice(0, 100)}`,
);
const named = z.looseObject({ symbol: text });

const ticker = z.looseObject({
  symbol: text,
  lastPrice: price(text),
  closeTime: time(numberText, "unix-milliseconds"),
  openPrice: unused,
  highPrice: unused,
  lowPrice: unused,
  volume: unused,
  quoteVolume: unused,
  openTime: unused,
  firstId: unused,
  lastId: unused,
  count: unused,
});

const trade = z.looseObject({
  id: numberText,
  price: price(text),
  qty: amount(text),
  time: time(numberText, "unix-milliseconds"),
  quoteQty: unused,
  isBuyerMaker: unused,
  isBestMatch: unused,
});

/** Binance. Costs are in its own request weight; `closeTime` is the end of the 24 hours it reports on. */
export const binance: Venue = {
  id: "binance",
  name: "Binance",
  origin: "https://api.binance.com",
  limit: { requests: 6000, perSeconds: 60, documented: true },
  code: ({ base, quote }) => `${base}${quote}`,
  ticker: {
    cost: (pairs) => (pairs <= 20 ? 2 : pairs <= 100 ? 40 : 80),
    many: true,
    path: (codes) => `/api/v3/ticker/24hr?type=MINI&symbols=${encodeURIComponent(JSON.stringify(codes))}`,
    read: (body, codes) => {
      refuseFailure("Binance ticker", body);
      const entries = readEnvelope("Binance ticker", list, body).flatMap((value) => {
        const row = named.safeParse(value);
        return row.success && codes.includes(row.data.symbol) ? [{ code: row.data.symbol, value }] : [];
      });
      return readEntries(entries, ticker, (row, code) => ({
        code,
        price: row.lastPrice,
        time: row.closeTime,
      }));
    },
  },
  trades: {
    cost: () => 25,
    many: false,
    path: ([code = ""]) => `/api/v3/trades?symbol=${code}&limit=100`,
    read: (body, codes) => {
      refuseFailure("Binance trades", body);
      return readEntries(entriesOf(codes, readEnvelope("Binance trades", list, body)), trade, (row) => ({
        id: row.id,
        price: row.price,
        size: row.qty,
        time: row.time,
      }));
    },
  },
};
