import type { Cell, Study } from "../result.ts";
import type { Datum, Figure } from "./plot.ts";
import { BLUE, GOLD, GREEN, MUTED, RED, SERIES, WIDTH } from "./theme.ts";

/** How many combinations of the other axes are drawn; the table has them all. */
const PANELS = 6;
const RULE_COLOURS = { "first-after": RED, "last-before": GOLD, "twap-30": GREEN, fixing: BLUE };

/** The figures of the studies that have one. */
export function studyFigures(study: Study): readonly Figure[] {
  if (study.rows.length === 0) return [];
  if (study.name === "oracle-error") return [oracleErrorFigure(study)];
  if (study.name === "sweep") return sweepFigures(study);
  if (study.name === "writer-pnl") return [hedgingFigure(study), pnlBandFigure(study)];
  return [];
}

/** The 95th percentile by rule, for each configuration of the sweep. */
function oracleErrorFigure(study: Study): Figure {
  const rows = study.rows.map((row) => record(study, row));
  const varies = (axis: string) => new Set(rows.map((row) => row[axis])).size > 1;
  const panel = (row: Record<string, Cell>): string => {
    const told = [
      varies("latency") ? `${durationText(row["latency"])} latency` : "",
      varies("heartbeat") ? `${durationText(row["heartbeat"])} heartbeat` : "",
      varies("dropped") ? `${String(row["dropped"])} % lost` : "",
      varies("outage") ? `${durationText(row["outage"])} outage` : "",
    ];
    return told.filter((text) => text !== "").join(", ") || "all configurations";
  };
  const panels = [...new Set(rows.map(panel))].slice(0, PANELS);
  const values = rows
    .filter((row) => panels.includes(panel(row)) && row["p95_error"] !== null)
    .map((row): Datum => ({
      panel: panel(row),
      deviation: `${String(row["deviation"])} bp`,
      rule: String(row["rule"]),
      p50: Number(row["p50_error"]),
      p95: Number(row["p95_error"]),
      most: Number(row["max_error"]),
    }));
  const rules = Object.keys(RULE_COLOURS).filter((rule) => values.some((value) => value["rule"] === rule));
  const columns = panels.length === 4 ? 2 : Math.min(3, panels.length);
  const scale = { type: "symlog", constant: 5, domainMin: 0, nice: false };
  const deviations = [...new Set(values.map((value) => value["deviation"]))];
  const left = [...new Set(rows.map(panel))].length - panels.length;
  return {
    id: "oracle-error",
    title: "Error of the settlement price, by how the oracle is kept and by the rule that finds the price",
    caption: `Dots: 95th percentile of |settled / true − 1|; lines: from the median to the largest. By deviation threshold (across), rule (colour) and the rest of the configuration (panels${left > 0 ? `, ${left} more in the table` : ""}). The scale is linear near 0 and logarithmic beyond.`,
    prices: true,
    values,
    spec: {
      columns,
      spacing: { row: 18, column: 20 },
      autosize: "pad",
      width: undefined,
      facet: { field: "panel", type: "nominal", sort: panels, header: { title: null, labelLimit: 400 } },
      spec: {
        width: Math.floor((WIDTH - 62 - 26 * columns) / columns),
        height: 150,
        encoding: {
          x: {
            field: "deviation",
            type: "nominal",
            sort: deviations,
            axis: { title: "deviation threshold", labelAngle: 0, domain: true },
          },
          xOffset: { field: "rule", type: "nominal", sort: rules, scale: { paddingOuter: 1 } },
          color: {
            field: "rule",
            type: "nominal",
            sort: rules,
            scale: {
              domain: rules,
              range: rules.map((rule) => RULE_COLOURS[rule as keyof typeof RULE_COLOURS]),
            },
          },
        },
        layer: [
          {
            mark: { type: "rule", strokeWidth: 1.4, opacity: 0.65 },
            encoding: {
              y: {
                field: "p50",
                type: "quantitative",
                scale,
                axis: {
                  title: "error, bp",
                  values: [0, 5, 20, 50, 100, 200, 500, 1000, 2000],
                  tickCount: 9, // Vega leaves out every other one of more
                },
              },
              y2: { field: "most" },
            },
          },
          {
            mark: { type: "point", filled: true, size: 50, opacity: 1 },
            encoding: { y: { field: "p95", type: "quantitative", scale } },
          },
        ],
      },
    },
  };
}

/** What each run of a sweep took, and how near the price on chain was for it. */
function sweepFigures(study: Study): readonly Figure[] {
  const rows = study.rows
    .map((row) => record(study, row))
    .filter((row) => typeof row["latest_p95"] === "number");
  const varies = (axis: string) => new Set(rows.map((row) => row[axis])).size > 1;
  const values = rows.map((row): Datum => ({
    gas: Number(row["round_gas"]) / 1e6,
    p95: Number(row["latest_p95"]),
    deviation: `deviation ${String(row["deviation"])} %`,
    rest: [
      varies("heartbeat") ? `${durationText(row["heartbeat"])} heartbeat` : "",
      varies("latency") ? `${durationText(row["latency"])} latency` : "",
    ]
      .filter((text) => text !== "")
      .join(", "),
  }));
  const [deviations, rest] = ["deviation", "rest"].map((name) => [
    ...new Set(values.map((value) => String(value[name]))),
  ]);
  if (values.length === 0) return [];
  const figure = {
    id: "sweep",
    title: "What nearer prices cost",
    caption:
      "Each mark is a whole run: the gas of all its reports, and the 95th percentile of |latest on chain / true price − 1|. Colour: the deviation at which a report is sent; shape: the rest of the setting. To the left is cheaper, below is nearer.",
    prices: true,
    values,
    spec: {
      height: 280,
      mark: { type: "point", size: 70, strokeWidth: 1.8, opacity: 0.9 },
      encoding: {
        x: {
          field: "gas",
          type: "quantitative",
          scale: { zero: true, nice: true },
          axis: { title: "gas of all reports, millions", tickCount: 8 },
        },
        y: {
          field: "p95",
          type: "quantitative",
          scale: { zero: true, nice: true },
          axis: { title: "95th percentile of the error, bp", tickCount: 6 },
        },
        color: {
          field: "deviation",
          type: "nominal",
          sort: deviations,
          scale: { domain: deviations, range: SERIES.slice(0, deviations?.length) },
        },
        ...(rest !== undefined && rest.length > 1
          ? {
              shape: {
                field: "rest",
                type: "nominal",
                sort: rest,
                scale: { domain: rest },
                legend: { orient: "right", labelLimit: 300 },
              },
            }
          : {}),
      },
    },
  };
  return [figure];
}

/** The standard deviation of the hedged writer's profit and loss against the number of hedges, both logarithmic. */
function hedgingFigure(study: Study): Figure {
  const values = study.rows
    .map((row) => record(study, row))
    .filter((row) => Number(row["hedges"]) > 0)
    .flatMap((row): Datum[] => [
      { hedges: Number(row["hedges"]), deviation: Number(row["deviation"]), of: "simulated" },
      {
        hedges: Number(row["hedges"]),
        deviation: Number(row["expected_deviation"]),
        of: "expected",
      },
    ]);
  const only = (of: string) => [{ filter: { field: "of", equal: of } }];
  const domain = ["simulated", "expected"];
  return {
    id: "hedging",
    title: "Hedging error against how often one hedges",
    caption:
      "Standard deviation of the writer's profit and loss at expiry, both scales logarithmic; dashed: what Derman and Kamal expect, √(π/4) · vega · volatility / √n.",
    prices: true,
    values,
    spec: {
      height: 230,
      encoding: {
        x: {
          field: "hedges",
          type: "quantitative",
          scale: { type: "log", base: 2, nice: false, padding: 14 },
          axis: { title: "number of hedges", values: hedgesOf(values), tickCount: 99, grid: false },
        },
        y: {
          field: "deviation",
          type: "quantitative",
          scale: { type: "log", nice: false, padding: 12 },
          axis: {
            title: "standard deviation, price units",
            values: roundNumbers(values.map((value) => Number(value["deviation"]))),
            tickCount: 99,
            format: "~g",
          },
        },
        color: { field: "of", type: "nominal", sort: domain, scale: { domain, range: [BLUE, MUTED] } },
      },
      layer: [
        { transform: only(domain[1] ?? ""), mark: { type: "line", strokeDash: [4, 3], strokeWidth: 1.3 } },
        {
          transform: only(domain[0] ?? ""),
          mark: { type: "line", strokeWidth: 1.6, point: { filled: true, size: 45 } },
        },
      ],
    },
  };
}

/** The whole distribution against the number of hedges, as bands. */
function pnlBandFigure(study: Study): Figure {
  const rows = study.rows.map((row) => record(study, row));
  const values = rows.map((row): Datum => ({
    hedges: String(row["hedges"]),
    ...Object.fromEntries(
      ["p01", "p05", "p25", "p50", "p75", "p95", "p99", "mean"].map((name) => [name, Number(row[name])]),
    ),
  }));
  const y = (field: string) => ({
    field,
    type: "quantitative",
    axis: { title: "profit and loss, price units", tickCount: 6 },
  });
  return {
    id: "writer-pnl",
    title: "Profit and loss of a writer who hedges",
    caption:
      "By number of hedges: from the 1st to the 99th percentile (line), 5th to 95th (thin bar), 25th to 75th (bar), median (white) and mean (red).",
    prices: true,
    values,
    spec: {
      height: 220,
      encoding: {
        x: {
          field: "hedges",
          type: "nominal",
          sort: null,
          axis: { title: "number of hedges", labelAngle: 0, domain: true },
        },
      },
      layer: [
        {
          mark: { type: "rule", color: BLUE, strokeWidth: 1 },
          encoding: { y: y("p01"), y2: { field: "p99" } },
        },
        {
          mark: { type: "bar", color: BLUE, size: 7, opacity: 0.55 },
          encoding: { y: y("p05"), y2: { field: "p95" } },
        },
        { mark: { type: "bar", color: BLUE, size: 18 }, encoding: { y: y("p25"), y2: { field: "p75" } } },
        { mark: { type: "tick", color: "white", thickness: 2, size: 18 }, encoding: { y: y("p50") } },
        {
          mark: { type: "point", filled: true, color: RED, size: 34, opacity: 1 },
          encoding: { y: y("mean") },
        },
        { mark: { type: "rule", color: MUTED, strokeWidth: 0.8 }, encoding: { y: { datum: 0 }, x: null } },
      ],
    },
  };
}

/** A row by its columns' names. */
function record(study: Study, row: readonly Cell[]): Record<string, Cell> {
  return Object.fromEntries(study.columns.map(({ name }, i) => [name, row[i] ?? null]));
}

function hedgesOf(values: readonly Datum[]): readonly number[] {
  return [...new Set(values.map((value) => Number(value["hedges"])))].sort((a, b) => a - b);
}

/** 1, 2 and 5 times the powers of ten between the least and the most. */
function roundNumbers(values: readonly number[]): readonly number[] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const numbers: number[] = [];
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= most; power++) {
    for (const digit of [1, 2, 5]) {
      // Written and read again, so that 3 · 10^-1 is 0.3.
      const number = Number(`${digit}e${power}`);
      if (number >= least && number <= most) numbers.push(number);
    }
  }
  return numbers;
}

function durationText(seconds: Cell | undefined): string {
  const value = Number(seconds);
  return value === 0
    ? "no"
    : value % 3600 === 0
      ? `${value / 3600} h`
      : value % 60 === 0
        ? `${value / 60} min`
        : `${value} s`;
}
