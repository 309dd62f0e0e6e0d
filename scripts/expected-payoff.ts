/**
 * What an option over a price file pays, read from the file and from nothing else: a witness for the oracle, which
 * publishes the same prices and settles the same option. So this file imports nothing of the project, on purpose.
 *
 *   node scripts/expected-payoff.ts FILE [--size N] [--cap-multiple 10] [--json]
 *
 * The option is struck at the first fixing that has a price and settled from the last one. A fixing is at every multiple
 * of 300 s; its price is the newest one known by then, if that is not too old. A bar stamped T with step s is known at
 * T + s, a day's rate at the next UTC midnight, a month's at the first of the next month, a trade at its own time. Too
 * old is more than half a step, where that is 5 s at least and a day at most; for trades it is more than 60 s. The call
 * pays size × (min(S, cap × K) − K), the put size × (K − max(S, 0)).
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";

/** What an option pays, and from which prices. Times are Unix seconds, prices and payoff decimal text. */
export interface ExpectedPayoff {
  /** Digits after the point of the feed's prices: the most that any price of the file has. */
  readonly decimals: number;
  /** The oldest price a fixing takes, in seconds. */
  readonly maxInputAge: number;
  /** The first fixing that has a price, and that price. */
  readonly first: number;
  readonly strike: string;
  /** The last fixing that has a price, and that price. */
  readonly expiry: number;
  readonly fixing: string;
  readonly size: string;
  /** Which of the two options pays; null where strike and fixing are the same. */
  readonly kind: "call" | "put" | null;
  /** What it pays, exactly: with the feed's decimals, and the size's if it has some. */
  readonly payoff: string;
}

/** What the option is of; a call, a put, and a cap of ten times the strike unless it says otherwise. */
export interface Terms {
  readonly size?: string;
  readonly capMultiple?: bigint;
}

interface Exact {
  readonly units: bigint;
  readonly scale: number;
}

interface Row {
  /** Unix milliseconds. */
  readonly stamp: number;
  /** Null on a day without trading. */
  readonly price: Exact | null;
}

interface Known {
  /** Unix milliseconds. */
  readonly from: number;
  readonly price: Exact;
}

const FIXING = 300_000;
const DAY = 86_400_000;
const TRADE_AGE = 60_000;

/** Columns of time and price, the most particular first. */
const COLUMNS = [
  ["open_time_ms", "close"],
  ["open_time", "close"],
  ["date", "usd_jpy_cross"],
  ["date", "dexjpus"],
  ["date", "exchange rate"],
  ["timestamp", "close"],
  ["time", "close"],
  ["date", "close"],
  ["time", "price"],
] as const;

/**
 * @param text of the price file
 * @throws Error where it cannot be read, or where no fixing has a price
 */
export function expectedPayoff(text: string, { size = "1", capMultiple = 10n }: Terms = {}): ExpectedPayoff {
  const count = exact(size);
  if (count.units <= 0n) throw new Error(`size ${size} is not above zero`);
  const content = text.replace(/^\uFEFF/, "").trim();
  const { known, maxAge } = /^[[{]/.test(content) ? readTrades(content) : readBars(content);
  const fixings = known.flatMap(({ from, price }, i) => {
    const replaced = known[i + 1]?.from ?? Number.POSITIVE_INFINITY;
    const last = Math.floor(Math.min(replaced - 1, from + maxAge) / FIXING) * FIXING;
    return last < from ? [] : [{ first: Math.ceil(from / FIXING) * FIXING, last, price }];
  });
  const [opening, closing] = [fixings[0], fixings.at(-1)];
  if (opening === undefined || closing === undefined)
    throw new Error(`no multiple of ${FIXING / 1000} s has a price that is at most ${maxAge / 1000} s old`);

  const decimals = Math.max(...known.map(({ price }) => price.scale));
  const strike = atScale(opening.price, decimals);
  const fixing = atScale(closing.price, decimals);
  const cap = capMultiple * strike;
  const call = (fixing < cap ? fixing : cap) - strike;
  const put = strike - (fixing > 0n ? fixing : 0n);
  return {
    decimals,
    maxInputAge: maxAge / 1000,
    first: opening.first / 1000,
    strike: textOf(strike, decimals),
    expiry: closing.last / 1000,
    fixing: textOf(fixing, decimals),
    size,
    kind: call > 0n ? "call" : put > 0n ? "put" : null,
    payoff: textOf(count.units * (call > 0n ? call : put > 0n ? put : 0n), decimals + count.scale),
  };
}

interface Prices {
  /** Ascending. */
  readonly known: readonly Known[];
  /** Milliseconds. */
  readonly maxAge: number;
}

function readBars(content: string): Prices {
  const rows = readRows(content);
  const stamps = rows.map(({ stamp }) => stamp);
  const step = commonest(stamps.slice(1).map((stamp, i) => stamp - (stamps[i] ?? 0)));
  const monthly = stamps.every((stamp) => new Date(stamp).toISOString().endsWith("-01T00:00:00.000Z"));
  const half = Math.floor(step / 2000) * 1000;
  return {
    known: rows.flatMap(({ stamp, price }) =>
      price === null ? [] : [{ from: monthly ? nextMonth(stamp) : stamp + step, price }],
    ),
    maxAge: Math.min(Math.max(half, 5_000), DAY),
  };
}

function readRows(content: string): Row[] {
  const [header = [], ...lines] = content
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => line.split(",").map((cell) => cell.trim().replace(/^"(.*)"$/, "$1")));
  const names = header.map((name) => name.toLowerCase());
  const columns = COLUMNS.find((pair) => pair.every((name) => names.includes(name)));
  if (columns === undefined) throw new Error(`no columns of time and price among ${names.join(",")}`);
  const [timeAt, priceAt] = columns.map((name) => names.indexOf(name)) as [number, number];
  // Of all formats, only this one says that a day had no trading.
  const mayBeBlank = columns[1] === "dexjpus";
  let newest = Number.NEGATIVE_INFINITY;
  return lines.map((cells, i) => {
    const [time = "", price = ""] = [cells[timeAt], cells[priceAt]];
    const stamp = stampOf(time);
    if (!(stamp > newest)) throw new Error(`row ${i + 1}: ${time} is not after the row before`);
    newest = stamp;
    return { stamp, price: mayBeBlank && (price === "." || price === "") ? null : exact(price) };
  });
}

/** Bitstamp's trades: bare, or in `trades` of an object. */
function readTrades(content: string): Prices {
  // Numbers as they are written: none of them goes through a JS number.
  const written = (_: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" ? context?.source : value;
  const parsed = JSON.parse(content, written) as Trade[] | { readonly trades: Trade[] };
  const trades = (Array.isArray(parsed) ? parsed : parsed.trades).map(({ date, price }): Known => ({
    from: stampOf(date),
    price: exact(price),
  }));
  const newestFirst = (trades[0]?.from ?? 0) > (trades.at(-1)?.from ?? 0);
  const known = newestFirst ? trades.reverse() : trades;
  if (known.some(({ from }, i) => from < (known[i - 1]?.from ?? 0)))
    throw new Error("trades are out of order");
  return { known, maxAge: TRADE_AGE };
}

interface Trade {
  /** Unix seconds. */
  readonly date: string;
  readonly price: string;
}

/** Unix milliseconds of a date, a time in words (UTC where it does not say), or Unix seconds, milliseconds, microseconds. */
function stampOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const digits = text.split(".")[0]?.length ?? 0;
    return Math.floor(Number(text) * (digits <= 11 ? 1000 : digits <= 14 ? 1 : 0.001));
  }
  const [, day, time = "00:00:00", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  const stamp = Date.parse(`${day ?? ""}T${time}${zone}`);
  if (Number.isNaN(stamp)) throw new Error(`${JSON.stringify(text)} is no time`);
  return stamp;
}

function nextMonth(stamp: number): number {
  const date = new Date(stamp);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

function commonest(distances: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const distance of distances) counts.set(distance, (counts.get(distance) ?? 0) + 1);
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (most === undefined) throw new Error("a single price has no step");
  return most[0];
}

/** `1.10` is 110 with two digits after the point; `1e-7` is 1 with seven. */
function exact(text: string): Exact {
  const [, whole, fraction = "", power = "0"] =
    /^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new Error(`${JSON.stringify(text)} is no decimal`);
  const scale = fraction.length - Number(power);
  const digits = BigInt(whole + fraction);
  return scale < 0 ? { units: digits * 10n ** BigInt(-scale), scale: 0 } : { units: digits, scale };
}

function atScale({ units, scale }: Exact, decimals: number): bigint {
  return units * 10n ** BigInt(decimals - scale);
}

function textOf(units: bigint, decimals: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const [whole, fraction] = [
    digits.slice(0, digits.length - decimals),
    digits.slice(digits.length - decimals),
  ];
  return `${units < 0n ? "-" : ""}${whole}${decimals === 0 ? "" : `.${fraction}`}`;
}

if (import.meta.main) {
  let file: string | undefined;
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        size: { type: "string", default: "1" },
        "cap-multiple": { type: "string", default: "10" },
        json: { type: "boolean", default: false },
      },
    });
    [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new Error("name one price file");
    const terms = { size: values.size, capMultiple: BigInt(values["cap-multiple"]) };
    const payoff = expectedPayoff(readFileSync(file, "utf8"), terms);
    if (values.json) console.log(JSON.stringify(payoff));
    else {
      const at = (seconds: number) => new Date(1000 * seconds).toISOString().replace(".000", "");
      console.log(
        `${basename(file)}, ${payoff.decimals} decimals, inputs at most ${payoff.maxInputAge} s old`,
      );
      console.log(
        `strike ${payoff.strike} at ${at(payoff.first)}, fixing ${payoff.fixing} at ${at(payoff.expiry)}`,
      );
      console.log(`size ${payoff.size}: ${payoff.kind ?? "neither"} pays ${payoff.payoff}`);
    }
  } catch (error) {
    console.error(`${file ?? "expected-payoff"}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
