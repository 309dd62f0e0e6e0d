/**
 * How long a tick takes, beside a bare sort-and-median loop over the same numbers, measured side by side in one run.
 * `npm run bench:tick -- --help` lists the options.
 *
 * A tick is what a signer and its relayer do with the quotes of seven venues: aggregate, decide, pack, hash, encode.
 * Signatures are left out: they are the KMS's time. Taking quotes in is shown and not counted, as it happens when venues
 * answer, between ticks. The bare loop sorts each feed's seven prices and takes the middle one, and does nothing else.
 *
 * What else the machine does is not in the times (stopwatch.ts).
 */
import { systemClock } from "../oracle/clock.ts";
import { UsageError } from "../oracle/usage-error.ts";
import { wholeNumber } from "../oracle/whole-number.ts";
import { benchMarket, FEEDS_PER_BUNDLE, type Market, VENUES } from "./bench-tick/market.ts";
import { type MemorySample, sampleMemory, slope } from "./bench-tick/memory.ts";
import { moment, workBetween } from "./bench-tick/stopwatch.ts";
import { STAGES, TICK, ticker, type TickTimes } from "./bench-tick/tick.ts";
import { scriptOptions } from "./house/script-options.ts";

const START = 1_800_000_000;
const LEAST_ROUNDS = 7;
/** One feed in so many changes in a quiet tick: 5 %. */
const FEW = 20;
const MEMORY_FEEDS = 1_000;
const MEMORY_SAMPLES = 20;

/** Ratios; memory in bytes a tick: a tick has 7,000 quotes, so one that is kept for good would show. */
const TARGETS = { ratio: 3, tail: 5, few: 1 / 4, bytesPerTick: { used: 50, rss: 1_000 } };

const USAGE = `Usage: npm run bench:tick -- [options]

  --json         one JSON object a line, in place of tables
  --check        fails where a target is missed
  --feeds N,N    sizes of the catalog, in bundles of ${FEEDS_PER_BUNDLE} (100,1000,10000)
  --seconds N    for each size (10); more where the machine is busy
  --ticks N      that memory is watched for (10000)`;

const wanted = scriptOptions(
  {
    name: "npm run bench:tick",
    usage: USAGE,
    options: {
      json: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      feeds: { type: "string", default: "100,1000,10000" },
      seconds: { type: "string", default: "10" },
      ticks: { type: "string", default: "10000" },
    },
  },
  ({ values }) => ({
    json: values.json,
    check: values.check,
    feeds: values.feeds.split(",").map(sizeOf),
    seconds: wholeNumber("--seconds", values.seconds, 0, 3_600),
    ticks: wholeNumber("--ticks", values.ticks, MEMORY_SAMPLES, 10_000_000),
  }),
);
const clock = systemClock();
const missed: string[] = [];

for (const feeds of wanted.feeds) showTimes(feeds, measure(benchMarket(feeds), wanted.seconds));
showMemory(watchMemory(wanted.ticks));

if (wanted.check && missed.length > 0) {
  for (const target of missed) console.error(`missed: ${target}`);
  process.exitCode = 1;
}

function sizeOf(text: string): number {
  const feeds = wholeNumber("--feeds", text, FEEDS_PER_BUNDLE, 100_000);
  if (feeds % FEEDS_PER_BUNDLE === 0) return feeds;
  throw new UsageError(`--feeds takes multiples of ${FEEDS_PER_BUNDLE}, got ${text}`);
}

/** Milliseconds, one number a round. */
interface Measured {
  readonly bare: number[];
  /** The same loop over a typed array, which has a sort of its own in machine code: to compare, without a target. */
  readonly typed: number[];
  /** Every feed changed. */
  readonly whole: number[];
  /** Of other such ticks, in the order of `STAGES`. */
  readonly stages: readonly number[][];
  /** 5 % of the feeds changed: neighbours, so most bundles did not. */
  readonly together: number[];
  /** As many feeds changed, all over the catalog, so that nearly every bundle did. */
  readonly scattered: number[];
  /** Bytes of the whole report. */
  readonly bytes: number;
}

/** Ticks of all three kinds and the bare loop take turns, so that what else the machine does hits all alike. */
function measure(market: Market, seconds: number): Measured {
  const feeds = market.catalog.feeds.length;
  const all = Array.from({ length: feeds }, (_, f) => f);
  const few = all.slice(0, feeds / FEW);
  const next = nextTick(market);
  const [bare, typed, whole]: [number[], number[], number[]] = [[], [], []];
  const [together, scattered]: [number[], number[]] = [[], []];
  const columns = market.units.map((state) => BigInt64Array.from(state.flat()));
  const stages = STAGES.map((): number[] => []);
  let bytes = 0;
  const run = (from: number, milliseconds: number): void => {
    const end = clock.monotonic() + milliseconds;
    for (let r = from; r < from + LEAST_ROUNDS || clock.monotonic() < end; r++) {
      together.push(next(few.map((i) => (r * few.length + i) % feeds)).total);
      scattered.push(next(few.map((i) => i * FEW + (r % FEW))).total);
      const tick = next(all);
      whole.push(tick.total);
      const staged = next(all, true);
      for (const [i, stage] of STAGES.entries()) stages[i]?.push(staged.stages[stage]);
      bytes = tick.bytes;
      bare.push(bareLoop(market.units[r % market.units.length] ?? []));
      typed.push(typedLoop(columns[r % columns.length] ?? new BigInt64Array()));
    }
  };
  run(0, 300 * seconds);
  for (const warmingUp of [bare, typed, whole, together, scattered, ...stages]) warmingUp.length = 0;
  run(LEAST_ROUNDS, 1000 * seconds);
  return { bare, typed, whole, stages, together, scattered, bytes };
}

/** Runs tick after tick of a market; the chain has what the one before sent. */
function nextTick(market: Market): (changed: readonly number[], staged?: boolean) => TickTimes {
  const run = ticker(market, START);
  let ticks = 0;
  return (changed, staged = false) => {
    ticks++;
    return run(market.quotes(changed, ticks, 1000 * (START + TICK * ticks)), staged);
  };
}

/** The middle one of every feed's prices, and nothing else. */
function bareLoop(units: readonly (readonly bigint[])[]): number {
  const prices = new BigInt64Array(units.length);
  const start = moment();
  for (let f = 0; f < units.length; f++) {
    const sorted = units[f]?.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)) ?? [];
    prices[f] = sorted[sorted.length >> 1] ?? 0n;
  }
  return workBetween(start, moment());
}

/** The same over one column: the prices of a feed are neighbours. */
function typedLoop(units: BigInt64Array): number {
  const prices = new BigInt64Array(units.length / VENUES);
  const start = moment();
  for (let f = 0; f < prices.length; f++) {
    const sorted = units.slice(f * VENUES, (f + 1) * VENUES).sort();
    prices[f] = sorted[sorted.length >> 1] ?? 0n;
  }
  return workBetween(start, moment());
}

function showTimes(
  feeds: number,
  { bare, typed, whole, stages, together, scattered, bytes }: Measured,
): void {
  const unit = quantile(bare, 0.5);
  const show = (name: string, times: readonly number[]): Shown => {
    const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
    const shown = { p50, p99, ratio: p50 / unit };
    if (wanted.json) console.log(JSON.stringify({ feeds, bytes, name, ...shown, count: times.length }));
    else {
      const columns = [`${p50.toFixed(3)} ms`, `${p99.toFixed(3)} ms`, `${shown.ratio.toFixed(2)} x`];
      console.log(`  ${name.padEnd(32)} ${columns.map((column) => column.padStart(12)).join("")}`);
    }
    return shown;
  };
  if (!wanted.json) {
    console.log(`\n${feeds} feeds in bundles of ${FEEDS_PER_BUNDLE}, ${bytes} bytes, ${bare.length} rounds`);
    console.log(`  ${"".padEnd(32)} ${["p50", "p99", "to bare"].map((name) => name.padStart(12)).join("")}`);
  }
  show("bare sort and median", bare);
  show("the same of a typed array", typed);
  for (const [i, stage] of STAGES.entries()) show(stage, stages[i] ?? []);
  const tick = show("tick, every feed changed", whole);
  const quiet = [
    show("tick, 5 % changed, neighbours", together),
    show("tick, 5 % changed, everywhere", scattered),
  ];
  check(`${feeds} feeds: p50 to bare`, tick.ratio, TARGETS.ratio);
  check(`${feeds} feeds: p99 to p50`, tick.p99 / tick.p50, TARGETS.tail);
  for (const { ratio } of quiet)
    check(`${feeds} feeds, 5 % changed: p50 to bare`, ratio, TARGETS.ratio * TARGETS.few);
}

interface Shown {
  readonly p50: number;
  readonly p99: number;
  /** Of the p50 to the bare loop's. */
  readonly ratio: number;
}

function quantile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(share * times.length)] ?? Number.NaN;
}

/** Ticks in which everything changes, with a look at the memory now and then; the first tenth is for warming up. */
function watchMemory(ticks: number): MemorySample[] {
  const market = benchMarket(MEMORY_FEEDS);
  const all = Array.from({ length: MEMORY_FEEDS }, (_, f) => f);
  const next = nextTick(market);
  for (let i = 0; i < ticks / 10; i++) next(all);
  const samples = [sampleMemory(0)];
  for (let i = 1; i <= MEMORY_SAMPLES; i++) {
    const until = Math.round((i * ticks) / MEMORY_SAMPLES);
    for (let tick = samples.at(-1)?.ticks ?? 0; tick < until; tick++) next(all);
    samples.push(sampleMemory(until));
  }
  return samples;
}

function showMemory(samples: readonly MemorySample[]): void {
  const ticks = samples.at(-1)?.ticks ?? 0;
  if (!wanted.json) console.log(`\nmemory over ${ticks} ticks of ${MEMORY_FEEDS} feeds, garbage collected`);
  for (const kind of ["used", "rss"] as const) {
    const [first = 0, last = 0] = [samples[0]?.[kind], samples.at(-1)?.[kind]];
    const perTick = slope(samples, kind);
    if (wanted.json) console.log(JSON.stringify({ memory: kind, ticks, first, last, bytesPerTick: perTick }));
    else {
      const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
      console.log(
        `  ${kind.padEnd(6)} ${megabytes(first)} to ${megabytes(last)}, slope ${perTick.toFixed(1)} bytes a tick`,
      );
    }
    check(`${kind}: bytes a tick`, perTick, TARGETS.bytesPerTick[kind]);
  }
}

/** Notes a target that was missed. */
function check(what: string, measured: number, most: number): void {
  if (!(measured <= most)) missed.push(`${what}: ${measured.toFixed(2)}, at most ${most}`);
}
