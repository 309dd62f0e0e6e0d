import type { Result, Settlement } from "../result.ts";
import { quantiles, rounded, summary } from "../studies/statistics.ts";
import { digits, type Shown } from "./html.ts";
import type { Datum, Figure } from "./plot.ts";
import { BLUE, INK, MUTED, RED, WIDTH } from "./theme.ts";

/** Points of a payoff's picture for each kind. */
const POINTS = 140;
/** About how many bins a kind's profits and losses are put into. */
const BINS = 16;
/** Percent of the collateral: profits and losses are drawn over this much at least, so that nothing looks like much. */
const SPAN = 0.1;
/** Pixels between two panels. */
const GAP = 40;

/** What each kind paid, by where the settlement price was. */
export function payoffFigure({ settlements }: Pick<Result, "settlements">): Figure | null {
  const values = kindsOf(settlements).flatMap((kind) => {
    const cells = new Map<string, Datum>();
    for (const { terms, fixing, payout } of settlements) {
      if (terms.kind !== kind || fixing === null || terms.collateral === 0n || terms.strike === 0n) continue;
      const moneyness = rounded((Number(fixing) / Number(terms.strike) - 1) * 100, 2);
      const paid = percentOf(payout, terms.collateral);
      // Neighbours that would be one dot are one.
      const key = `${moneyness.toFixed(1)} ${paid.toFixed(1)}`;
      if (!cells.has(key)) cells.set(key, { kind, moneyness, paid });
    }
    const all = [...cells.values()];
    const stride = Math.max(1, Math.ceil(all.length / POINTS));
    return all.filter((_, i) => i % stride === 0);
  });
  if (values.length === 0) return null;
  // A kind without a dot has no panel, and takes no room.
  const kinds = [...new Set(values.map(({ kind }) => String(kind)))];
  const columns = Math.min(4, kinds.length);
  return {
    id: "payoff",
    title: "What options paid, by where they settled",
    caption:
      "Each dot is an option: how far its settlement price was from its strike, and which share of its collateral went to the buyer's side. Options with bounds at different distances have different slopes. Each kind has a scale of its own; dots that would cover each other are one.",
    prices: true,
    values,
    spec: {
      ...facet(kinds, columns, 56, "up: paid, % of collateral; across: price / strike − 1, %"),
      resolve: { scale: { y: "independent" }, axis: { x: "independent" } },
      spec: {
        ...small(columns),
        // Few dots are large enough to be seen, many do not cover each other.
        mark: { type: "point", filled: true, size: values.length < 200 ? 22 : 9, opacity: 0.75, color: BLUE },
        encoding: {
          x: {
            field: "moneyness",
            type: "quantitative",
            scale: { zero: true, nice: true },
            axis: { title: null, tickCount: 4 },
          },
          y: {
            field: "paid",
            type: "quantitative",
            // Where all is 0 there is a scale nevertheless; and each ends with a tick, so that panels are equally high.
            scale: { domain: { unionWith: [0, 1] }, nice: 3 },
            axis: { title: null, tickCount: 3, minExtent: 24, maxExtent: 24 },
          },
        },
      },
    },
  };
}

/** What buyers won or lost on each option, payout less premium; what is one side's is not the other's. */
export function pnlFigure({ settlements }: Pick<Result, "settlements">): Figure | null {
  const sold = soldOf(settlements);
  if (sold.length === 0) return null;
  const kinds = kindsOf(sold);
  const values = kinds.flatMap((kind) => {
    const pnls = sold.filter(({ terms }) => terms.kind === kind).map(buyerPnl);
    const { least, most } = summary(pnls);
    // From 0, which is drawn as well, to what is farthest from it.
    const width = niceWidth(Math.max(Math.max(most, 0) - Math.min(least, 0), SPAN) / BINS);
    const bins = new Map<number, number>();
    for (const pnl of pnls) {
      const bin = Math.floor(pnl / width);
      bins.set(bin, (bins.get(bin) ?? 0) + 1);
    }
    return [...bins]
      .sort(([a], [b]) => a - b)
      .map(([bin, options]): Datum => ({
        kind,
        from: rounded(bin * width, 6),
        to: rounded((bin + 1) * width, 6),
        options,
        share: rounded((options / pnls.length) * 100, 3),
      }));
  });
  const columns = Math.min(4, kinds.length);
  return {
    id: "pnl",
    title: "Profit and loss of buyers",
    caption: `Payout less premium of each of ${digits(sold.length, 0)} options that were sold, in percent of its collateral: red is lost, blue is won or nothing. Each kind has a scale of its own. The writer's profit and loss is the same with the other sign. Without hedging, before gas.`,
    prices: true,
    values,
    spec: {
      ...facet(kinds, columns, 56, "up: options, %; across: payout − premium, % of collateral"),
      resolve: { scale: { x: "independent" } },
      spec: {
        ...small(columns),
        layer: [
          {
            mark: { type: "bar", binSpacing: 1 },
            encoding: {
              x: {
                field: "from",
                type: "quantitative",
                bin: "binned",
                scale: { zero: true, nice: true, padding: 6 },
                axis: { title: null, tickCount: 4 },
              },
              x2: { field: "to" },
              y: {
                field: "share",
                type: "quantitative",
                axis: { title: null, tickCount: 3, minExtent: 24, maxExtent: 24 },
              },
              color: { condition: { test: "datum.from >= 0", value: BLUE }, value: RED },
            },
          },
          { mark: { type: "rule", color: INK, strokeWidth: 0.8 }, encoding: { x: { datum: 0 } } },
          ...[-SPAN / 2, SPAN / 2].map((edge) => ({
            mark: { type: "rule", opacity: 0 },
            encoding: { x: { datum: edge } },
          })),
        ],
      },
    },
  };
}

/** A row for each kind: how many, and what became of them. */
export function kindRows({ settlements }: Pick<Result, "settlements">): readonly (readonly Shown[])[] {
  return kindsOf(settlements).map((kind) => {
    const all = settlements.filter(({ terms }) => terms.kind === kind);
    const fixed = all.filter(({ outcome }) => outcome === "fixed");
    const sold = soldOf(all);
    const pnls = sold.map(buyerPnl);
    const [p05 = null, p95 = null] = pnls.length === 0 ? [] : quantiles(pnls, [0.05, 0.95]);
    const mean = (values: readonly number[]) =>
      values.length === 0 ? null : rounded(summary(values).mean, 2);
    return [
      kind,
      all.length,
      fixed.length,
      all.filter(({ outcome }) => outcome === "split").length,
      all.filter(({ outcome }) => outcome === "cancelled").length,
      fixed.length === 0
        ? null
        : rounded((fixed.filter(({ payout }) => payout > 0n).length / fixed.length) * 100, 1),
      mean(sold.map(({ payout, terms }) => percentOf(payout, terms.collateral))),
      mean(sold.map(({ premium, terms }) => percentOf(premium, terms.collateral))),
      mean(pnls),
      p05 === null ? null : rounded(p05, 2),
      p95 === null ? null : rounded(p95, 2),
    ];
  });
}

function soldOf(settlements: readonly Settlement[]): readonly Settlement[] {
  return settlements.filter(({ outcome, terms }) => outcome !== "cancelled" && terms.collateral > 0n);
}

/** Percent of the collateral. A premium paid in another token than the collateral has its own decimals: then it is as near as that. */
function buyerPnl({ payout, premium, terms }: Settlement): number {
  return percentOf(payout - premium, terms.collateral);
}

function percentOf(part: bigint, whole: bigint): number {
  return rounded(Number((part * 1_000_000n) / whole) / 10_000, 4);
}

function kindsOf(settlements: readonly Settlement[]): readonly string[] {
  return [...new Set(settlements.map(({ terms }) => terms.kind))].sort();
}

/** 1, 2 or 5 times a power of ten, at least as wide as asked for. */
function niceWidth(width: number): number {
  if (!(width > 0)) return 1;
  const power = Math.floor(Math.log10(width));
  for (const digit of [1, 2, 5]) {
    const wide = Number(`${digit}e${power}`);
    if (wide >= width) return wide;
  }
  return Number(`1e${power + 1}`);
}

function facet(kinds: readonly string[], columns: number, row: number, axes: string) {
  return {
    title: { text: axes, fontSize: 11, fontWeight: "normal", color: MUTED, offset: 10 },
    columns,
    // Panels alike in a grid, whatever stands beside them: their labels find room in between.
    bounds: "flush",
    align: "all",
    spacing: { row, column: GAP },
    facet: { field: "kind", type: "nominal", sort: kinds, header: { title: null } },
    autosize: "pad",
    width: undefined,
  };
}

function small(columns: number) {
  return { width: Math.floor((WIDTH - 46 - GAP * (columns - 1)) / columns), height: 92 };
}
