import { latestReason } from "./latest-reason.ts";
import type { Reason } from "./reason.ts";
import { seenWithPending } from "./seen.ts";

/** Where people closed a bundle, its words have this time (2^32 - 1): no report is newer. */
export const HALTED = 2 ** 32 - 1;

/** How a feed's price on chain is kept near, in columns by the feed's place in the catalog. */
export interface SendRules {
  /** Millionths of the price on chain; 0: no deviation is a reason. */
  readonly deviation: Uint32Array;
  /** Seconds; 0: no age is a reason. */
  readonly heartbeat: Uint32Array;
}

/** What the chain has, read at one block. */
export interface ChainState {
  readonly block: number;
  /** That block's time, Unix seconds. */
  readonly blockTime: number;
  /** Seconds after which a report no longer becomes latest: the oracle's own number. */
  readonly latestDelay: number;
  /** By feed; `NO_PRICE` where the word says so or was never recorded. */
  readonly prices: BigInt64Array;
  /** By feed: the time of its word; 0 never recorded, `HALTED` where people closed the bundle. */
  readonly observedAt: Uint32Array;
  /** By the bundle's place in the catalog: 1 where the fixing of the report's time is stored or void, or none is due. */
  readonly fixingStored: Uint8Array;
}

/** A part of a report, and what the chain is to keep of it. */
export interface PlannedPart {
  readonly bundle: number;
  /** Bit 0: the fixings; bit 1 + w: word w as latest. */
  readonly mask: bigint;
}

/** A report that is on its way: its words count as if they were on chain, so that nothing is sent twice. */
export interface Pending {
  readonly observedAt: number;
  /** By feed. Those that no mask keeps count for nothing. */
  readonly prices: BigInt64Array;
  readonly parts: readonly PlannedPart[];
}

/** Everything the decision rests on. */
export interface DecisionInput {
  /** The report's time, Unix seconds. */
  readonly time: number;
  /** When it was decided, Unix seconds: the later one of the own clock and the block's time. */
  readonly now: number;
  /** The report's prices, by feed; `NO_PRICE` where it has none. */
  readonly prices: BigInt64Array;
  /** The catalog's bundles, ascending, and how many feeds each has: these make the places of the columns. */
  readonly catalog: readonly { readonly bundle: number; readonly feeds: number }[];
  /** The numbers of the bundles the report holds. A bundle that it leaves out is closed: nothing of it is sent. */
  readonly bundles: readonly number[];
  readonly rules: SendRules;
  readonly chain: ChainState;
  /** In any order. */
  readonly pending: readonly Pending[];
  /** By feed: the newest scheduled time at or before `time`, 0 where there is none. */
  readonly scheduled: Uint32Array;
  /** Places of feeds that an operator asked for. */
  readonly requested: ReadonlySet<number>;
}

/** What is to be done about one feed. */
export type Verdict = Reason;

/**
 * Whether each feed is sent, and why: the first of `REASONS` that holds. The same input gives the same verdicts, now and
 * in any replay.
 * @returns by feed of the catalog
 * @throws RangeError where a column is not as long as the catalog
 */
export function decide(input: DecisionInput): readonly Verdict[] {
  checkColumns(input);
  const seen = seenWithPending(input);
  const held = new Set(input.bundles);
  const verdicts = new Array<Verdict>(input.prices.length).fill("none");
  let first = 0;
  for (const [place, { bundle, feeds }] of input.catalog.entries()) {
    const end = first + feeds;
    if (held.has(bundle)) {
      const fixing = seen.fixingStored[place] === 0;
      for (let feed = first; feed < end; feed++) {
        const reason = latestReason(input, seen, feed);
        verdicts[feed] = fixing && reason !== "initial" ? "fixing" : reason;
      }
    }
    first = end;
  }
  return verdicts;
}

function checkColumns({ catalog, prices, rules, chain, pending, scheduled }: DecisionInput): void {
  const feeds = catalog.reduce((sum, bundle) => sum + bundle.feeds, 0);
  const columns: Record<string, { readonly length: number }> = {
    prices,
    "rules.deviation": rules.deviation,
    "rules.heartbeat": rules.heartbeat,
    "chain.prices": chain.prices,
    "chain.observedAt": chain.observedAt,
    scheduled,
  };
  for (const [i, report] of pending.entries()) columns[`pending[${i}].prices`] = report.prices;
  for (const [name, { length }] of Object.entries(columns)) {
    if (length !== feeds) throw new RangeError(`${name} has ${length} feeds, the catalog ${feeds}`);
  }
  if (chain.fixingStored.length !== catalog.length) {
    throw new RangeError(
      `chain.fixingStored has ${chain.fixingStored.length} bundles, the catalog ${catalog.length}`,
    );
  }
}
