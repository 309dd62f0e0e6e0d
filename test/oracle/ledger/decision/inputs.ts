import fc from "fast-check";

import type { ChainState, DecisionInput, Pending } from "../../../../oracle/ledger/decision/decide.ts";
import { HALTED } from "../../../../oracle/ledger/decision/decide.ts";
import { MAX_PRICE, MIN_PRICE, NO_PRICE } from "../../../../oracle/report/word.ts";

/** Runs of a property. The seed is fixed: a run today is a run tomorrow. */
export const RUNS = { seed: 0x6e616b, numRuns: 500 };

/** A time between fixings, and the fixing time after it. */
export const TICK = 1_767_225_610;
export const FIXING = 1_767_225_900;

/** What a test says about one feed; the rest is of a feed that needs nothing. */
export interface FeedCase {
  readonly price?: bigint;
  readonly onChain?: bigint;
  readonly observedAt?: number;
  readonly deviation?: number;
  readonly heartbeat?: number;
  readonly scheduled?: number;
  readonly requested?: boolean;
}

/** What a test says about everything else. */
export interface Case {
  readonly time?: number;
  readonly now?: number;
  readonly catalog?: DecisionInput["catalog"];
  readonly bundles?: readonly number[];
  readonly latestDelay?: number;
  readonly fixingStored?: readonly number[];
  readonly pending?: readonly Pending[];
}

/** An input of one bundle, number 7, of the feeds given, unless the case says otherwise. */
export function input(feeds: readonly FeedCase[], given: Case = {}): DecisionInput {
  const time = given.time ?? TICK;
  const catalog = given.catalog ?? [{ bundle: 7, feeds: feeds.length }];
  const chain: ChainState = {
    block: 1,
    blockTime: time,
    latestDelay: given.latestDelay ?? 120,
    prices: BigInt64Array.from(feeds, (feed) => feed.onChain ?? 100n),
    observedAt: Uint32Array.from(feeds, (feed) => feed.observedAt ?? time - 10),
    fixingStored: Uint8Array.from(catalog, (_, place) => given.fixingStored?.[place] ?? 1),
  };
  return {
    time,
    now: given.now ?? time,
    prices: BigInt64Array.from(feeds, (feed) => feed.price ?? feed.onChain ?? 100n),
    catalog,
    bundles: given.bundles ?? catalog.map(({ bundle }) => bundle),
    rules: {
      deviation: Uint32Array.from(feeds, (feed) => feed.deviation ?? 0),
      heartbeat: Uint32Array.from(feeds, (feed) => feed.heartbeat ?? 0),
    },
    chain,
    pending: given.pending ?? [],
    scheduled: Uint32Array.from(feeds, (feed) => feed.scheduled ?? 0),
    requested: new Set(feeds.flatMap((feed, place) => (feed.requested === true ? [place] : []))),
  };
}

const lane = fc.oneof(
  fc.bigInt({ min: MIN_PRICE, max: MAX_PRICE }),
  fc.bigInt({ min: -300n, max: 300n }),
  fc.constantFrom(NO_PRICE, MIN_PRICE, MAX_PRICE, 0n),
);
const feedCase = fc.record({
  price: lane,
  onChain: lane,
  observedAt: fc.constantFrom(0, FIXING - 4000, FIXING - 10, FIXING, FIXING + 10, HALTED),
  deviation: fc.constantFrom(0, 1, 5_000, 1_000_000, 2 ** 32 - 1),
  heartbeat: fc.constantFrom(0, 5, 3600),
  scheduled: fc.constantFrom(0, FIXING - 3600, FIXING),
  requested: fc.boolean(),
});

const SIZES = [5, 1, 9];
const FEEDS = 15;
const mask = fc.bigInt({ min: 0n, max: 15n });

/** Everything that can come together, in three bundles. */
export const anyInput: fc.Arbitrary<DecisionInput> = fc
  .record({
    feeds: fc.array(feedCase, { minLength: FEEDS, maxLength: FEEDS }),
    bundles: fc.subarray([3, 7, 1000]),
    fixingStored: fc.array(fc.constantFrom(0, 1), { minLength: 3, maxLength: 3 }),
    age: fc.constantFrom(0, 120, 121),
    // Of one time there is one report: two that are on their way have two times.
    pending: fc.uniqueArray(
      fc.record({
        observedAt: fc.constantFrom(FIXING - 20, FIXING - 5, FIXING),
        prices: fc.array(lane, { minLength: FEEDS, maxLength: FEEDS }),
        masks: fc.array(mask, { minLength: 3, maxLength: 3 }),
      }),
      { maxLength: 3, selector: ({ observedAt }) => observedAt },
    ),
  })
  .map(({ feeds, bundles, fixingStored, age, pending }) => {
    const catalog = [3, 7, 1000].map((bundle, place) => ({ bundle, feeds: SIZES[place]! }));
    return input(feeds, {
      time: FIXING,
      now: FIXING + age,
      catalog,
      bundles,
      fixingStored,
      pending: pending.map(({ observedAt, prices, masks }) => ({
        observedAt,
        prices: BigInt64Array.from(prices),
        parts: catalog.map(({ bundle, feeds: size }, place) => ({
          bundle,
          mask: masks[place]! & ((2n << BigInt(Math.ceil(size / 4))) - 1n),
        })),
      })),
    });
  });
