import { formatDecimal, toUnits } from "../../decimal.ts";
import type { Trade } from "../../market/quote.ts";
import type { PriceFile } from "../../market/simulated/price-file.ts";
import type { Study } from "../result.ts";
import {
  brr,
  lastTrade,
  partitionMedians,
  type Rational,
  type RateWindow,
  toNumber,
  vwap,
} from "./reference-rates.ts";
import { rounded } from "./statistics.ts";

/** Trades, and one more that nobody should have made. */
export interface ManipulationPrintConfig {
  readonly trades: readonly Trade[];
  readonly window: RateWindow;
  readonly decimals: number;
  readonly print: Trade;
}

/** Milliseconds of the window, cut into twelve, as of the CME CF Bitcoin Reference Rate. */
const WINDOW = { length: 3_600_000, partitions: 12 };
/** Of the last price. */
const TIMES = 1_000n;

/**
 * The worst print: right behind the last trade of a file, at a thousand times its price, of as much as was traded in the hour
 * before it. So it is half of the mean, the last trade, and the median of its part of the window.
 * @returns null for a file that does not say how much was traded
 */
export function wildPrint({
  points,
  decimals,
}: Pick<PriceFile, "points" | "decimals">): ManipulationPrintConfig | null {
  const all = points.flatMap(({ knownAt: time, price, size }): Trade[] =>
    size === undefined ? [] : [{ id: null, price, size, time }],
  );
  const last = all.at(-1);
  if (last === undefined || all.length < points.length) return null;
  const end = last.time + 1;
  const trades = all.filter(({ time }) => time >= end - WINDOW.length);
  const scale = Math.max(...trades.map(({ size }) => size.scale));
  const volume = trades.reduce((sum, { size }) => sum + toUnits(size, scale), 0n);
  const price = { ...last.price, units: last.price.units * TIMES };
  const print = { ...last, price, size: { units: volume, scale } };
  return { trades, window: { end, ...WINDOW }, decimals, print };
}

/**
 * What one wild print does to a rate. It moves a mean by its share of the volume, the last trade by all of it, and a mean of
 * twelve medians by a twelfth at most: however large, it can take over the median of its own part only.
 *
 * Source: CME CF Bitcoin Reference Rate, methodology guide, on why the hour is cut into twelve.
 * @throws RangeError where the window has no trades
 */
export function studyManipulationPrint({ trades, window, decimals, print }: ManipulationPrintConfig): Study {
  const attacked = [...trades, print];
  const methods: [string, Rational | null, Rational | null][] = [
    [
      `mean of ${window.partitions} volume-weighted medians (BRR)`,
      brr(trades, window, decimals),
      brr(attacked, window, decimals),
    ],
    ["volume-weighted mean (VWAP)", vwap(trades, window, decimals), vwap(attacked, window, decimals)],
    ["last trade", lastTrade(trades, window, decimals), lastTrade(attacked, window, decimals)],
  ];
  const part = Math.floor(((print.time - (window.end - window.length)) * window.partitions) / window.length);
  const median = partitionMedians(trades, window, decimals)[part];
  if (median === null || median === undefined) {
    throw new RangeError(
      `the window has no trades in part ${part + 1} of ${window.partitions}, where the print falls`,
    );
  }
  const distance = Number(toUnits(print.price, decimals)) - toNumber(median);
  const scale = 10 ** decimals;
  return {
    name: "manipulation-print",
    title: "One wild print",
    about: `A trade of ${formatDecimal(print.size)} at ${formatDecimal(print.price)} among ${trades.length} others. Its pull is the move of the rate as a share of the print's distance from the median of its part of the window.`,
    columns: [
      { name: "method", unit: "" },
      { name: "honest", unit: "price" },
      { name: "attacked", unit: "price" },
      { name: "shift", unit: "bp" },
      { name: "pull", unit: "%" },
    ],
    rows: methods.map(([name, before, after]) => {
      if (before === null || after === null)
        throw new RangeError("the window has 0 trades; a rate needs 1 or more");
      const [was, is] = [toNumber(before), toNumber(after)];
      return [
        name,
        rounded(was / scale, 6),
        rounded(is / scale, 6),
        rounded((is / was - 1) * 10_000, 4),
        rounded(((is - was) / distance) * 100, 4),
      ];
    }),
  };
}
