import { decide, type ChainState, type SendRules } from "../../oracle/ledger/decision/decide.ts";
import { plan } from "../../oracle/ledger/decision/plan.ts";
import { Observer } from "../../oracle/market/observer.ts";
import type { Quote } from "../../oracle/market/quote.ts";
import { planCatalog } from "../../oracle/report/catalog-plan.ts";
import { encodeReport } from "../../oracle/report/encode.ts";
import { reportPart } from "../../oracle/report/report.ts";
import { type ReportTree, reportTree } from "../../oracle/report/report-tree.ts";
import { SIGNATURE_BYTES } from "../../oracle/report/signature.ts";
import type { SignerSet } from "../../oracle/report/signer-set.ts";
import { NO_PRICE, packWords } from "../../oracle/report/word.ts";
import { epochBundles } from "../../oracle/run/epoch-bundles.ts";
import type { Market } from "./market.ts";
import { moment, workBetween } from "./stopwatch.ts";

/** Seconds between ticks. */
export const TICK = 10;

/** The steps of a tick, in order. Quotes come in between ticks, as venues answer; all else happens when it strikes. */
export const STAGES = ["take quotes in", "aggregate", "decide", "pack", "hash", "encode"] as const;
export type Stage = (typeof STAGES)[number];

/**
 * Runs the next tick.
 * @param staged look at the clock after each stage. It takes a microsecond, which shows in the total of a small catalog;
 * without it all stages take 0
 */
export type Tick = (quotes: readonly Quote[], staged: boolean) => TickTimes;

/** What one tick took, in milliseconds, and what came of it. */
export interface TickTimes {
  readonly stages: Readonly<Record<Stage, number>>;
  /** All stages but taking quotes in. */
  readonly total: number;
  /** Of the report; 0 where nothing was to be sent. */
  readonly bytes: number;
}

/** Only their length counts: what comes after the root and before the bytes is the KMS's time, not ours. */
const SIGNERS: SignerSet = {
  quorum: 3,
  signers: [1, 2, 3, 4].map((last) => new Uint8Array(20).fill(last)),
};
const SIGNATURES = [0, 1, 2].map((index) => ({ index, compact: new Uint8Array(SIGNATURE_BYTES) }));

/**
 * From quotes to a report's bytes, by the code that a signer and its relayer run, with a chain that keeps what it is
 * sent at once.
 * @param start Unix seconds, a tick: the first one
 * @returns runs the next tick
 */
export function ticker({ catalog }: Market, start: number): Tick {
  const feeds = catalog.feeds.length;
  const observer = new Observer({ feeds: catalog.feeds, provenance: "simulated", tickInterval: TICK });
  const layout = planCatalog(epochBundles(catalog, start, start).map(({ definition }) => definition));
  const bundles = layout.bundles.map(({ bundle }) => bundle);
  const rules: SendRules = {
    deviation: new Uint32Array(feeds).fill(5_000),
    heartbeat: new Uint32Array(feeds).fill(3_600),
  };
  const chain: ChainState = {
    block: 1,
    blockTime: start,
    latestDelay: 120,
    prices: new BigInt64Array(feeds).fill(NO_PRICE),
    observedAt: new Uint32Array(feeds),
    fixingStored: new Uint8Array(bundles.length).fill(1),
  };
  const scheduled = new Uint32Array(feeds);
  const requested = new Set<number>();
  let previous: ReportTree | undefined;
  let time = start;

  return (quotes, staged) => {
    time += TICK;
    const began = moment();
    observer.accept(quotes, time * 1000);
    const taken = moment();
    const lap = staged ? moment : () => taken;
    const { prices } = observer.observe(time);
    const aggregated = lap();
    const input = {
      ...{ time, now: time, prices, catalog: layout.bundles, bundles, rules, chain },
      ...{ pending: [], scheduled, requested },
    };
    const parts = plan(input, decide(input));
    const decided = lap();
    const words = new Map<number, Uint8Array>();
    let first = 0;
    for (const { bundle, feeds: size } of layout.bundles) {
      words.set(bundle, packWords(prices.subarray(first, first + size)));
      first += size;
    }
    const packed = lap();
    const tree = reportTree(layout, words, previous);
    const hashed = lap();
    const report = {
      ...{ observedAt: time, set: SIGNERS, signatures: SIGNATURES },
      parts: parts.map(({ bundle, mask }) => reportPart(tree, bundle, mask)),
    };
    const bytes = parts.length === 0 ? 0 : encodeReport(report).length;
    const encoded = moment();

    previous = tree;
    chain.prices.set(prices);
    chain.observedAt.fill(time);
    return {
      stages: {
        "take quotes in": staged ? workBetween(began, taken) : 0,
        aggregate: workBetween(taken, aggregated),
        decide: workBetween(aggregated, decided),
        pack: workBetween(decided, packed),
        hash: workBetween(packed, hashed),
        encode: staged ? workBetween(hashed, encoded) : 0,
      },
      total: workBetween(taken, encoded),
      bytes,
    };
  };
}
