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

const refuseFailure = refusing(z.looseObject({ error: text }), ({ error }) => error.slice(0, 100));

const ticker = z.looseObject({
  last: price(numberText),
  high: unused,
  low: unused,
  vwap: unused,
  volume: unused,
  bid: unused,
  ask: unused,
});

const trade = z.looseObject({
  tid: numberText,
  price: price(numberText),
  amount: amount(numberText),
  date: time(numberText, "unix-seconds"),
  currency_pair: text,
  trade_type: unused,
});

/** Zaif. Its ticker names neither its time nor its pair; its list of trades has both. */
export const zaif: Venue = {
  id: "zaif",
  name: "Zaif",
  origin: "https://api.zaif.jp",
  limit: { requests: 10, perSeconds: 1, documented: true },
  code: ({ base, quote }) => `${base}_${quote}`.toLowerCase(),
  ticker: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/api/1/ticker/${code}`,
    read: (body, codes) => {
      refuseFailure("Zaif ticker", body);
      return readEntries(entriesOf(codes, [body]), ticker, (row, code) => ({
        code,
        price: row.last,
        time: null,
      }));
    },
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/api/1/trades/${code}`,
    read: (body, codes) => {
      refuseFailure("Zaif trades", body);
      return readEntries(
        entriesOf(codes, readEnvelope("Zaif trades", list, body)),
        trade,
        (row) => ({ id: row.tid, price: row.price, size: row.amount, time: row.date }),
        (row, code) =>
          row.currency_pair === code ? null : `currency_pair: expected ${code}, saw ${row.currency_pair}`,
      );
    },
  },
};
