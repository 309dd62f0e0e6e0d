import { expect } from "chai";
import fc from "fast-check";

import { NO_PRICE, unpackWords } from "../../../../oracle/report/word.ts";
import { isWithin } from "../../../../oracle/signer/agreement/band.ts";
import { type Calendar, isOpen, WEEK } from "../../../../oracle/signer/agreement/calendar.ts";
import { priceReport } from "../../../../oracle/signer/agreement/price-report.ts";
import { bundleOf, epochFor, FIXING, keysOf } from "./epoch-for-tests.ts";

const epoch = epochFor(keysOf(4)); // f = 1, q = 3, three feeds, tolerance 1 %
const none = new Set<number>();

function priceOf(...observed: (bigint | undefined)[]): bigint {
  const observations = observed.map((price) => BigInt64Array.of(price ?? NO_PRICE, 5n, 5n));
  return priceReport(epoch, FIXING, observations, none).prices[0]!;
}

describe("from observations to a report", () => {
  it("takes the upper median, an observed value", () => {
    expect(priceOf(1000n, 1001n, 1002n)).to.equal(1001n);
    expect(priceOf(1003n, 1000n, 1002n, 1001n)).to.equal(1002n);
    expect(priceOf(-1003n, -1000n, -1002n, -1001n)).to.equal(-1001n);
    expect(priceOf(0n, 0n, 0n)).to.equal(0n);
  });

  it("says no price where fewer than q saw one", () => {
    expect(priceOf(1000n, 1001n, undefined)).to.equal(NO_PRICE);
    expect(priceOf(1000n, 1001n, undefined, 1002n)).to.equal(1001n);
  });

  it("says no price where fewer than all but f are near", () => {
    expect(priceOf(1000n, 1001n, 1_000_000n)).to.equal(1001n);
    expect(priceOf(1000n, 1001n, 1002n, 1_000_000n)).to.equal(1002n);
    expect(priceOf(100n, 1001n, 1_000_000n)).to.equal(NO_PRICE);
    expect(priceOf(1n, 1001n, 1002n, 1_000_000n)).to.equal(NO_PRICE);
  });

  it("holds a price at the edge of tolerance for near, and one behind it not", () => {
    const band = { perMillion: 10_000, atLeast: 0n };
    expect(isWithin(1010n, 1000n, band)).to.equal(true);
    expect(isWithin(1011n, 1000n, band)).to.equal(false);
    expect(isWithin(-1010n, -1000n, band)).to.equal(true);
    expect(isWithin(-1011n, -1000n, band)).to.equal(false);
    expect(isWithin(1n, 0n, band)).to.equal(false);
    expect(isWithin(1n, 0n, { perMillion: 10_000, atLeast: 1n })).to.equal(true);
  });

  it("says no price for dropped feeds", () => {
    const seen = [1, 2, 3].map(() => BigInt64Array.of(5n, 6n, 7n));
    expect([...priceReport(epoch, FIXING, seen, new Set([1])).prices]).to.deep.equal([5n, NO_PRICE, 7n]);
  });

  it("comes to the same whatever the order of observations", () => {
    const price = fc.oneof(
      fc.bigInt(990n, 1010n),
      fc.constant(NO_PRICE),
      fc.bigInt(-(10n ** 15n), 10n ** 15n),
    );
    const four = fc.array(fc.tuple(price, price, price), { minLength: 3, maxLength: 4 });
    fc.assert(
      fc.property(four, fc.nat(3), (observed, turn) => {
        const observations = observed.map((prices) => BigInt64Array.from(prices));
        const turned = [...observations.slice(turn), ...observations.slice(0, turn)].reverse();
        const report = priceReport(epoch, FIXING, observations, none);
        expect(priceReport(epoch, FIXING, turned, none)).to.deep.equal(report);
      }),
      { seed: 0x6e616b, numRuns: 300 },
    );
  });

  it("hashes what it says, and the same whether or not an earlier tree is reused", () => {
    const seen = (shift: bigint) =>
      [1n, 2n, 3n].map((i) => BigInt64Array.of(1000n + i, 2000n + i, 3000n + shift));
    const first = priceReport(epoch, FIXING, seen(0n), none);
    expect(unpackWords(first.tree.words[0]!, 3)).to.deep.equal([...first.prices]);
    const second = priceReport(epoch, FIXING, seen(1n), none);
    expect(priceReport(epoch, FIXING, seen(1n), none, undefined, first.tree).root).to.equal(second.root);
    expect(second.root).not.to.equal(first.root);
  });

  it("leaves a bundle out whose market is closed", () => {
    const closed: Calendar = {
      week: [],
      exceptions: [{ from: FIXING + 300, until: FIXING + 600, open: true }],
    };
    const two = epochFor(keysOf(4), { bundles: [bundleOf(9, 1, closed), bundleOf(1, 2)] });
    const seen = [1, 2, 3].map(() => BigInt64Array.of(5n, 6n, 7n));
    const report = priceReport(two, FIXING, seen, none);
    expect([...report.prices]).to.deep.equal([5n, 6n, NO_PRICE]);
    expect(report.tree.words[1]).to.equal(undefined);
    expect([...priceReport(two, FIXING + 300, seen, none).prices]).to.deep.equal([5n, 6n, 7n]);
  });

  it("knows the hours of a week, and what stands above them", () => {
    const monday = 1_700_438_400; // 2023-11-20T00:00:00Z
    const hours: Calendar = { week: [[9 * 3600, 15 * 3600]], exceptions: [] };
    expect(isOpen(hours, monday + 9 * 3600 - 1)).to.equal(false);
    expect(isOpen(hours, monday + 9 * 3600)).to.equal(true);
    expect(isOpen(hours, monday + 15 * 3600 - 1)).to.equal(true);
    expect(isOpen(hours, monday + 15 * 3600)).to.equal(false);
    expect(isOpen(hours, monday + WEEK + 10 * 3600)).to.equal(true);
    const holiday = { ...hours, exceptions: [{ from: monday, until: monday + 86_400, open: false }] };
    expect(isOpen(holiday, monday + 10 * 3600)).to.equal(false);
    expect(isOpen(holiday, monday + WEEK + 10 * 3600)).to.equal(true);
  });
});
