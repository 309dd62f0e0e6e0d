import { type Decimal, parseDecimal } from "../../decimal.ts";
import { didYouMean } from "../../did-you-mean.ts";
import { parseVenueTime } from "../venue-time.ts";
import { cadenceOf, endOf, missingBetween } from "./cadence.ts";
import type { Cadence, Gap, PriceContent, PriceFileOptions, PricePoint } from "./price-file.ts";
import { PriceFileError } from "./price-file-error.ts";
import { PRICE_FORMATS, type PriceFormat } from "./price-formats.ts";

interface Row {
  readonly line: number;
  readonly stamp: number;
  /** Null on a day without trading. */
  readonly price: Decimal | null;
}

/**
 * Reads prices from a CSV.
 * @throws PriceFileError naming the line
 */
export function readPriceCsv(
  name: string,
  text: string,
  { symbol, columns }: PriceFileOptions,
): PriceContent {
  const lines = text.split(/\r?\n/);
  const header = splitLine(lines[0] ?? "").map((column) => column.toLowerCase());
  const formats = columns === undefined ? PRICE_FORMATS : [ownFormat(columns)];
  const format = formats.find(({ columns: needed }) => needed.every((column) => header.includes(column)));
  if (format === undefined) {
    const there = `columns ${JSON.stringify(header.slice(0, 12).join(",").slice(0, 200))}`;
    throw new PriceFileError(name, 1, `${there} ${whyNot(columns, header)}`);
  }
  const rows = readRows(name, lines, header, format);
  const priced = rows.filter((row): row is Row & { price: Decimal } => row.price !== null);
  if (priced.length < 2)
    throw new PriceFileError(name, null, `has ${priced.length} prices; two are needed to know its step`);
  const cadence = cadenceOf(rows.map(({ stamp }) => stamp));
  return {
    format: format.name,
    symbol: symbol ?? format.symbol,
    cadence,
    points: priced.map(({ stamp, price }): PricePoint => ({ stamp, knownAt: endOf(stamp, cadence), price })),
    gaps: gapsOf(name, priced, cadence),
  };
}

/** What is wrong with a file's columns, and what would do. */
function whyNot(columns: PriceFileOptions["columns"], header: readonly string[]): string {
  if (header.every((column) => /^[\d.+-]+$/.test(column)))
    return "are numbers; put a line of names before them, such as timestamp,open,high,low,close,volume";
  if (columns === undefined)
    return "are of no known kind; a time and a close will do: time,close. nakane simulate takes other names by --time-column and --price-column";
  const missing = [columns.time, columns.price].filter((column) => !header.includes(column.toLowerCase()));
  return `do not have ${missing.map((column) => `${column}${didYouMean(column, header)}`).join(" and ")}`;
}

function ownFormat({ time, price }: { readonly time: string; readonly price: string }): PriceFormat {
  const [timeColumn, priceColumn] = [time.toLowerCase(), price.toLowerCase()];
  return {
    name: `columns ${time} and ${price}`,
    columns: [timeColumn, priceColumn],
    time: timeColumn,
    timeFormat: "any",
    price: priceColumn,
  };
}

function readRows(
  name: string,
  lines: readonly string[],
  header: readonly string[],
  format: PriceFormat,
): Row[] {
  const rows: Row[] = [];
  lines.forEach((text, i) => {
    if (i === 0 || text.trim() === "") return;
    const line = i + 1;
    const cells = splitLine(text);
    const fail = (message: string) => new PriceFileError(name, line, message);
    if (cells.length !== header.length) throw fail(`expected ${header.length} columns, saw ${cells.length}`);
    const cell = (column: string) => cells[header.indexOf(column)] ?? "";
    if (format.only !== undefined && cell(format.only.column) !== format.only.value) {
      throw fail(
        `expected ${format.only.column} ${format.only.value}, saw ${cell(format.only.column)}; keep its rows only`,
      );
    }
    const stamp = readTime(cell(format.time), format, fail);
    const last = rows.at(-1);
    if (last !== undefined && stamp <= last.stamp) {
      const [now, before] = [new Date(stamp).toISOString(), new Date(last.stamp).toISOString()];
      throw fail(
        stamp === last.stamp
          ? `${now} is there twice (line ${last.line}); keep one`
          : `${now} comes after ${before} (line ${last.line}); sort the file by time`,
      );
    }
    rows.push({ line, stamp, price: readPrice(cell(format.price), format, fail) });
  });
  return rows;
}

function readTime(text: string, { time, timeFormat }: PriceFormat, fail: (message: string) => Error): number {
  try {
    return parseVenueTime(text, timeFormat === "any" ? guess(text) : timeFormat);
  } catch (error) {
    throw fail(`${time}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Times in words are more than a number; Unix seconds have ten digits until the year 2286. */
function guess(text: string): "date" | "iso" | "unix-seconds" | "unix-milliseconds" | "unix-microseconds" {
  if (!Number.isFinite(Number(text))) return text.length === 10 && text.includes("-") ? "date" : "iso";
  const digits = text.replace(/\..*/, "").length;
  return digits <= 11 ? "unix-seconds" : digits <= 14 ? "unix-milliseconds" : "unix-microseconds";
}

function readPrice(
  text: string,
  { price, blanks }: PriceFormat,
  fail: (message: string) => Error,
): Decimal | null {
  if (blanks === true && (text === "." || text === "")) return null;
  try {
    const decimal = parseDecimal(text);
    if (decimal.units <= 0n) throw new RangeError(`expected a price above zero, saw ${text}`);
    return decimal;
  } catch (error) {
    throw fail(`${price}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function gapsOf(name: string, rows: readonly Row[], cadence: Cadence): Gap[] {
  const gaps: Gap[] = [];
  rows.forEach(({ stamp, line }, i) => {
    const before = rows[i - 1];
    if (before === undefined) return;
    const missing = missingBetween(before.stamp, stamp, cadence);
    if (missing === null) {
      throw new PriceFileError(
        name,
        line,
        `${new Date(stamp).toISOString()} is out of step: the others are ${cadence.kind === "bars" ? `${cadence.stepMs / 1000} s` : cadence.kind} apart`,
      );
    }
    if (missing > 0) gaps.push({ after: before.stamp, before: stamp, missing, line });
  });
  return gaps;
}

/** None of the formats has commas or line ends inside a cell; quotes around a cell are taken off. */
function splitLine(line: string): string[] {
  return line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
