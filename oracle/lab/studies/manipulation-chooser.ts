import type { Cell, PathPoint, Study } from "../result.ts";
import { FIXING_PERIOD, type RecordedReport, sendReports, type SendSettings } from "./send-reports.ts";
import { ChainHistory } from "./settle-rules.ts";
import { quantiles, rounded, summary } from "./statistics.ts";

/** A caller who may settle at any moment of a window after the expiry. */
export interface ManipulationChooserConfig {
  /** The true price, ascending; every fixing time of it is an expiry. */
  readonly path: readonly PathPoint[];
  /** Seconds after the expiry in which he may call. */
  readonly windows: readonly number[];
  readonly settings: SendSettings;
}

const RULES = ["live price when called", "first price after expiry", "fixing of the expiry"] as const;

type ChooserRule = (typeof RULES)[number];

/**
 * What a caller gains by choosing when to settle: the best price on offer in the window against the first, in bp.
 *
 * `live price when called` is how Lyra v1 (`settleExpiredBoard`), Dopex 0DTE (5 minutes) and Hegic read it. A fixing is one
 * number for its time: until it is recorded there is nothing to call for (`FixingPending`), and then it stays.
 * @throws RangeError where the path has no fixing time
 */
export function studyManipulationChooser(config: ManipulationChooserConfig): Study {
  const rows: Cell[][] = [];
  for (const window of config.windows) {
    for (const rule of RULES) {
      const gains = chooserGains(config, rule, window);
      const { mean, most, count } = summary(gains);
      rows.push([
        rule,
        window,
        count,
        rounded(mean, 4),
        rounded(quantiles(gains, [0.95])[0] ?? 0, 4),
        rounded(most, 4),
      ]);
    }
  }
  return {
    name: "manipulation-chooser",
    title: "What a caller gains by choosing when to settle",
    about:
      "The highest price that could be settled on in the window after the expiry, against the first one, in basis points: the gain of whoever holds a call and calls himself. Mean, 95th percentile and largest over all fixing times of the path.",
    columns: [
      { name: "rule", unit: "" },
      { name: "window", unit: "s" },
      { name: "expiries", unit: "" },
      { name: "mean_gain", unit: "bp" },
      { name: "p95_gain", unit: "bp" },
      { name: "max_gain", unit: "bp" },
    ],
    rows,
  };
}

/** One gain for each expiry that could be settled in the window at all. */
export function chooserGains(
  { path, settings }: ManipulationChooserConfig,
  rule: ChooserRule,
  window: number,
): readonly number[] {
  const { recorded } = sendReports(path, { ...settings, fixings: true });
  const offer = offers(rule, recorded);
  const gains: number[] = [];
  path.forEach(({ time: expiry }, at) => {
    if (expiry % FIXING_PERIOD !== 0) return;
    let first: number | null = null;
    let best = 0;
    for (let i = at; (path[i]?.time ?? Infinity) <= expiry + window; i++) {
      const price = offer(expiry, path[i]?.time ?? 0);
      if (price === null) continue;
      first ??= price;
      best = Math.max(best, price);
    }
    if (first !== null) gains.push((best / first - 1) * 10_000);
  });
  if (gains.length === 0) {
    throw new RangeError(`none of the path's ${path.length} times can be settled within ${window} s`);
  }
  return gains;
}

/** What is settled on by who calls at a time; null where the call reverts. */
function offers(
  rule: ChooserRule,
  recorded: readonly RecordedReport[],
): (expiry: number, time: number) => number | null {
  const history = new ChainHistory(recorded);
  if (rule === "live price when called") return (_, time) => history.at(time);
  if (rule === "first price after expiry") {
    return (expiry, time) => {
      const next = history.next(expiry);
      return next === null || next.blockTime > time ? null : next.price;
    };
  }
  const fixings = new Map(
    recorded.filter(({ fixing }) => fixing).map((report) => [report.observedAt, report] as const),
  );
  return (expiry, time) => {
    const report = fixings.get(expiry);
    return report?.price == null || report.blockTime > time ? null : Number(report.price);
  };
}
