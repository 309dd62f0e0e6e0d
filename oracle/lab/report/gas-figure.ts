import type { Result } from "../result.ts";
import type { Figure } from "./plot.ts";
import { BLUE, INK, RED } from "./theme.ts";

/** `claim, the buyer's side` as `claim, buyer`: what is cut off at its end could be either side's. */
const SHORT = "replace(datum.label, /, the (.*)'s side$/, ', $1')";

/** Gas of each action: median and 95th percentile, the dearest first. */
export function gasFigure({ gas }: Pick<Result, "gas">): Figure | null {
  if (gas.length === 0) return null;
  const values = gas
    .toSorted((a, b) => (a.p50 < b.p50 ? 1 : a.p50 > b.p50 ? -1 : 0))
    .map(({ action, count, p50, p95 }) => ({ action, count, p50: Number(p50), p95: Number(p95) }));
  return {
    id: "gas",
    title: "Gas by action",
    caption: "Bars: median; red: 95th percentile; as the chain's receipts have it.",
    prices: false,
    values,
    spec: {
      height: 21 * values.length,
      encoding: {
        y: {
          field: "action",
          type: "nominal",
          sort: null,
          axis: { title: null, labelLimit: 400, labelExpr: SHORT },
        },
        x: {
          field: "p50",
          type: "quantitative",
          axis: { title: "gas", format: ",d", grid: true, tickCount: 6 },
        },
      },
      layer: [
        { mark: { type: "bar", color: BLUE, height: 11 } },
        {
          mark: { type: "tick", color: RED, thickness: 2.2, height: 15 },
          encoding: { x: { field: "p95", type: "quantitative" } },
        },
        {
          mark: { type: "text", align: "left", dx: 8, fontSize: 10.5, color: INK },
          encoding: {
            x: { field: "p95", type: "quantitative" },
            text: { field: "p50", type: "quantitative", format: "," },
          },
        },
      ],
    },
  };
}
