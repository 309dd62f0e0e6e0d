import { expect } from "chai";
import fc from "fast-check";

import { parseBand } from "../../../oracle/feeds/band.ts";
import { aggregate, type AggregateInput, median } from "../../../oracle/market/aggregate.ts";

const RULE = { minSources: 3, maxSpread: parseBand("1%", 0) };
const RANDOM = { seed: 20201122, numRuns: 500 };

function said(...prices: bigint[]): AggregateInput[] {
  return prices.map((units, i) => ({ units, time: 1000 + i, exclusion: "used" }));
}

describe("median", () => {
  it("is the element ⌊k/2⌋ of the ascending list", () => {
    expect(median([5n])).to.equal(5n);
    expect(median([9n, 5n])).to.equal(9n);
    expect(median([9n, 5n, 7n])).to.equal(7n);
    expect(median([1n, 2n, 3n, 4n])).to.equal(3n);
    expect(median([10n, 9n, 100n])).to.equal(10n);
    expect(() => median([])).to.throw(RangeError);
  });

  it("leaves its list as it was", () => {
    const list = [3n, 1n, 2n];
    median(list);
    expect(list).to.deep.equal([3n, 1n, 2n]);
  });
});

describe("aggregate", () => {
  it("takes the median, at the time of the oldest input", () => {
    expect(aggregate(said(1010n, 1000n, 1005n), RULE)).to.deep.equal({
      price: 1005n,
      abstention: "priced",
      oldest: 1000,
      exclusions: ["used", "used", "used"],
    });
  });

  it("drops what is too far from the first median, and takes the median of the rest", () => {
    const { price, exclusions, oldest } = aggregate(said(10000n, 1000n, 1001n, 1002n), RULE);
    expect(exclusions).to.deep.equal(["spread", "used", "used", "used"]);
    expect(price).to.equal(1001n);
    expect(oldest).to.equal(1001);
  });

  it("keeps what is just inside the spread", () => {
    expect(aggregate(said(990n, 1000n, 1010n), RULE).exclusions).to.deep.equal(["used", "used", "used"]);
    expect(aggregate(said(989n, 1000n, 1011n, 1000n, 1000n), RULE).exclusions).to.deep.equal([
      "spread",
      "used",
      "spread",
      "used",
      "used",
    ]);
  });

  it("never averages two: too few from the start, or after dropping, is no price", () => {
    expect(aggregate(said(1000n, 1001n), RULE)).to.deep.include({
      price: null,
      abstention: "too-few-inputs",
      oldest: null,
    });
    const split = aggregate(said(1000n, 1001n, 1000000n), RULE);
    expect(split).to.deep.include({ price: null, abstention: "too-few-agree", oldest: null });
    expect(split.exclusions).to.deep.equal(["used", "used", "spread"]);
    expect(aggregate([], RULE).abstention).to.equal("too-few-inputs");
  });

  it("does not look at inputs that were bad before", () => {
    const inputs = said(1000n, 1001n, 1002n, 1n);
    inputs[3] = { units: 1n, time: 1, exclusion: "stale" };
    expect(aggregate(inputs, RULE)).to.deep.include({ price: 1001n, oldest: 1000 });
    expect(aggregate(inputs, RULE).exclusions[3]).to.equal("stale");
  });

  it("works below zero", () => {
    expect(aggregate(said(-1000n, -1010n, -1005n, 5n), RULE)).to.deep.include({ price: -1005n });
  });

  it("is indifferent to the order of its inputs", () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt(900n, 1100n), { maxLength: 9 }),
        fc.array(fc.nat(), { maxLength: 9 }),
        (prices, keys) => {
          const shuffled = prices
            .map((price, i) => ({ price, key: keys[i] ?? i }))
            .sort((a, b) => a.key - b.key);
          const [a, b] = [
            aggregate(said(...prices), RULE),
            aggregate(said(...shuffled.map(({ price }) => price)), RULE),
          ];
          expect([a.price, a.abstention]).to.deep.equal([b.price, b.abstention]);
        },
      ),
      RANDOM,
    );
  });

  it("stays among the honest, whatever a minority says", () => {
    fc.assert(
      fc.property(
        fc
          .integer({ min: 1, max: 3 })
          .chain((lies) =>
            fc.tuple(
              fc.array(fc.bigInt(996n, 1004n), { minLength: 2 * lies + 1, maxLength: 2 * lies + 1 }),
              fc.array(fc.bigInt(-(10n ** 15n), 10n ** 15n), { minLength: lies, maxLength: lies }),
            ),
          ),
        ([honest, lies]) => {
          const { price } = aggregate(said(...lies, ...honest), RULE);
          const ascending = honest.toSorted((a, b) => Number(a - b));
          expect(price).to.not.equal(null);
          expect(price! >= ascending[0]! && price! <= ascending.at(-1)!).to.equal(true);
        },
      ),
      RANDOM,
    );
  });

  it("only ever gives what a venue said", () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 2000n), { maxLength: 12 }), (prices) => {
        const { price, abstention } = aggregate(said(...prices), RULE);
        if (price === null) expect(abstention).to.not.equal("priced");
        else expect(prices).to.include(price);
      }),
      RANDOM,
    );
  });
});
