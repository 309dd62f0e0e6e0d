import type { TimeFormat } from "../venue-time.ts";

/** One kind of CSV. */
export interface PriceFormat {
  readonly name: string;
  /** Columns that it must have, in small letters. */
  readonly columns: readonly string[];
  readonly time: string;
  readonly timeFormat: TimeFormat | "any";
  readonly price: string;
  readonly symbol?: string;
  /** Rows without a price are days without trading. */
  readonly blanks?: boolean;
  /** All rows must have this value in this column. */
  readonly only?: { readonly column: string; readonly value: string };
}

/** The kinds of CSV that are known, the most particular first: the first whose columns are all there is taken. */
export const PRICE_FORMATS: readonly PriceFormat[] = [
  {
    name: "Binance klines (open time in milliseconds)",
    columns: ["open_time_ms", "close"],
    time: "open_time_ms",
    timeFormat: "unix-milliseconds",
    price: "close",
  },
  {
    name: "LEAN bars (milliseconds since midnight)",
    columns: ["ms_since_midnight", "time", "close"],
    time: "time",
    timeFormat: "iso",
    price: "close",
  },
  {
    name: "Binance klines",
    columns: ["open_time", "close"],
    time: "open_time",
    timeFormat: "any",
    price: "close",
  },
  {
    name: "ECB reference rates (US dollar against yen)",
    columns: ["date", "usd_jpy_cross"],
    time: "date",
    timeFormat: "date",
    price: "usd_jpy_cross",
    symbol: "USD/JPY",
  },
  {
    name: "FRED H.10 (yen per US dollar)",
    columns: ["date", "dexjpus"],
    time: "date",
    timeFormat: "date",
    price: "dexjpus",
    symbol: "USD/JPY",
    blanks: true,
  },
  {
    name: "monthly exchange rates (yen per US dollar)",
    columns: ["date", "country", "exchange rate"],
    time: "date",
    timeFormat: "date",
    price: "exchange rate",
    symbol: "USD/JPY",
    only: { column: "country", value: "Japan" },
  },
  {
    name: "Bitstamp bars (Unix seconds)",
    columns: ["timestamp", "close"],
    time: "timestamp",
    timeFormat: "any",
    price: "close",
  },
  {
    name: "bars with a time and a close",
    columns: ["time", "close"],
    time: "time",
    timeFormat: "any",
    price: "close",
  },
  {
    name: "bars with a date and a close",
    columns: ["date", "close"],
    time: "date",
    timeFormat: "any",
    price: "close",
  },
  { name: "times and prices", columns: ["time", "price"], time: "time", timeFormat: "any", price: "price" },
];
