import { parseDecimal, powerOfTen } from "../decimal.ts";
import { seedOf } from "../market/simulated/random.ts";
import { YEAR } from "./paths/synthetic-path.ts";
import { millionths } from "./percent.ts";
import type { Result, Study } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { studyCollateralShocks } from "./studies/collateral-shocks.ts";
import { studyCollateralTime } from "./studies/collateral-time.ts";
import { studyCompareOracles } from "./studies/compare-oracles.ts";
import { studyCost } from "./studies/cost.ts";
import { type CoverKind, KINDS } from "./studies/cover.ts";
import { studyManipulation } from "./studies/manipulation.ts";
import { type ManipulationPrintConfig, studyManipulationPrint } from "./studies/manipulation-print.ts";
import { studyManipulationChooser } from "./studies/manipulation-chooser.ts";
import { studyOracleError } from "./studies/oracle-error.ts";
import { studyPath } from "./studies/path-moments.ts";
import { realisedVolatility } from "./studies/realised-volatility.ts";
import type { SendSettings } from "./studies/send-reports.ts";
import { studyWriterPnl } from "./studies/writer-pnl.ts";

/** Studies look at the first so many prices: two days of minutes. */
const POINTS = 2_880;
/** Those that look at the path. */
const OF_PATH = new Set([
  "oracle-error",
  "compare-oracles",
  "collateral-shocks",
  "manipulation",
  "manipulation-chooser",
]);
/** Monte Carlo paths of a study. */
const PATHS = 2_000;

/**
 * What is worked out beside a run, from its path, its options and its gas. A study that its data does not allow says why.
 * @param print one among the trades of its file; null where it has bars, or no file
 */
export function runStudies(
  scenario: Scenario,
  result: Result,
  print: ManipulationPrintConfig | null,
): Study[] {
  const { oracle, options, costs } = scenario;
  const { oracleError, writer } = scenario.studies;
  const { feed, trades, settlements, gas } = result;
  const path = result.path.slice(0, POINTS);
  const spot = path[0]?.price ?? 1n;
  const seed = seedOf(scenario.seed, "studies");
  const deviation = Number(millionths(oracle.deviation));
  const settings: SendSettings = {
    deviation,
    heartbeat: oracle.heartbeat,
    latency: oracle.latency,
    dropped: 0,
    seed,
    fixings: true,
    latestDelay: 120,
  };
  const market = { spot: 100, rate: 0, dividendYield: 0, volatility: Math.max(options.volatility, 0.01) };
  const vanilla = { ...market, type: "call" as const, strike: 100, timeToExpiry: (7 * 86_400) / YEAR };
  const known = (volatility: number | "realised"): number =>
    Math.max(volatility === "realised" ? realisedVolatility(result.path) : volatility, 0.01);
  const positions = settlements.flatMap(({ terms }) => {
    const kind = KINDS.find((one) => one === terms.kind || terms.kind === `${one}-spread`);
    return kind === undefined ? [] : [{ ...terms, kind }];
  });
  const studies: Record<string, () => Study> = {
    path: () => studyPath(result.path),
    "oracle-error": () =>
      studyOracleError({
        path,
        deviations: oracleError.deviations?.map((text) => Number(millionths(text))) ?? [
          ...new Set([deviation / 5, deviation, 2 * deviation].map(Math.ceil)),
        ],
        heartbeats: oracleError.heartbeats ?? [oracle.heartbeat],
        latencies: oracleError.latencies ?? [...new Set([0, oracle.latency, 60])].sort((a, b) => a - b),
        dropped: oracleError.dropped.map(share),
        outages: oracleError.outages,
        seed,
      }),
    "compare-oracles": () => studyCompareOracles({ path, settings }),
    "writer-pnl": () => {
      const volatility = known(writer.volatility ?? options.volatility);
      return studyWriterPnl({
        ...market,
        ...{ type: writer.type, strike: 100 * share(writer.strike), timeToExpiry: writer.life / YEAR },
        ...{ volatility, premiumVolatility: known(writer.premiumVolatility ?? volatility) },
        ...{ cost: share(writer.cost), hedges: writer.hedges, paths: writer.paths, seed },
      });
    },
    "collateral-shocks": () =>
      studyCollateralShocks({
        series: firstOfEach(positions).map(({ kind, strike, bound, size }) => ({
          kind,
          strike,
          bound,
          amount: size,
          decimals: feed.decimals,
        })),
        spot,
        path: path.map(({ price }) => price),
        shares: [10_000, 5_000],
      }),
    "collateral-time": () =>
      studyCollateralTime({
        ...vanilla,
        bound: 1_000,
        shares: [1, 0.1, 0.01],
        steps: 168,
        paths: PATHS,
        seed,
      }),
    manipulation: () => studyManipulation({ path, symbol: feed.symbol, decimals: feed.decimals }),
    ...(print === null ? {} : { "manipulation-print": () => studyManipulationPrint(print) }),
    "manipulation-chooser": () => studyManipulationChooser({ path, windows: [300, 900], settings }),
    cost: () =>
      studyCost({
        ...{ gas, trades, settlements },
        gasPrices: [gweiToWei(costs.gasPrice)],
        etherInUsd: parseDecimal(costs.etherUsd),
        etherInJpy: parseDecimal(costs.etherJpy),
      }),
  };
  const part =
    result.path.length > POINTS
      ? ` Of the first ${POINTS.toLocaleString("en-US")} prices of ${result.path.length.toLocaleString("en-US")}.`
      : "";
  const done: Study[] = [];
  const left: [string, string][] = [];
  for (const [name, run] of Object.entries(studies)) {
    try {
      const study = run();
      done.push(OF_PATH.has(name) ? { ...study, about: study.about + part } : study);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      left.push([name, error.message]);
    }
  }
  if (left.length > 0)
    done.push({
      name: "left-out",
      title: "Studies that this data does not allow",
      about: "Each with what it asks for.",
      columns: [
        { name: "study", unit: "" },
        { name: "reason", unit: "" },
      ],
      rows: left,
    });
  return done;
}

/** `0.5%` is 0.005. */
function share(percent: string): number {
  return Number(millionths(percent)) / 1e6;
}

function gweiToWei(text: string): bigint {
  const { units, scale } = parseDecimal(text);
  return scale <= 9 ? units * powerOfTen(9 - scale) : units / powerOfTen(scale - 9);
}

function firstOfEach<T extends { readonly kind: CoverKind }>(all: readonly T[]): T[] {
  const seen = new Set<CoverKind>();
  return all.filter(({ kind }) => !seen.has(kind) && seen.add(kind));
}
