import { parseDecimal, toUnits } from "../../decimal.ts";
import type { PriceFile, PricePoint } from "../../market/simulated/price-file.ts";

/** What a synthetic path looks like from outside. */
export interface SyntheticSeries {
  /** In words, for the manifest. */
  readonly format: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Decimal text. */
  readonly price: string;
  /** Unix seconds of the first price. */
  readonly start: number;
  /** Seconds. */
  readonly step: number;
  readonly points: number;
}

/**
 * A path as if it were a file of bars: the same point of the program reads both. The process is floating point; what comes
 * out are whole numbers at the feed's decimals, at least 1.
 * @throws RangeError where the price has too many digits for the process
 */
export function priceSeries(series: SyntheticSeries, returns: Iterator<number, number>): PriceFile {
  const { format, symbol, decimals, price, start, step, points } = series;
  const first = toUnits(parseDecimal(price), decimals);
  if (first < 1n || first >= 2n ** 46n)
    throw new RangeError(`the first price is ${first} in the feed's decimals; it must be from 1 to 2^46`);
  let log = 0;
  const row = Array.from({ length: points }, (_, i): PricePoint => {
    if (i > 0) log += returns.next().value;
    const units = BigInt(Math.max(1, Math.min(2 ** 52, Math.round(Number(first) * Math.exp(log)))));
    const knownAt = (start + i * step) * 1000;
    return { stamp: knownAt - step * 1000, knownAt, price: { units, scale: decimals } };
  });
  return { format, symbol, cadence: { kind: "bars", stepMs: step * 1000 }, points: row, decimals, gaps: [] };
}

/** Log returns from price to price of a series, for what is drawn from them. */
export function returnsOf({ points }: PriceFile): readonly number[] {
  return points.slice(1).map(({ price }, i) => {
    const before = points[i]?.price ?? price;
    return Math.log(asNumber(price) / asNumber(before));
  });
}

function asNumber({ units, scale }: { readonly units: bigint; readonly scale: number }): number {
  return Number(units) / 10 ** scale;
}
