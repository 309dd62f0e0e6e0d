import fc from "fast-check";

import type { DecisionInput } from "../../../oracle/ledger/decision/decide.ts";
import { REASONS } from "../../../oracle/ledger/decision/reason.ts";
import type { ObservedFeed, TickRecord } from "../../../oracle/ledger/tick-record.ts";
import { ABSTENTIONS, EXCLUSIONS } from "../../../oracle/market/verdicts.ts";
import { MAX_PRICE, MIN_PRICE, NO_PRICE } from "../../../oracle/report/word.ts";

const seconds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const price = fc.bigInt({ min: MIN_PRICE, max: MAX_PRICE });
const prices = (feeds: number): fc.Arbitrary<BigInt64Array> =>
  fc
    .array(fc.oneof(price, fc.constant(NO_PRICE)), { minLength: feeds, maxLength: feeds })
    .map((list) => BigInt64Array.from(list));
const column = (feeds: number): fc.Arbitrary<Uint32Array> =>
  fc.array(seconds, { minLength: feeds, maxLength: feeds }).map((list) => Uint32Array.from(list));

const observed: fc.Arbitrary<ObservedFeed> = fc.record({
  price: fc.oneof(price, fc.constant(null)),
  abstention: fc.constantFrom(...ABSTENTIONS),
  inputs: fc.array(
    fc.record({
      from: fc.oneof(fc.constantFrom("bitflyer-btc", "gmo-btc", "USD/JPY"), fc.string()),
      units: fc.oneof(fc.bigInt({ min: 1n - 2n ** 63n, max: 2n ** 63n - 1n }), fc.constant(null)),
      time: fc.oneof(fc.integer(), fc.constant(null)),
      exclusion: fc.constantFrom(...EXCLUSIONS),
    }),
    { maxLength: 4 },
  ),
});

const decision = (feeds: number): fc.Arbitrary<DecisionInput> => {
  const parts = fc.array(fc.record({ bundle: fc.nat(), mask: fc.bigInt({ min: 0n, max: 2n ** 65n }) }), {
    maxLength: 3,
  });
  return fc.record({
    time: seconds,
    now: seconds,
    prices: prices(feeds),
    catalog: fc.array(fc.record({ bundle: fc.nat(), feeds: fc.nat() }), { maxLength: 3 }),
    bundles: fc.array(fc.nat(), { maxLength: 4 }),
    rules: fc.record({ deviation: column(feeds), heartbeat: column(feeds) }),
    chain: fc.record({
      block: fc.nat(),
      blockTime: seconds,
      latestDelay: fc.nat(),
      prices: prices(feeds),
      observedAt: column(feeds),
      fixingStored: fc.uint8Array({ maxLength: 4 }).map((list) => Uint8Array.from(list)),
    }),
    pending: fc.array(fc.record({ observedAt: seconds, prices: prices(feeds), parts }), { maxLength: 2 }),
    scheduled: column(feeds),
    requested: fc.array(fc.nat()).map((list) => new Set(list)),
  });
};

/** Any record of a tick. Catalogs change from one to the next, as they do between epochs. */
export const tickRecord: fc.Arbitrary<TickRecord> = fc.integer({ min: 0, max: 5 }).chain((feeds) =>
  fc.record({
    time: fc.integer({ min: 1_790_000_000, max: 1_790_300_000 }),
    provenance: fc.constantFrom("live" as const, "simulated" as const, "replay" as const),
    epoch: fc.nat(),
    root: fc.oneof(fc.constant(null), fc.constant("ab".repeat(32))),
    observed: fc.array(observed, { minLength: feeds, maxLength: feeds }),
    decision: fc.oneof(fc.constant(null), decision(feeds)),
    verdicts: fc.array(fc.constantFrom(...REASONS), { minLength: feeds, maxLength: feeds }),
  }),
);
