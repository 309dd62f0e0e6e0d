import type { Decimal } from "../../decimal.ts";
import { readPriceCsv } from "./price-csv.ts";
import { PriceFileError } from "./price-file-error.ts";
import { readTradesJson } from "./trades-json.ts";

/** A file of prices, checked. */
export interface PriceFile {
  /** What kind of file it was taken for, in words. */
  readonly format: string;
  /** What it has prices of: `BTC/USDT`. */
  readonly symbol: string;
  readonly cadence: Cadence;
  /** Ascending. */
  readonly points: readonly PricePoint[];
  /** The most digits after the point that any price has. */
  readonly decimals: number;
  /** Where prices are missing. They are never made up. */
  readonly gaps: readonly Gap[];
}

/** How its prices follow each other. */
export type Cadence =
  | { readonly kind: "bars"; readonly stepMs: number }
  /** A price for each Monday to Friday. */
  | { readonly kind: "business-days" }
  | { readonly kind: "months" }
  /** Each at its own time. */
  | { readonly kind: "trades" };

/** One price: a bar's close, a day's rate, a trade. */
export interface PricePoint {
  /** As the file stamps it, in Unix milliseconds: the beginning of a bar. */
  readonly stamp: number;
  /** When it was known: at the end of its bar, never before. */
  readonly knownAt: number;
  readonly price: Decimal;
  /** Of a trade, where the file says it. */
  readonly size?: Decimal;
}

/** Prices that are not there. */
export interface Gap {
  /** Stamps of the prices before and after it. */
  readonly after: number;
  readonly before: number;
  /** How many steps have none. */
  readonly missing: number;
  /** Line of the price after it. */
  readonly line: number;
}

/** What may have to be said about a file. */
export interface PriceFileOptions {
  /** For a file whose name does not say what it is of. */
  readonly symbol?: string;
  /** The names of its columns of times and prices, for a CSV of one's own. */
  readonly columns?: { readonly time: string; readonly price: string };
}

/**
 * Reads a price file. It finds out by itself what it has before it: klines of Binance, bars of Bitstamp, LEAN and
 * TradingView, daily and monthly rates of ECB, FRED and datahub.io, lists of trades, and any CSV with a time and a
 * close.
 * @param name of the file, without its folder: it says the symbol where the content does not
 * @throws PriceFileError naming the line
 */
export function readPriceFile(name: string, text: string, options: PriceFileOptions = {}): PriceFile {
  const content = text.replace(/^\uFEFF/, "");
  if (content.trim() === "") throw new PriceFileError(name, null, "is empty");
  // What is no UTF-8 was replaced when it was read; no text has either.
  if (/[\0\uFFFD]/.test(content.slice(0, 4096)))
    throw new PriceFileError(name, null, "is no text; a CSV, or a list of trades in JSON, will do");
  const file = /^[[{]/.test(content.trimStart())
    ? readTradesJson(name, content)
    : readPriceCsv(name, content, options);
  const symbol = options.symbol ?? file.symbol ?? symbolOfName(name);
  if (symbol === undefined) {
    throw new PriceFileError(
      name,
      null,
      "does not say what it has prices of; name it by --symbol, such as --symbol BTC/USD, or call the file btcusd.csv",
    );
  }
  return { ...file, symbol, decimals: Math.max(...file.points.map(({ price }) => price.scale)) };
}

const QUOTES = "usdt|usdc|usd|jpy|eur|gbp|btc";
const NAME = new RegExp(`(?:^|[-_.])([a-z0-9]{2,6}?)[-_]?(${QUOTES})(?:[-_., ]|$)`, "i");

/** `btcusdt-binance-1h.csv` is of BTC/USDT, and `BITSTAMP_BTCUSD, 60.csv`, as TradingView calls it, of BTC/USD. */
function symbolOfName(name: string): string | undefined {
  const [, base, quote] = NAME.exec(name) ?? [];
  return base === undefined || quote === undefined ? undefined : `${base}/${quote}`.toUpperCase();
}

/** What a format's reader finds; the symbol where the content says it. */
export type PriceContent = Omit<PriceFile, "symbol" | "decimals"> & { readonly symbol?: string | undefined };
