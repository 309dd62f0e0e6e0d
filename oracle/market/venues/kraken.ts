import { z } from "zod";

import type { Pair } from "../../feeds/unit.ts";
import type { JsonValue } from "../json.ts";
import { ReadError } from "../read-error.ts";
import {
  amount,
  anything,
  type Entry,
  list,
  numberText,
  price,
  readEntries,
  readEnvelope,
  text,
  time,
  unused,
} from "../schema.ts";
import type { Venue } from "../venue.ts";

const envelope = z.looseObject({ error: z.array(text), result: z.record(z.string(), anything).optional() });

const ticker = z.looseObject({
  c: z
    .array(anything)
    .transform(([last]) => last)
    .pipe(price(text)),
  a: unused,
  b: unused,
  v: unused,
  p: unused,
  t: unused,
  l: unused,
  h: unused,
  o: unused,
});

/** Rows are lists; since 2022 the seventh value is the trade's number. */
const trade = z.looseObject({
  0: price(text),
  1: amount(text),
  2: time(numberText, "unix-seconds"),
  6: numberText.optional(),
  3: unused,
  4: unused,
  5: unused,
});

const OLD_ASSETS = ["XBT", "ETH", "ETC", "LTC", "XRP", "XLM", "XMR", "ZEC", "MLN", "REP"];
const OLD_MONEY = ["USD", "EUR", "JPY", "GBP", "CAD"];

/** Kraken. Its ticker has no time; its trades have it to the tenth of a millisecond. */
export const kraken: Venue = {
  id: "kraken",
  name: "Kraken",
  origin: "https://api.kraken.com",
  limit: { requests: 1, perSeconds: 1, documented: true },
  code: krakenCode,
  ticker: {
    cost: () => 1,
    many: true,
    path: (codes) => `/0/public/Ticker?pair=${codes.join(",")}`,
    read: (body, codes) =>
      readEntries(entries(open("Kraken Ticker", body), codes), ticker, (row, code) => ({
        code,
        price: row.c,
        time: null,
      })),
  },
  trades: {
    cost: () => 1,
    many: false,
    path: ([code = ""]) => `/0/public/Trades?pair=${code}&count=100`,
    read: (body, codes) => {
      const rows = entries(open("Kraken Trades", body), codes).flatMap(({ code, value }) =>
        readEnvelope("Kraken Trades", list, value).map((row) => ({ code, value: asObject(row) })),
      );
      return readEntries(rows, trade, (row) => ({
        id: row[6] ?? null,
        price: row[0],
        size: row[1],
        time: row[2],
      }));
    },
  },
};

/** Old assets have an X before their name and old money a Z, unless one side is new: `XXBTZUSD`, but `XBTUSDT`. */
function krakenCode({ base, quote }: Pair): string {
  const own = (name: string) => (name === "BTC" ? "XBT" : name === "DOGE" ? "XDG" : name);
  const [b, q] = [own(base), own(quote)];
  const prefix = OLD_MONEY.includes(q) ? "Z" : OLD_ASSETS.includes(q) ? "X" : undefined;
  return OLD_ASSETS.includes(b) && prefix !== undefined ? `X${b}${prefix}${q}` : `${b}${q}`;
}

function open(what: string, body: JsonValue): Record<string, JsonValue> {
  const { error, result } = readEnvelope(what, envelope, body);
  if (error.length === 0 && result !== undefined) return result;
  throw new ReadError(
    error.some((line) => line.startsWith("EService:Unavailable") || line.startsWith("EService:Busy"))
      ? "maintenance"
      : "venue-error",
    `${what}: ${error.join("; ").slice(0, 200) || "no result"}`,
  );
}

function entries(result: Record<string, JsonValue>, codes: readonly string[]): Entry[] {
  return codes.flatMap((code) => {
    const value = result[code];
    return value === undefined ? [] : [{ code, value }];
  });
}

/** A row as an object by place, so that it is read like any other entry. */
function asObject(row: JsonValue): JsonValue {
  return Array.isArray(row) ? Object.fromEntries((row as readonly JsonValue[]).entries()) : row;
}
