import { expect } from "chai";
import fc from "fast-check";

import { wholeMask } from "../../../oracle/report/mask.ts";
import { GAS_BUDGET, splitParts } from "../../../oracle/relayer/split-parts.ts";

/** So many of the largest bundles, with everything kept. */
const largest = (count: number) =>
  Array.from({ length: count }, (_, bundle) => ({ bundle, mask: wholeMask(64, true) }));

describe("splitParts", () => {
  it("leaves together what fits one transaction", () => {
    expect(splitParts(largest(3), () => 64)).to.deep.equal([largest(3)]);
    expect(splitParts([], () => 64)).to.deep.equal([]);
  });

  it("shares a catalog of 10,000 feeds that was never recorded among transactions", () => {
    const shares = splitParts(largest(40), () => 64);
    expect(shares.map(({ length }) => length)).to.deep.equal([...new Array<number>(13).fill(3), 1]);
  });

  it("counts what is kept: words that only prove the root cost little", () => {
    const few = largest(40).map(({ bundle }) => ({ bundle, mask: 2n }));
    expect(splitParts(few, () => 64)).to.have.length(1);
  });

  it("loses no part and keeps their order, whatever the budget", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 1, max: GAS_BUDGET }),
        (count, budget) => {
          const shares = splitParts(largest(count), () => 64, budget);
          expect(shares.flat()).to.deep.equal(largest(count));
          expect(shares.every(({ length }) => length > 0)).to.equal(true);
        },
      ),
      { seed: 0x6e616b, numRuns: 100 },
    );
  });
});
