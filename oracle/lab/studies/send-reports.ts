import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

import { type ChainState, decide, type DecisionInput, type Pending } from "../../ledger/decision/decide.ts";
import { plan } from "../../ledger/decision/plan.ts";
import type { Reason } from "../../ledger/decision/reason.ts";
import { NO_PRICE } from "../../report/word.ts";

/** Fixing times are multiples of this many seconds. */
export const FIXING_PERIOD = 300;

/** A price as it is known at a time, in the feed's decimals; null where the venues are down and there is none. */
export interface KnownPrice {
  /** Unix seconds, above 0. */
  readonly time: number;
  readonly price: bigint | null;
}

/** How prices are kept near on chain, and what gets in the way. */
export interface SendSettings {
  /** Millionths of the price on chain; 0: no deviation is a reason. */
  readonly deviation: number;
  /** Seconds; 0: no age is a reason. */
  readonly heartbeat: number;
  /** Seconds from deciding to the block. */
  readonly latency: number;
  /** Share of the transactions that never arrive, 0 up to, not including, 1. A lost one is noticed when it should have arrived. */
  readonly dropped: number;
  readonly seed: number;
  /** Whether the report of each fixing time is sent as well, again until it is recorded. */
  readonly fixings: boolean;
  /** Seconds after which a report no longer becomes latest: the oracle's own number. */
  readonly latestDelay: number;
}

/** A report that the chain recorded. */
export interface RecordedReport {
  readonly observedAt: number;
  /** Time of its block. */
  readonly blockTime: number;
  readonly price: bigint | null;
  readonly reason: Reason;
  /** Whether it became the latest price. */
  readonly latest: boolean;
  /** Whether it was kept as the fixing of `observedAt`. */
  readonly fixing: boolean;
}

/** What became of a path on chain. */
export interface Sent {
  /** In the order in which they were recorded. */
  readonly recorded: readonly RecordedReport[];
  /** Transactions that never arrived. */
  readonly lost: number;
}

/** A transaction on its way. */
interface OnItsWay {
  readonly report: Pending;
  readonly reason: Reason;
  readonly arrives: number;
  readonly lost: boolean;
}

const CATALOG = [{ bundle: 0, feeds: 1 }];
const BUNDLES = [0];
const NOTHING_REQUESTED: ReadonlySet<number> = new Set();

/**
 * Sends a path to a chain that takes `latency` to answer. What is sent is decided by `decide` and `plan`, as a relayer does
 * it: what is on its way counts as if it were there, and a fixing's report is sent again until it is recorded.
 *
 * As on chain a report becomes latest only if it is newer than what is there and not older than `latestDelay`; as a
 * fixing it is kept whenever it comes. The first price is on chain from its own time on, whatever the latency: it is there before anybody trades.
 * @param path ascending
 * @throws RangeError for settings outside their domain
 */
export function sendReports(path: readonly KnownPrice[], settings: SendSettings): Sent {
  const { latency, dropped } = settings;
  check(settings);
  const chance = xoroshiro128plus(settings.seed);
  chance.jump(); // the first outputs repeat the bits of the seed
  const rules = {
    deviation: Uint32Array.of(settings.deviation),
    heartbeat: Uint32Array.of(settings.heartbeat),
  };
  const prices = BigInt64Array.of(NO_PRICE);
  const observedAt = Uint32Array.of(0);
  const recorded: RecordedReport[] = [];
  const stored = new Set<number>();
  let onTheirWay: OnItsWay[] = [];
  let lost = 0;

  const send = (report: Pending, reason: Reason, arrives: number): void => {
    const isLost = reason !== "initial" && dropped > 0 && uniformFloat64(chance) < dropped;
    onTheirWay.push({ report, reason, arrives, lost: isLost });
  };
  const arrive = ({ report, reason, arrives }: OnItsWay): void => {
    const [mask = 0n, price = NO_PRICE] = [report.parts[0]?.mask, report.prices[0]];
    const newer = mask > 1n && report.observedAt > (observedAt[0] ?? 0);
    const latest = newer && arrives - report.observedAt <= settings.latestDelay;
    if (latest) [prices[0], observedAt[0]] = [price, report.observedAt];
    const fixing = (mask & 1n) === 1n;
    if (fixing) stored.add(report.observedAt);
    recorded.push({
      observedAt: report.observedAt,
      blockTime: arrives,
      price: price === NO_PRICE ? null : price,
      reason,
      latest,
      fixing,
    });
  };
  /** Takes in what should have arrived by `time`; a fixing that was lost goes out again at once. */
  const takeIn = (time: number): void => {
    for (;;) {
      const [first] = onTheirWay.toSorted((a, b) => a.arrives - b.arrives);
      if (first === undefined || first.arrives > time) return;
      onTheirWay = onTheirWay.filter((other) => other !== first);
      if (first.lost) {
        lost++;
        const mask = first.report.parts[0]?.mask ?? 0n;
        if ((mask & 1n) === 1n) send(first.report, first.reason, first.arrives + Math.max(latency, 1));
      } else arrive(first);
    }
  };

  for (const { time, price } of path) {
    takeIn(time);
    const isFixing = settings.fixings && time % FIXING_PERIOD === 0;
    const chain: ChainState = {
      block: 0,
      blockTime: time,
      latestDelay: settings.latestDelay,
      prices,
      observedAt,
      fixingStored: Uint8Array.of(isFixing && !stored.has(time) ? 0 : 1),
    };
    const report = { observedAt: time, prices: BigInt64Array.of(price ?? NO_PRICE) };
    const input: DecisionInput = {
      time,
      now: time,
      prices: report.prices,
      catalog: CATALOG,
      bundles: BUNDLES,
      rules,
      chain,
      pending: onTheirWay.map((transaction) => transaction.report),
      scheduled: new Uint32Array(1),
      requested: NOTHING_REQUESTED,
    };
    const verdicts = decide(input);
    const parts = plan(input, verdicts);
    if (parts.length > 0) {
      const reason = verdicts[0] ?? "none";
      send({ ...report, parts }, reason, reason === "initial" ? time : time + latency);
    }
    takeIn(time);
  }
  takeIn(Infinity); // what was sent last arrives after the path's end
  return { recorded, lost };
}

function check({ latency, dropped, deviation, heartbeat, latestDelay }: SendSettings): void {
  for (const [name, value] of Object.entries({ latency, deviation, heartbeat, latestDelay })) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`${name} must be a whole number of 0 or more, got ${value}`);
    }
  }
  if (!(dropped >= 0 && dropped < 1)) {
    throw new RangeError(`dropped must be a share from 0 up to, not including, 1, got ${dropped}`);
  }
}
