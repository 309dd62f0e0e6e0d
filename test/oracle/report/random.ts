import fc from "fast-check";

import type { BundleDefinition } from "../../../oracle/report/definition.ts";
import { MAX_PRICE, MIN_PRICE, NO_PRICE } from "../../../oracle/report/word.ts";

/** Runs of a property. The seed is fixed: a run today is a run tomorrow. */
export const RUNS = { seed: 0x6e616b, numRuns: 200 };

/** A price, often one at an edge, or none. */
export const price = fc.oneof(
  { weight: 6, arbitrary: fc.bigInt(MIN_PRICE, MAX_PRICE) },
  { weight: 2, arbitrary: fc.bigInt(-1000n, 1000n) },
  { weight: 1, arbitrary: fc.constantFrom(MIN_PRICE, MAX_PRICE, 0n, -1n, 1n) },
  { weight: 1, arbitrary: fc.constant(NO_PRICE) },
);

/** Prices of a bundle, more often of a small one. */
export const prices = fc.oneof(
  fc.array(price, { minLength: 1, maxLength: 9 }),
  fc.array(price, { minLength: 1, maxLength: 256, size: "max" }),
);

/** A bundle number: neighbours, numbers that part at their lowest or their highest bit, and any. */
export const bundleNumber = fc.oneof(
  fc.nat(15),
  fc.nat(0xffffff),
  fc.nat(0xff).map((high) => high << 16),
  fc.constantFrom(0, 0x800000, 0x7fffff, 0xffffff),
);

/** Bundle numbers of a catalog, ascending. */
export const bundleNumbers = fc
  .uniqueArray(bundleNumber, { minLength: 1, maxLength: 24 })
  .map((numbers) => numbers.sort((a, b) => a - b));

export const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** A bundle's definition with up to `maxFeeds` feeds. */
export function definition(bundle: number, maxFeeds: number): fc.Arbitrary<BundleDefinition> {
  const feed = fc.record({
    symbol: fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 40 }),
      fc.constantFrom("BTC/JPY", "", "x".repeat(32)),
    ),
    decimals: fc.nat(255),
    method: bytes32,
    maxInputAge: fc.nat(2 ** 32 - 1),
  });
  return fc
    .array(feed, { minLength: 1, maxLength: maxFeeds, size: "max" })
    .map((feeds) => ({ bundle, feeds }));
}
