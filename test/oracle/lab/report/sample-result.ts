import type {
  Fixing,
  PathPoint,
  Result,
  ResultTerms,
  Round,
  Settlement,
  Trade,
} from "../../../../oracle/lab/result.ts";
import { studyCollateralShocks } from "../../../../oracle/lab/studies/collateral-shocks.ts";
import { studyCollateralTime } from "../../../../oracle/lab/studies/collateral-time.ts";
import { studyCompareOracles } from "../../../../oracle/lab/studies/compare-oracles.ts";
import { studyCost } from "../../../../oracle/lab/studies/cost.ts";
import { studyManipulationChooser } from "../../../../oracle/lab/studies/manipulation-chooser.ts";
import { studyManipulation } from "../../../../oracle/lab/studies/manipulation.ts";
import { studyPath } from "../../../../oracle/lab/studies/path-moments.ts";
import { studyOracleError } from "../../../../oracle/lab/studies/oracle-error.ts";
import { sendReports } from "../../../../oracle/lab/studies/send-reports.ts";
import { studyWriterPnl } from "../../../../oracle/lab/studies/writer-pnl.ts";
import { normalSource } from "../../../../oracle/options/montecarlo/normal-source.ts";

const START = 1_767_571_200; // 2026-01-05
const KINDS = [
  "call",
  "put",
  "base-call",
  "call-spread",
  "put-spread",
  "digital-call",
  "digital-put",
  "asian-call",
  "asian-put",
  "touch-up",
  "touch-down",
];
const TOKENS = [
  { token: "JPY6", decimals: 6 },
  { token: "JPY18", decimals: 18 },
];

/** A result like a simulation's, made without a chain: for the page alone. */
export function sampleResult(minutes: number, options: number, seed = 7): Result {
  const draw = normalSource(seed);
  let level = 0;
  const path = Array.from({ length: minutes }, (_, i): PathPoint => {
    level += 0.0009 * draw() * (i % 900 > 780 ? 3 : 1);
    return { time: START + 60 * i, price: BigInt(Math.round(10_000_000 * Math.exp(level))) };
  });
  const settings = {
    deviation: 5_000,
    heartbeat: 3_600,
    latency: 12,
    dropped: 0,
    seed,
    fixings: true,
    latestDelay: 120,
  };
  const truth = new Map(path.map((point) => [point.time, point.price]));
  const rounds = sendReports(path, settings).recorded.map(
    ({ observedAt, blockTime, price, reason, fixing }, i): Round => ({
      observedAt,
      blockTime,
      price,
      reason,
      fixing,
      block: i + 10,
      truth: truth.get(observedAt) ?? null,
      gas: fixing ? 92_411n : 55_120n,
    }),
  );
  const fixings = rounds
    .filter(({ fixing }) => fixing)
    .map(({ observedAt, price }, i): Fixing =>
      i % 97 === 96
        ? { time: observedAt, status: "void", price: null, truth: truth.get(observedAt) ?? null }
        : { time: observedAt, status: "final", price, truth: truth.get(observedAt) ?? null },
    );
  const trades: Trade[] = [];
  const settlements = Array.from({ length: options }, (_, option): Settlement => {
    const kind = KINDS[option % KINDS.length]!;
    const { token, decimals } = TOKENS[option % TOKENS.length]!;
    const good = fixings.filter(({ price }) => price !== null);
    const fixing = good[(option * 7) % good.length]!;
    const strike = (fixing.price! * BigInt(Math.round(1_000 * Math.exp(0.03 * draw())))) / 1_000n;
    const up = kind.includes("call") || kind === "touch-up";
    const width = strike / (kind.includes("spread") ? 50n : 12n);
    const plain = kind.startsWith("digital") || kind.startsWith("touch") || kind === "base-call";
    const bound = plain ? 0n : up ? strike + width : strike - width;
    const size = 10n ** BigInt(decimals);
    const collateral = plain ? size * 1_000n : width * size;
    const gain = up ? fixing.price! - strike : strike - fixing.price!;
    const inTheMoney = gain > 0n;
    const payout = !inTheMoney
      ? 0n
      : kind === "base-call"
        ? (collateral * gain) / fixing.price!
        : plain
          ? collateral
          : (gain < width ? gain : width) * size;
    const terms: ResultTerms = {
      contract: "OptionSeries",
      kind,
      strike,
      bound,
      size,
      token,
      tokenDecimals: decimals,
      collateral,
      expiry: fixing.time,
    };
    const cancelled = option % 23 === 22;
    const premium = cancelled
      ? 0n
      : (collateral * BigInt(plain ? (kind === "base-call" ? 2 : 45) : 20)) / 100n;
    trades.push({
      option,
      time: fixing.time - 3_600,
      action: "create",
      terms,
      premium: 0n,
      gas: 123_502n + BigInt(option % 90) * 150n,
    });
    return {
      option,
      time: fixing.time + 600,
      terms,
      outcome: cancelled ? "cancelled" : "fixed",
      fixing: cancelled ? null : fixing.price,
      back: 0,
      truth: fixing.truth,
      premium,
      payout: cancelled ? 0n : payout,
      refund: cancelled ? collateral : collateral - payout,
      exact: { numerator: cancelled ? 0n : payout, denominator: 1n },
      difference: 0n,
      dust: 0n,
      gas: 160_000n + BigInt(option % 50) * 40n,
    };
  });
  const gas = [
    { action: "record", p50: 55_120n, p95: 92_411n },
    { action: "create", p50: 123_502n, p95: 140_587n },
    { action: "offer", p50: 53_610n, p95: 53_622n },
    { action: "buy", p50: 66_922n, p95: 88_822n },
    { action: "settle", p50: 44_007n, p95: 56_315n },
    { action: "observe", p50: 51_966n, p95: 68_875n },
    { action: "claim, the buyer's side", p50: 57_714n, p95: 57_714n },
    { action: "cancel", p50: 25_780n, p95: 25_780n },
  ].map((row, i) => ({
    ...row,
    count: 100 + i,
    least: row.p50 - 5_000n,
    most: row.p95 + 1_200n,
    total: row.p50 * BigInt(100 + i),
  }));
  const sum = (of: (settlement: Settlement) => bigint, token: string) =>
    settlements
      .filter(({ terms }) => terms.token === token)
      .reduce((total, settlement) => total + of(settlement), 0n);
  const day = path.slice(0, 1_440);
  return {
    manifest: {
      versions: {
        nakane: "0.1.0",
        commit: "5e".repeat(20),
        node: "24.21.0",
        hardhat: "3.17.0",
        solc: "0.8.37",
      },
      bytecode: { Oracle: `0x${"4f".repeat(32)}`, OptionSeries: `0x${"a1".repeat(32)}` },
      data: null,
      seed,
      generator: "pure-rand xoroshiro128plus",
      scenario: {
        name: "a-quiet-month",
        about: "A month of BTC/JPY & its <options>.",
        market: { path: { kind: "gbm", volatility: 0.6 } },
      },
      scenarioSha256: "5e".repeat(32),
      signing: "keys in this process",
      signers: 4,
      quorum: 3,
      provenance: "simulated",
    },
    feed: { symbol: "BTC/JPY", decimals: 0, method: "Nakane median, version 1.\nPrice: BTC/JPY" },
    path,
    rounds,
    fixings,
    trades,
    settlements,
    money: TOKENS.map(({ token, decimals }) => ({
      token,
      decimals,
      options: settlements.filter(({ terms }) => terms.token === token).length,
      collateral: sum(({ terms }) => terms.collateral, token),
      premiums: sum(({ premium }) => premium, token),
      payouts: sum(({ payout }) => payout, token),
      refunds: sum(({ refund }) => refund, token),
      dust: 0n,
      left: 0n,
      stuck: 0,
      reverts: 0,
    })),
    gas,
    studies: [
      studyPath(path),
      studyOracleError({
        path: day,
        deviations: [1_000, 5_000, 10_000],
        heartbeats: [3_600],
        latencies: [0, 60],
        dropped: [0, 0.2],
        outages: [0],
        seed,
      }),
      studyCompareOracles({ path: day, settings, attacks: 4 }),
      studyWriterPnl({
        type: "call",
        spot: 100,
        strike: 100,
        rate: 0,
        dividendYield: 0,
        volatility: 0.6,
        timeToExpiry: 0.25,
        hedges: [1, 4, 16, 64, 256],
        paths: 1_000,
        seed,
      }),
      studyCollateralShocks({
        series: [{ kind: "put", strike: 10_000_000n, bound: 0n, amount: 1_000_000n, decimals: 0 }],
        spot: 10_000_000n,
        path: day.map(({ price }) => price),
        shares: [10_000, 5_000, 2_500],
      }),
      studyCollateralTime({
        type: "put",
        bound: 0,
        spot: 100,
        strike: 100,
        rate: 0,
        dividendYield: 0,
        volatility: 0.8,
        timeToExpiry: 0.1,
        jumpsPerYear: 10,
        jumpMean: -0.05,
        jumpDeviation: 0.1,
        shares: [1, 0.5, 0.25, 0.1],
        steps: 30,
        paths: 400,
        seed,
      }),
      studyManipulation({ path: day.slice(0, 61), symbol: "BTC/JPY", decimals: 0 }),
      studyManipulationChooser({ path: day, windows: [60, 300], settings }),
      studyCost({
        gas,
        trades,
        settlements,
        gasPrices: [1_500_000_000n, 20_000_000_000n],
        etherInUsd: { units: 3_000n, scale: 0 },
        etherInJpy: { units: 460_000n, scale: 0 },
      }),
    ],
    gaps: [],
    outliers: [{ time: START + 60 * 800, price: 10_100_000n, before: 10_000_000n, basisPoints: 100 }],
  };
}
