import type { Cell, PathPoint, Study } from "../result.ts";
import { FIXING_PERIOD, type KnownPrice, sendReports, type SendSettings } from "./send-reports.ts";
import { ChainHistory, type Rule, RULES, settle, timeWeightedMean } from "./settle-rules.ts";
import { quantiles, rounded, summary } from "./statistics.ts";

/** What is swept: every value of each axis with every value of the others. */
export interface OracleErrorConfig {
  /** The true price, ascending. */
  readonly path: readonly PathPoint[];
  /** Millionths. */
  readonly deviations: readonly number[];
  /** Seconds. */
  readonly heartbeats: readonly number[];
  /** Seconds from deciding to the block. */
  readonly latencies: readonly number[];
  /** Shares of transactions that never arrive. */
  readonly dropped?: readonly number[];
  /** Seconds for which all venues are down, in the stretch of the path in which the price moves most. */
  readonly outages?: readonly number[];
  /** Seconds from one settlement to the next; those of fixings are multiples of 300 s besides. 300 by default. */
  readonly settleEvery?: number;
  /** Whether the report of each fixing time is sent: without it there is no fixing. True by default. */
  readonly fixings?: boolean;
  /** Seconds; see `SendSettings`. 120 by default, as the oracle has it. */
  readonly latestDelay?: number;
  readonly seed: number;
}

const COLUMNS = [
  { name: "deviation", unit: "bp" },
  { name: "heartbeat", unit: "s" },
  { name: "latency", unit: "s" },
  { name: "dropped", unit: "%" },
  { name: "outage", unit: "s" },
  { name: "rule", unit: "" },
  { name: "settlements", unit: "" },
  { name: "unsettled", unit: "" },
  { name: "mean_error", unit: "bp" },
  { name: "p50_error", unit: "bp" },
  { name: "p95_error", unit: "bp" },
  { name: "max_error", unit: "bp" },
  { name: "bias", unit: "bp" },
  { name: "rms_error", unit: "bp" },
  { name: "wait_p95", unit: "s" },
  { name: "updates", unit: "" },
  { name: "lost", unit: "" },
] as const;

/** One configuration and one rule, as its row has it. Errors are |settled / true − 1| in bp, the bias is their signed mean. */
export interface RuleError {
  /** Signed, in bp, one for each settlement that found a price. */
  readonly errors: Float64Array;
  /** Settlements that found none. */
  readonly unsettled: number;
  /** Seconds until the price that settles is on chain. */
  readonly waits: Float64Array;
}

/** A configuration, run. */
export interface OracleErrorRun {
  readonly settings: SendSettings;
  readonly outage: number;
  readonly byRule: Readonly<Record<Rule, RuleError>>;
  /** Mean over 30 minutes on chain against the mean over the same 30 minutes of the true price: |…| in bp. */
  readonly meanAgainstMean: Float64Array;
  /** Reports that were recorded by the path's end, the first one left out. */
  readonly updates: number;
  readonly lost: number;
}

/**
 * How far from the true price a contract settles, by how the oracle is kept and by the rule that finds the price.
 *
 * The sender is the product's own `decide`. What a rule finds is compared with the true price of the time that is settled:
 * `first-after` and `last-before` err by the market's moves while the chain waits, `twap-30` by what the mean lags, and a
 * fixing by nothing, as it is the price of that very time, whenever it arrives.
 *
 * Sources: settlement rules as read in Opyn Gamma, Premia v3 and Derive v2; deviation and heartbeat as Chainlink's feeds
 * have them (OCR2).
 * @throws RangeError for an empty path or settings outside their domain
 */
export function studyOracleError(config: OracleErrorConfig): Study {
  const rows: Cell[][] = [];
  for (const run of runOracleError(config)) {
    const { settings, outage } = run;
    for (const rule of RULES) {
      if (rule === "fixing" && !settings.fixings) continue;
      const { errors, unsettled, waits } = run.byRule[rule];
      const head = [
        settings.deviation / 100,
        settings.heartbeat,
        settings.latency,
        rounded(settings.dropped * 100, 4),
        outage,
        rule,
        errors.length + unsettled,
        unsettled,
      ];
      rows.push([...head, ...errorCells(errors), waitCell(waits), run.updates, run.lost]);
    }
  }
  return {
    name: "oracle-error",
    title: "Error of the settlement price",
    about:
      "|settled price / true price − 1| in basis points over all settlement times, by how the oracle is kept and by the rule that finds the price. Deviation, heartbeat and latency as swept; dropped is the share of transactions that never arrive; in an outage all venues are down while the price moves most.",
    columns: COLUMNS,
    rows,
  };
}

/** Every configuration of the sweep, in the order of its axes, the last one fastest. */
export function runOracleError(config: OracleErrorConfig): readonly OracleErrorRun[] {
  const { path, dropped = [0], outages = [0], settleEvery = FIXING_PERIOD, fixings = true } = config;
  if (path.length === 0) throw new RangeError("the path has 0 prices; an error needs 1 or more");
  const step = stepOf(path);
  const end = path.at(-1)?.time ?? 0;
  const truth = new Map(path.map(({ time, price }) => [time, Number(price)]));
  const times = path.map(({ time }) => time).filter((time) => time % settleEvery === 0);
  const runs: OracleErrorRun[] = [];
  for (const deviation of config.deviations)
    for (const heartbeat of config.heartbeats)
      for (const latency of config.latencies)
        for (const share of dropped)
          for (const outage of outages) {
            const settings: SendSettings = {
              deviation,
              heartbeat,
              latency,
              dropped: share,
              seed: config.seed,
              fixings,
              latestDelay: config.latestDelay ?? 120,
            };
            const sent = sendReports(withOutage(path, outage), settings);
            const history = new ChainHistory(sent.recorded, end);
            runs.push({
              settings,
              outage,
              byRule: Object.fromEntries(
                RULES.map((rule) => [rule, errorsOf(rule, history, times, truth, step)]),
              ) as Record<Rule, RuleError>,
              meanAgainstMean: meansOf(history, times, truth, step),
              updates: sent.recorded.filter(({ blockTime }) => blockTime <= end).length - 1,
              lost: sent.lost,
            });
          }
  return runs;
}

function errorsOf(
  rule: Rule,
  history: ChainHistory,
  times: readonly number[],
  truth: ReadonlyMap<number, number>,
  step: number,
): RuleError {
  const errors: number[] = [];
  const waits: number[] = [];
  let unsettled = 0;
  for (const time of times) {
    if (rule === "fixing" && time % FIXING_PERIOD !== 0) continue;
    const settled = settle(rule, history, time, step);
    if (settled === null) unsettled++;
    else errors.push(basisPoints(settled, truth.get(time) ?? Number.NaN));
    const next = rule === "first-after" ? history.next(time) : null;
    if (next !== null) waits.push(next.blockTime - time);
  }
  return { errors: Float64Array.from(errors), unsettled, waits: Float64Array.from(waits) };
}

function meansOf(
  history: ChainHistory,
  times: readonly number[],
  truth: ReadonlyMap<number, number>,
  step: number,
): Float64Array {
  const errors: number[] = [];
  for (const time of times) {
    const onChain = timeWeightedMean((at) => history.at(at), time, step);
    const real = timeWeightedMean((at) => truth.get(at) ?? null, time, step);
    if (onChain !== null && real !== null) errors.push(Math.abs(basisPoints(onChain, real)));
  }
  return Float64Array.from(errors);
}

function basisPoints(settled: number, real: number): number {
  return (settled / real - 1) * 10_000;
}

function errorCells(errors: Float64Array): Cell[] {
  if (errors.length === 0) return [null, null, null, null, null, null];
  const sizes = errors.map(Math.abs);
  const { mean, most } = summary(sizes);
  const [p50 = 0, p95 = 0] = quantiles(sizes, [0.5, 0.95]);
  const signed = summary(errors);
  return [mean, p50, p95, most, signed.mean, signed.rootMeanSquare].map((value) => rounded(value, 4));
}

function waitCell(waits: Float64Array): Cell {
  return waits.length === 0 ? null : rounded(quantiles(waits, [0.95])[0] ?? 0, 1);
}

/** The shortest distance of two prices of the path. */
function stepOf(path: readonly PathPoint[]): number {
  let step = Infinity;
  for (let i = 1; i < path.length; i++) {
    step = Math.min(step, (path[i]?.time ?? 0) - (path[i - 1]?.time ?? 0));
  }
  return step === Infinity ? FIXING_PERIOD : step;
}

/** The path without its prices for so many seconds, where these see the largest move; the first price always stays. */
export function withOutage(path: readonly PathPoint[], seconds: number): readonly KnownPrice[] {
  if (seconds === 0) return path;
  let [worst, from] = [-1, Infinity];
  let end = 0;
  for (let start = 1; start < path.length; start++) {
    const [first, before] = [path[start], path[start - 1]];
    if (first === undefined || before === undefined) break;
    while (end + 1 < path.length && (path[end + 1]?.time ?? 0) < first.time + seconds) end++;
    const move = Math.abs(Number(path[end]?.price ?? 0n) / Number(before.price) - 1);
    if (move > worst) [worst, from] = [move, first.time];
  }
  return path.map((point) =>
    point.time >= from && point.time < from + seconds ? { time: point.time, price: null } : point,
  );
}
