import { z } from "zod";

import { type Decimal, formatDecimal, powerOfTen } from "../../decimal.ts";
import type { JsonValue } from "../json.ts";
import { ReadError } from "../read-error.ts";
import {
  amount,
  anything,
  entriesOf,
  type Entry,
  list,
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

const envelope = z.looseObject({ success: numberText, data: anything });
const failure = z.looseObject({ code: numberText });
const named = z.looseObject({ pair: text });

const ticker = z.looseObject({
  pair: unused,
  sell: amount(text).nullable(),
  buy: amount(text).nullable(),
  last: price(text),
  timestamp: time(numberText, "unix-milliseconds"),
  high: unused,
  low: unused,
  open: unused,
  vol: unused,
});

const transactions = z.looseObject({ transactions: list });

const transaction = z.looseObject({
  transaction_id: numberText,
  price: price(text),
  amount: amount(text),
  executed_at: time(numberText, "unix-milliseconds"),
  side: unused,
});

/** bitbank. Where the best sell is not above the best buy, it is not trading continuously, and `last` is old. */
export const bitbank: Venue = {
  id: "bitbank",
  name: "bitbank",
  origin: "https://public.bitbank.cc",
  limit: { requests: 10, perSeconds: 1, documented: false },
  code: ({ base, quote }) => `${base}_${quote}`.toLowerCase(),
  ticker: {
    cost: () => 1,
    many: true,
    path: (codes) => (codes.length === 1 ? `/${codes[0] ?? ""}/ticker` : "/tickers"),
    read: (body, codes) => {
      const data = open("bitbank ticker", body);
      const entries = codes.length === 1 ? entriesOf(codes, [data]) : byPair(data, codes);
      return readEntries(
        entries,
        ticker,
        (row, code) => ({ code, price: row.last, time: row.timestamp }),
        ({ sell, buy }) =>
          sell !== null && buy !== null && !isAbove(sell, buy)
            ? `sell ${formatDecimal(sell)} is not above buy ${formatDecimal(buy)}`
            : null,
      );
    },
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/${code}/transactions`,
    read: (body, codes) => {
      const data = readEnvelope("bitbank transactions", transactions, open("bitbank transactions", body));
      return readEntries(entriesOf(codes, data.transactions), transaction, (row) => ({
        id: row.transaction_id,
        price: row.price,
        size: row.amount,
        time: row.executed_at,
      }));
    },
  },
};

function open(what: string, body: JsonValue): JsonValue {
  const { success, data } = readEnvelope(what, envelope, body);
  if (success === "1") return data;
  const code = failure.safeParse(data);
  throw new ReadError(
    "venue-error",
    `${what}: success: expected 1, saw ${success} (code ${code.success ? code.data.code : saw(data)})`,
  );
}

function byPair(data: JsonValue, codes: readonly string[]): Entry[] {
  return readEnvelope("bitbank tickers", list, data).flatMap((value) => {
    const entry = named.safeParse(value);
    return entry.success && codes.includes(entry.data.pair) ? [{ code: entry.data.pair, value }] : [];
  });
}

function isAbove(a: Decimal, b: Decimal): boolean {
  return a.units * powerOfTen(b.scale) > b.units * powerOfTen(a.scale);
}
