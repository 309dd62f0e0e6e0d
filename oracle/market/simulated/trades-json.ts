import { z } from "zod";

import { JsonError, parseJson } from "../json.ts";
import { amount, list, numberOrText, price, time } from "../schema.ts";
import type { PriceContent, PricePoint } from "./price-file.ts";
import { PriceFileError } from "./price-file-error.ts";

const file = z.union([list, z.looseObject({ trades: list }).transform(({ trades }) => trades)]);

const trade = z.looseObject({
  date: time(numberOrText, "unix-seconds"),
  tid: numberOrText,
  price: price(numberOrText),
  amount: amount(numberOrText).optional(),
});

/**
 * Reads a list of trades as Bitstamp's API gives it, newest or oldest first.
 * @throws PriceFileError naming the entry
 */
export function readTradesJson(name: string, text: string): PriceContent {
  const rows = readRows(name, text);
  if (rows.length === 0) throw new PriceFileError(name, null, "has no trades");
  const ids = new Set<string>();
  const trades = rows.map((row, i) => {
    const parsed = trade.safeParse(row);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new PriceFileError(
        name,
        null,
        `trade ${i + 1}: ${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? ""}`,
      );
    }
    if (ids.has(parsed.data.tid))
      throw new PriceFileError(name, null, `trade ${i + 1}: number ${parsed.data.tid} is there twice`);
    ids.add(parsed.data.tid);
    return parsed.data;
  });
  const newestFirst = (trades[0]?.date ?? 0) > (trades.at(-1)?.date ?? 0);
  const ascending = newestFirst ? trades.toReversed() : trades;
  ascending.forEach(({ date, tid }, i) => {
    if (date < (ascending[i - 1]?.date ?? 0)) {
      throw new PriceFileError(
        name,
        null,
        `trade ${tid} at ${new Date(date).toISOString()} is out of order; sort the trades by time`,
      );
    }
  });
  return {
    format: `trades of Bitstamp's API, ${newestFirst ? "newest" : "oldest"} first`,
    cadence: { kind: "trades" },
    points: ascending.map(({ date, price, amount: size }): PricePoint => {
      const point = { stamp: date, knownAt: date, price };
      return size === undefined ? point : { ...point, size };
    }),
    gaps: [],
  };
}

function readRows(name: string, text: string) {
  try {
    const parsed = file.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
  } catch (error) {
    if (error instanceof JsonError) throw new PriceFileError(name, null, error.message);
    throw error;
  }
  throw new PriceFileError(name, null, "expected a list of trades, or an object with one in trades");
}
