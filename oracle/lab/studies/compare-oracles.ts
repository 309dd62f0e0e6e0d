import { parseBand } from "../../feeds/band.ts";
import { aggregate } from "../../market/aggregate.ts";
import type { Cell, PathPoint, Study } from "../result.ts";
import { FIVE_VENUES } from "./manipulation.ts";
import { FIXING_PERIOD, sendReports, type SendSettings } from "./send-reports.ts";
import { ChainHistory, settle, timeWeightedMean } from "./settle-rules.ts";
import { rounded, summary } from "./statistics.ts";
import { honestPrices, STANDARD_RULES, type VenueOffsets } from "./venues.ts";

/** One path, seen by several venues, and read by several oracles. */
export interface CompareOraclesConfig {
  /** The true price, ascending. Every fixing time an hour or more after its beginning is settled. */
  readonly path: readonly PathPoint[];
  /** Volume at each point of the path; equal by default. */
  readonly volumes?: readonly number[];
  /** In basis points, one for each venue; five by default. */
  readonly offsets?: VenueOffsets;
  /** How the deviation feeds and the fixings are sent. */
  readonly settings: SendSettings;
  /** What a lying venue says of the price: 1.1 is 10 % too much. 1.1 by default. */
  readonly lie?: number;
  /** How many settlements are attacked, each in a world of its own; 12 by default. */
  readonly attacks?: number;
}

/** What the venues say at each point of the path: by point, then by venue. */
type World = readonly (readonly bigint[])[];

/** An oracle: what it says of points of the path, and how many updates that took. */
interface Oracle {
  readonly name: string;
  readonly read: (world: World, points: readonly number[]) => { prices: (number | null)[]; updates: number };
}

const HOUR = 3_600;
const MILLION = 1_000_000;

/**
 * Oracles side by side on one path: how far from the true price each settles, what it takes on chain, and how far one lying
 * venue of five moves it in the minute of the settlement.
 *
 * - last trade, TWAP-30 of one venue: one venue's price at the time, and its mean over 30 minutes; it is the one that lies
 * - VWAP-60: the volume-weighted mean of all venues over the hour before, as QUICK's Bitcoin index has it
 * - BRR-style: the mean of the medians of twelve parts of that hour (CME CF)
 * - median of venues: this product's own aggregation at the time
 * - TWAP-30 of a deviation feed: the mean of the deviation feed over 30 minutes (Derive v2)
 * - deviation feed, first after and last before: Chainlink-like (OCR2), fed with the median; `decide` decides
 * - fixing: the median at exactly that time, recorded for it
 *
 * All but the last four are told at each settlement time by one update each, for which no latency is counted.
 * @throws RangeError where the path is too short to settle once
 */
export function studyCompareOracles(config: CompareOraclesConfig): Study {
  const { path, offsets = FIVE_VENUES, lie = 1.1, attacks = 12 } = config;
  const start = (path[0]?.time ?? 0) + HOUR;
  const points = [...path.keys()].filter((i) => {
    const time = path[i]?.time ?? 0;
    return time >= start && time % FIXING_PERIOD === 0;
  });
  if (points.length === 0)
    throw new RangeError(`the path's ${path.length} prices hold no fixing time after an hour`);
  const truth = (point: number): bigint => path[point]?.price ?? 0n;
  const honest: World = path.map(({ price }) => honestPrices(price, offsets));
  const count = Math.min(attacks, points.length);
  const attacked = Array.from(
    { length: count },
    (_, k) => points[Math.floor(((k + 0.5) * points.length) / count)] ?? 0,
  );
  const worlds = attacked.map((point) => ({
    point,
    world: worldWithLie(honest, path, point, liarOf(offsets), lie),
  }));
  const rows: Cell[][] = oracles(config).map(({ name, read }) => {
    const { prices, updates } = read(honest, points);
    const errors = points.flatMap((point, i) => {
      const price = prices[i];
      return price == null ? [] : [(price / Number(truth(point)) - 1) * 10_000];
    });
    const shifts = worlds.flatMap(({ point, world }) => {
      const [was, is] = [prices[points.indexOf(point)], read(world, [point]).prices[0]];
      return was == null || is == null ? [] : [Math.abs(is / was - 1) * 10_000];
    });
    const { rootMeanSquare, least, most } = summary(errors.length === 0 ? [Number.NaN] : errors);
    return [
      name,
      points.length,
      points.length - errors.length,
      rounded(rootMeanSquare, 4),
      rounded(Math.max(-least, most), 4),
      updates,
      shifts.length === 0 ? null : rounded(summary(shifts).mean, 4),
      shifts.length === 0 ? null : rounded(summary(shifts).most, 4),
    ];
  });
  return {
    name: "compare-oracles",
    title: "Oracles side by side",
    about: `The same path, read by several oracles: error of the settlement against the true price at all fixing times, updates on chain over the whole path, and how far one venue of ${offsets.length} moves a settlement by saying ${rounded(lie, 4)} times the price in the minute up to it (${attacked.length} settlements, the mean and the worst).${config.volumes === undefined ? " Volumes are taken as equal." : ""}`,
    columns: [
      { name: "oracle", unit: "" },
      { name: "settlements", unit: "" },
      { name: "unsettled", unit: "" },
      { name: "rms_error", unit: "bp" },
      { name: "max_error", unit: "bp" },
      { name: "updates", unit: "" },
      { name: "mean_shift", unit: "bp" },
      { name: "max_shift", unit: "bp" },
    ],
    rows,
  };
}

/** The lowest venue lies in the minute up to a point: by saying too much it takes a price from below the median. */
function worldWithLie(
  honest: World,
  path: readonly PathPoint[],
  point: number,
  liar: number,
  lie: number,
): World {
  const until = path[point]?.time ?? 0;
  const factor = BigInt(Math.round(lie * MILLION));
  return honest.map((prices, i) => {
    const time = path[i]?.time ?? 0;
    if (time > until || time <= until - 60) return prices;
    return prices.map((price, v) => (v === liar ? (price * factor) / BigInt(MILLION) : price));
  });
}

function oracles(config: CompareOraclesConfig): readonly Oracle[] {
  const { path, settings, offsets = FIVE_VENUES } = config;
  const liar = liarOf(offsets);
  const timeOf = (point: number): number => path[point]?.time ?? 0;
  const atTimes = (name: string, priceOf: (world: World, point: number) => number | null): Oracle => ({
    name,
    read: (world, points) => ({
      prices: points.map((point) => priceOf(world, point)),
      updates: points.length,
    }),
  });
  const onChain = (
    name: string,
    fixings: boolean,
    priceOf: (history: ChainHistory, time: number) => number | null,
  ): Oracle => ({
    name,
    read: (world, points) => {
      const medians = path.map(({ time }, i) => ({ time, price: medianOf(world[i] ?? []) }));
      // What comes long after the last point changes nothing but the number of updates.
      const last = points.length === 1 ? (points[0] ?? 0) + 1 + Math.ceil((2 * HOUR) / 60) : path.length;
      const { recorded } = sendReports(medians.slice(0, last), { ...settings, fixings });
      const history = new ChainHistory(recorded);
      return { prices: points.map((point) => priceOf(history, timeOf(point))), updates: recorded.length };
    },
  });
  return [
    atTimes("last trade of one venue", (world, point) => Number(world[point]?.[liar] ?? 0n)),
    atTimes("TWAP-30 of one venue", (world, point) => {
      const from = timeOf(point) - HOUR / 2;
      const half = hourBefore(path, point).filter((i) => timeOf(i) > from);
      return summary(half.map((i) => Number(world[i]?.[liar] ?? 0n))).mean;
    }),
    atTimes("VWAP-60 of all venues", (world, point) => hourMean(world, point, config)),
    atTimes("BRR-style, medians of 12 parts", (world, point) => meanOfMedians(world, point, path)),
    atTimes("median of venues", (world, point) => {
      const price = medianOf(world[point] ?? []);
      return price === null ? null : Number(price);
    }),
    onChain("TWAP-30 of a deviation feed", false, (history, time) =>
      timeWeightedMean((at) => history.at(at), time, 60),
    ),
    onChain("deviation feed, last before", false, (history, time) =>
      settle("last-before", history, time, 60),
    ),
    onChain("deviation feed, first after", false, (history, time) =>
      settle("first-after", history, time, 60),
    ),
    onChain("fixing (ours)", true, (history, time) => settle("fixing", history, time, 60)),
  ];
}

function liarOf(offsets: VenueOffsets): number {
  return offsets.indexOf(Math.min(...offsets));
}

/** The product's rule: what is beyond the spread is dropped, three at least must be left. */
function medianOf(prices: readonly bigint[]): bigint | null {
  const maxSpread = parseBand(STANDARD_RULES.maxSpread, 0);
  const inputs = prices.map((units) => ({ units, time: 0, exclusion: "used" as const }));
  return aggregate(inputs, { minSources: STANDARD_RULES.minSources, maxSpread }).price;
}

function hourMean(world: World, point: number, { path, volumes }: CompareOraclesConfig): number | null {
  let [sum, volume] = [0, 0];
  for (const i of hourBefore(path, point)) {
    const weight = volumes?.[i] ?? 1;
    for (const price of world[i] ?? []) {
      sum += Number(price) * weight;
      volume += weight;
    }
  }
  return volume === 0 ? null : sum / volume;
}

function meanOfMedians(world: World, point: number, path: readonly PathPoint[]): number | null {
  const end = path[point]?.time ?? 0;
  const parts = Array.from({ length: 12 }, (): number[] => []);
  for (const i of hourBefore(path, point)) {
    const part = Math.ceil((((path[i]?.time ?? 0) - (end - HOUR)) * 12) / HOUR) - 1;
    parts[part]?.push(...(world[i] ?? []).map(Number));
  }
  const medians = parts
    .filter((part) => part.length > 0)
    .map((part) => {
      const sorted = part.sort((a, b) => a - b);
      const [low = 0, high = 0] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
      return (low + high) / 2;
    });
  return medians.length === 0 ? null : summary(medians).mean;
}

/** Points of the hour that ends with a point, the point included: what is stamped with it is known by then. */
function hourBefore(path: readonly PathPoint[], point: number): readonly number[] {
  const end = path[point]?.time ?? 0;
  const points: number[] = [];
  for (let i = point; i >= 0 && (path[i]?.time ?? 0) > end - HOUR; i--) points.push(i);
  return points.reverse();
}
