import { z } from "zod";

import {
  amount,
  anything,
  entriesOf,
  list,
  numberOrText,
  numberText,
  price,
  readEntries,
  readEnvelope,
  refusing,
  time,
  unused,
} from "../schema.ts";
import type { Venue } from "../venue.ts";

const refuseFailure = refusing(
  z.looseObject({ result: z.literal(false), code: numberOrText.optional() }),
  ({ code = "none" }) => `result: false (code ${code})`,
);

const ticker = z.looseObject({
  last: price(numberText),
  high: unused,
  low: unused,
  buy: unused,
  sell: unused,
  vol: unused,
});

const order = z.looseObject({
  tid: numberOrText,
  price: price(numberText),
  amount: amount(numberText),
  date: time(numberOrText, "unix-seconds"),
  type: unused,
});

/** BTCBOX. Its ticker has no time and its JSON comes as `text/html`; its list of trades (`orders`) has the time. */
export const btcbox: Venue = {
  id: "btcbox",
  name: "BTCBOX",
  origin: "https://www.btcbox.co.jp",
  limit: { requests: 1, perSeconds: 1, documented: false },
  code: ({ base, quote }) => `${base}_${quote}`,
  ticker: {
    cost: () => 1,
    many: true,
    path: () => "/api/v1/tickers",
    read: (body, codes) => {
      refuseFailure("BTCBOX tickers", body);
      const pairs = readEnvelope("BTCBOX tickers", z.record(z.string(), anything), body);
      const entries = codes.flatMap((code) => {
        const value = pairs[code];
        return value === undefined ? [] : [{ code, value }];
      });
      return readEntries(entries, ticker, (row, code) => ({ code, price: row.last, time: null }));
    },
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/api/v1/orders?coin=${code.replace(/_.*/, "").toLowerCase()}`,
    read: (body, codes) => {
      refuseFailure("BTCBOX orders", body);
      return readEntries(entriesOf(codes, readEnvelope("BTCBOX orders", list, body)), order, (row) => ({
        id: row.tid,
        price: row.price,
        size: row.amount,
        time: row.date,
      }));
    },
  },
};
