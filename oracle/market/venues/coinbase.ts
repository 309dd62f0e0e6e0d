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

const refuseFailure = refusing(z.looseObject({ message: text }), ({ message }) => message.slice(0, 100));

const ticker = z.looseObject({
  price: price(text),
  time: time(text, "iso"),
  trade_id: unused,
  size: unused,
  bid: unused,
  ask: unused,
  volume: unused,
  rfq_volume: unused,
  conversions_volume: unused,
});

const trade = z.looseObject({
  trade_id: numberText,
  price: price(text),
  size: amount(text),
  time: time(text, "iso"),
  side: unused,
});

/** Coinbase Exchange. Its ticker is its last trade: `time` is that trade's, so it ages honestly. */
export const coinbase: Venue = {
  id: "coinbase",
  name: "Coinbase Exchange",
  origin: "https://api.exchange.coinbase.com",
  limit: { requests: 10, perSeconds: 1, documented: true },
  code: ({ base, quote }) => `${base}-${quote}`,
  ticker: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/products/${code}/ticker`,
    read: (body, codes) => {
      refuseFailure("Coinbase ticker", body);
      return readEntries(entriesOf(codes, [body]), ticker, (row, code) => ({
        code,
        price: row.price,
        time: row.time,
      }));
    },
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/products/${code}/trades?limit=100`,
    read: (body, codes) => {
      refuseFailure("Coinbase trades", body);
      return readEntries(entriesOf(codes, readEnvelope("Coinbase trades", list, body)), trade, (row) => ({
        id: row.trade_id,
        price: row.price,
        size: row.size,
        time: row.time,
      }));
    },
  },
};
