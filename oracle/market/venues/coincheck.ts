import { z } from "zod";

import { ReadError } from "../read-error.ts";
import {
  amount,
  entriesOf,
  list,
  numberOrText,
  numberText,
  price,
  readEntries,
  readEnvelope,
  saw,
  text,
  time,
  unused,
} from "../schema.ts";
import type { Venue } from "../venue.ts";

const ticker = z.looseObject({
  last: price(numberText),
  timestamp: time(numberText, "unix-seconds"),
  bid: unused,
  ask: unused,
  high: unused,
  low: unused,
  volume: unused,
});

const tradesEnvelope = z.looseObject({ success: z.unknown(), data: list.optional() });

const trade = z.looseObject({
  id: numberText,
  rate: price(numberOrText),
  amount: amount(numberOrText),
  pair: text,
  created_at: time(text, "iso"),
  order_type: unused,
});

/** Coincheck. Its ticker does not repeat the pair that was asked for, and its time has whole seconds. */
export const coincheck: Venue = {
  id: "coincheck",
  name: "Coincheck",
  origin: "https://coincheck.com",
  limit: { requests: 1, perSeconds: 1, documented: false },
  code: ({ base, quote }) => `${base}_${quote}`.toLowerCase(),
  ticker: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/api/ticker?pair=${code}`,
    read: (body, codes) =>
      readEntries(entriesOf(codes, [body]), ticker, (data, code) => ({
        code,
        price: data.last,
        time: data.timestamp,
      })),
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/api/trades?pair=${code}&limit=100&order=desc`,
    read: (body, codes) => {
      const { success, data } = readEnvelope("Coincheck trades", tradesEnvelope, body);
      if (success !== true || data === undefined) {
        throw new ReadError("venue-error", `Coincheck trades: success: expected true, saw ${saw(success)}`);
      }
      return readEntries(
        entriesOf(codes, data),
        trade,
        (row) => ({ id: row.id, price: row.rate, size: row.amount, time: row.created_at }),
        (row, code) => (row.pair === code ? null : `pair: expected ${code}, saw ${row.pair}`),
      );
    },
  },
};
