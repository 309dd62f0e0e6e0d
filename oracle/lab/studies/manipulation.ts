import { observe } from "../../market/observe.ts";
import type { Quote } from "../../market/quote.ts";
import type { Cell, PathPoint, Study } from "../result.ts";
import { FIXING_PERIOD } from "./send-reports.ts";
import { rounded } from "./statistics.ts";
import {
  honestPrices,
  quoteOf,
  STANDARD_RULES,
  venueCatalog,
  type VenueOffsets,
  type VenueRules,
} from "./venues.ts";

/** Venues around a true price, some of which lie. */
export interface ManipulationConfig {
  /** The true price, ascending. It is attacked at its fixing times. */
  readonly path: readonly PathPoint[];
  readonly symbol: string;
  readonly decimals: number;
  /** In basis points, one for each venue; five venues by default. */
  readonly offsets?: VenueOffsets;
  /** How the feed is held; see `STANDARD_RULES`. */
  readonly rules?: Partial<Omit<VenueRules, "symbol" | "decimals">>;
}

/** Five venues, as far apart as domestic exchanges were on 2017-10-03 (0.2 % at most, reference snapshot). */
export const FIVE_VENUES: VenueOffsets = [-9, -4, 1, 5, 11];

/** One venue's quote of a tick: what it says and how many seconds before the tick. */
interface Saying {
  readonly units: bigint;
  readonly age: number;
}

interface Attack {
  readonly name: string;
  /** How many venues take part. */
  readonly liars: number;
  /** What a liar says instead. @param before the true price a minute earlier */
  readonly lie: (honest: Saying, before: Saying) => Saying;
}

const AGE = 2;

function attacks(maxInputAge: number): readonly Attack[] {
  const times = (numerator: bigint, denominator: bigint) => (honest: Saying) => ({
    ...honest,
    units: (honest.units * numerator) / denominator,
  });
  return [
    { name: "nobody lies", liars: 0, lie: (honest) => honest },
    { name: "one venue at +900 %", liars: 1, lie: times(10n, 1n) },
    { name: "one venue at -90 %", liars: 1, lie: times(1n, 10n) },
    { name: "one venue inside the spread, at +1.5 %", liars: 1, lie: times(1_015n, 1_000n) },
    { name: "one print times 1,000", liars: 1, lie: times(1_000n, 1n) },
    { name: "one venue halts", liars: 1, lie: (honest) => ({ ...honest, age: maxInputAge + 1 }) },
    {
      name: "one venue's trades come a minute late",
      liars: 1,
      lie: (_, before) => ({ ...before, age: maxInputAge }),
    },
    { name: "two venues at +900 %", liars: 2, lie: times(10n, 1n) },
    { name: "two venues halt", liars: 2, lie: (honest) => ({ ...honest, age: maxInputAge + 1 }) },
    { name: "three venues halt", liars: 3, lie: (honest) => ({ ...honest, age: maxInputAge + 1 }) },
    { name: "three venues at +900 %", liars: 3, lie: times(10n, 1n) },
  ];
}

const METHODS = ["median of venues (ours)", "mean of venues", "last trade of one venue"] as const;

/** What an attack did to each method at its worst, in the order of `METHODS`. */
export interface AttackOutcome {
  readonly attack: string;
  readonly liars: number;
  /** The largest distance of two honest venues at any attacked time, in bp of the lower one. */
  readonly honestGap: number;
  readonly methods: readonly {
    readonly method: (typeof METHODS)[number];
    /** |attacked / honest − 1| in bp; null where there never was a price. */
    readonly worst: number | null;
    /** Attacked times without a price, all choices of liars counted. */
    readonly withoutPrice: number;
    readonly times: number;
  }[];
}

/**
 * What lying venues do to a price, method by method, through the product's own aggregation: quotes go into `observe`, a
 * price or an abstention comes out. Every attack is tried with every choice of venues that take part, at every fixing time;
 * the worst is told.
 *
 * As long as a minority lies, the median stays between two honest venues: it moves by their largest gap at most. A
 * majority moves it at will: against that stand the hard band of each signer and the quorum, not the aggregation.
 *
 * Sources: settlement incidents in the reference on settlement; outlier rules of CME CF (10 %) and Deribit (0.5 %).
 * @throws RangeError where the path has no fixing time
 */
export function studyManipulation(config: ManipulationConfig): Study {
  const rows: Cell[][] = [];
  for (const { attack, liars, honestGap, methods } of runManipulation(config)) {
    for (const { method, worst, withoutPrice, times } of methods) {
      rows.push([
        attack,
        liars,
        method,
        worst === null ? null : rounded(worst, 4),
        rounded(honestGap, 4),
        rounded((withoutPrice / times) * 100, 4),
        times,
      ]);
    }
  }
  return {
    name: "manipulation",
    title: "What lying venues do",
    about:
      "The largest move of the price under each attack, with every choice of venues that lie, at every fixing time of the path, in basis points of the honest price. While a minority lies, the median stays within the largest gap between honest venues. No price is said where too few are left.",
    columns: [
      { name: "attack", unit: "" },
      { name: "venues_lying", unit: "" },
      { name: "method", unit: "" },
      { name: "worst_shift", unit: "bp" },
      { name: "honest_gap", unit: "bp" },
      { name: "without_price", unit: "%" },
      { name: "tries", unit: "" },
    ],
    rows,
  };
}

/** The attacks, run. */
export function runManipulation(config: ManipulationConfig): readonly AttackOutcome[] {
  const { path, symbol, decimals, offsets = FIVE_VENUES } = config;
  const rules: VenueRules = { ...STANDARD_RULES, ...config.rules, symbol, decimals };
  const catalog = venueCatalog(offsets.length, rules);
  const ticks = path
    .map((point, i) => ({ ...point, before: path[i - 1]?.price ?? point.price }))
    .filter(({ time }) => time % FIXING_PERIOD === 0);
  if (ticks.length === 0)
    throw new RangeError(`none of the path's ${path.length} times is a multiple of 300 s`);

  /** What each method says, `one` being the venue that the last of them listens to. */
  const priced = (sayings: readonly Saying[], tick: number, one: number): readonly (bigint | null)[] => {
    const quotes = sayings.map(({ units, age }, v): Quote => quoteOf(v, rules, units, (tick - age) * 1000));
    const sum = sayings.reduce((total, { units }) => total + units, 0n);
    return [
      observe(catalog, quotes, tick, "simulated")[0]?.price ?? null,
      sum / BigInt(sayings.length),
      sayings[one]?.units ?? null,
    ];
  };

  return attacks(rules.maxInputAge).map(({ name, liars, lie }) => {
    let honestGap = 0;
    const worst: (number | null)[] = METHODS.map(() => null);
    const withoutPrice = METHODS.map(() => 0);
    let times = 0;
    for (const { time, price, before } of ticks) {
      const said = (truth: bigint) =>
        honestPrices(truth, offsets).map((units): Saying => ({ units, age: AGE }));
      const [honest, earlier] = [said(price), said(before)];
      honestGap = Math.max(honestGap, gapOf(honest));
      for (const choice of choices(offsets.length, liars)) {
        times++;
        const one = choice[0] ?? 0;
        const attacked = honest.map((saying, v) =>
          choice.includes(v) ? lie(saying, earlier[v] ?? saying) : saying,
        );
        const fair = priced(honest, time, one);
        for (const [m, is] of priced(attacked, time, one).entries()) {
          const was = fair[m];
          if (is === null || was == null) withoutPrice[m] = (withoutPrice[m] ?? 0) + 1;
          else worst[m] = Math.max(worst[m] ?? 0, (Math.abs(Number(is - was)) / Number(was)) * 10_000);
        }
      }
    }
    return {
      attack: name,
      liars,
      honestGap,
      methods: METHODS.map((method, m) => ({
        method,
        worst: worst[m] ?? null,
        withoutPrice: withoutPrice[m] ?? 0,
        times,
      })),
    };
  });
}

/** The largest distance of two, in bp of the lowest. */
function gapOf(sayings: readonly Saying[]): number {
  const units = sayings.map((saying) => Number(saying.units));
  const lowest = Math.min(...units);
  return ((Math.max(...units) - lowest) / lowest) * 10_000;
}

/** Every choice of `size` out of 0 … `of` − 1. */
function choices(of: number, size: number, from = 0): readonly (readonly number[])[] {
  if (size === 0) return [[]];
  return Array.from({ length: Math.max(of - from, 0) }, (_, i) => from + i).flatMap((first) =>
    choices(of, size - 1, first + 1).map((rest) => [first, ...rest]),
  );
}
