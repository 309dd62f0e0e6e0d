import type { Fixing, PathPoint, Result } from "../result.ts";
import { quantiles, rounded } from "../studies/statistics.ts";
import { digits, shown, time } from "./html.ts";
import type { Datum, Figure } from "./plot.ts";
import { BLUE, GOLD, MUTED, RED } from "./theme.ts";
import { every, thin } from "./thin.ts";

const [TRUTH, LATEST, FIXING, NONE] = ["true price", "latest on chain", "fixing", "no fixing"] as const;
const PIECES = 380;
const FIXINGS = 90;
/** Seconds of the close look. */
const CLOSE = 2 * 3_600;

/** A close look at fewer prices shows nothing. */
const LEAST_CLOSE = 12;

/** The price of the whole run; and, where that is long, a close look at the hours in which it moved most. */
export function priceFigures(result: Result): readonly Figure[] {
  const whole = priceFigure(result, "price", "Price path, reports and fixings", "");
  const { path } = result;
  const span = (path.at(-1)?.time ?? 0) - (path[0]?.time ?? 0);
  if (span < 3 * CLOSE) return [whole];
  const from = wildest(path);
  const within = ({ time }: { readonly time: number }) => time >= from && time <= from + CLOSE;
  if (path.filter(within).length < LEAST_CLOSE) return [whole]; // prices of each day, say
  const close: Result = {
    ...result,
    path: path.filter(within),
    rounds: result.rounds.filter(({ blockTime }) => within({ time: blockTime })),
    fixings: result.fixings.filter(within),
  };
  const caption = `The two hours in which the price moved most, from ${time(from)} UTC on, every report and fixing drawn. `;
  return [whole, priceFigure(close, "price-close", "The wildest two hours", caption)];
}

function priceFigure(result: Result, id: string, title: string, before: string): Figure {
  const { path, rounds, fixings, feed } = result;
  const price = (units: bigint) => Number(units) / 10 ** feed.decimals;
  const told = rounds.flatMap(({ blockTime, price: units }) =>
    units === null ? [] : [{ time: blockTime, units }],
  );
  const good = fixings.flatMap(({ time, price: units }) => (units === null ? [] : [{ time, units }]));
  const bad = fixings.filter(({ price: units }) => units === null);
  const row =
    (kind: string) =>
    ({ time, units }: { time: number; units: bigint }): Datum => ({
      kind,
      time: time * 1000,
      price: price(units),
    });
  const values = [
    ...thin(path, PIECES, (point) => Number(point.price)).map((point) =>
      row(TRUTH)({ time: point.time, units: point.price }),
    ),
    ...holes(result).map((time): Datum => ({ kind: TRUTH, time: time * 1000, price: null })),
    ...thin(told, PIECES, (point) => Number(point.units)).map(row(LATEST)),
    ...every(good, FIXINGS).map(row(FIXING)),
    ...every(bad, FIXINGS).map(({ time }) => row(NONE)({ time, units: truthAt(path, time) })),
  ];
  const kinds = [TRUTH, LATEST, FIXING, ...(bad.length > 0 ? [NONE] : [])];
  const color = { field: "kind", scale: { domain: kinds, range: [MUTED, BLUE, RED, GOLD] } };
  const x = {
    field: "time",
    type: "temporal",
    scale: { type: "utc" },
    axis: { title: "time, UTC", tickCount: 8, labelOverlap: true, format: timeFormat(path) },
  };
  const y = {
    field: "price",
    type: "quantitative",
    scale: { zero: false },
    axis: { title: feed.symbol, tickCount: 6, format: ",~f", maxExtent: 64 },
  };
  const only = (kind: string) => [{ filter: { field: "kind", equal: kind } }];
  const some = good.length > FIXINGS ? `; of ${shown(good.length)} fixings ${FIXINGS} are drawn` : "";
  return {
    id,
    title,
    caption: `${before}The true price as it came to be known, the latest price as the chain had it from each block on (a step), and the fixings, each at its own time${some}.`,
    prices: true,
    values,
    spec: {
      height: 290,
      encoding: { x, y, color },
      layer: [
        { transform: only(TRUTH), mark: { type: "line", strokeWidth: 3.4, opacity: 0.38 } },
        { transform: only(LATEST), mark: { type: "line", interpolate: "step-after", strokeWidth: 1.3 } },
        { transform: only(FIXING), mark: { type: "point", filled: true, size: 17, opacity: 1 } },
        { transform: only(NONE), mark: { type: "point", shape: "cross", filled: true, size: 60 } },
      ],
    },
  };
}

/** How far the latest price on chain was from the true one, at each point of the path: |…| in bp, and 0 or more. */
export function chainErrors({ path, rounds }: Pick<Result, "path" | "rounds">): readonly number[] {
  const errors: number[] = [];
  const byBlock = rounds.toSorted((a, b) => a.blockTime - b.blockTime);
  let next = 0;
  let [onChain, observedAt]: [bigint | null, number] = [null, 0];
  for (const { time, price } of path) {
    for (; next < byBlock.length && (byBlock[next]?.blockTime ?? 0) <= time; next++) {
      const round = byBlock[next];
      if (round !== undefined && round.observedAt > observedAt)
        [onChain, observedAt] = [round.price, round.observedAt];
    }
    if (onChain !== null) errors.push(Math.abs(Number(onChain) / Number(price) - 1) * 10_000);
  }
  return errors;
}

/** The share of the time in which the latest price on chain was nearer to the truth than so many bp. */
export function chainErrorFigure(result: Result): Figure | null {
  const errors = chainErrors(result);
  if (errors.length === 0) return null;
  const shares = Array.from({ length: 101 }, (_, i) => i / 100);
  const values = quantiles(errors, shares).map((error, i) => ({ share: i, error: rounded(error, 4) }));
  const [p50 = 0, p95 = 0, most = 0] = quantiles(errors, [0.5, 0.95, 1]);
  return {
    id: "chain-error",
    title: "Error of the latest price on chain",
    caption: `How much of the time the latest price was within so many basis points of the true one. Median ${digits(p50, 2)} bp, 95th percentile ${digits(p95, 2)} bp, largest ${digits(most, 2)} bp, over ${digits(errors.length, 0)} points of the path.`,
    prices: false,
    values,
    spec: {
      height: 190,
      encoding: {
        x: {
          field: "error",
          type: "quantitative",
          axis: { title: "|latest on chain / true price − 1|, bp", tickCount: 8 },
        },
        y: { field: "share", type: "quantitative", axis: { title: "share of the time, %", tickCount: 5 } },
      },
      layer: [
        { mark: { type: "line", interpolate: "step-before", strokeWidth: 1.6, color: BLUE } },
        {
          transform: [{ filter: { field: "share", oneOf: [50, 95] } }],
          layer: [
            { mark: { type: "point", filled: true, size: 45, color: RED } },
            {
              mark: { type: "text", align: "left", baseline: "top", dx: 7, dy: 5, fontSize: 11, color: RED },
              encoding: { text: { field: "label", type: "nominal" } },
              transform: [
                {
                  calculate:
                    "(datum.share == 50 ? 'median ' : '95 % ') + format(datum.error, '.2~f') + ' bp'",
                  as: "label",
                },
              ],
            },
          ],
        },
      ],
    },
  };
}

/** Where two hours begin that hold the largest distance of two prices, in proportion. */
function wildest(path: readonly PathPoint[]): number {
  let [from, widest] = [path[0]?.time ?? 0, -1];
  // Half an hour at a time is near enough for a look.
  for (let start = path[0]?.time ?? 0; start <= (path.at(-1)?.time ?? 0) - CLOSE; start += 1_800) {
    const prices = path
      .filter(({ time }) => time >= start && time <= start + CLOSE)
      .map(({ price }) => Number(price));
    if (prices.length < 2) continue;
    const width = extreme(prices, Math.max) / extreme(prices, Math.min);
    if (width > widest) [from, widest] = [start, width];
  }
  return from;
}

function extreme(values: readonly number[], of: (a: number, b: number) => number): number {
  return values.reduce((a, b) => of(a, b));
}

/** In the middle of each gap that is wide enough to be seen: there the line is broken, for there is no price. */
function holes({ path, gaps }: Pick<Result, "path" | "gaps">): readonly number[] {
  const [from, until] = [path[0]?.time ?? 0, path.at(-1)?.time ?? 0];
  return gaps
    .map(({ after, before }) => ({ middle: (after + before) / 2000, width: (before - after) / 1000 }))
    .filter(({ middle, width }) => middle > from && middle < until && width > (until - from) / 200)
    .map(({ middle }) => middle);
}

function truthAt(path: readonly PathPoint[], time: number): bigint {
  return path.findLast((point) => point.time <= time)?.price ?? path[0]?.price ?? 0n;
}

function timeFormat(path: readonly PathPoint[]): string {
  const span = (path.at(-1)?.time ?? 0) - (path[0]?.time ?? 0);
  if (span > 400 * 86_400) return "%b %Y";
  return span > 4 * 86_400 ? "%b %-d" : span > 86_400 ? "%b %-d %H:%M" : "%H:%M";
}

/** How many fixings ended as what. */
export function fixingCounts(fixings: readonly Fixing[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of fixings) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
