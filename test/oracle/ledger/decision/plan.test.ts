import { expect } from "chai";
import fc from "fast-check";

import { decide, HALTED, type DecisionInput } from "../../../../oracle/ledger/decision/decide.ts";
import { plan } from "../../../../oracle/ledger/decision/plan.ts";
import { NO_PRICE } from "../../../../oracle/report/word.ts";
import { anyInput, FIXING, input, RUNS } from "./inputs.ts";

const planned = (given: DecisionInput) => plan(given, decide(given));
const due = { requested: true };

describe("plan", () => {
  it("keeps the words of the feeds that have a reason, and of no others", () => {
    const feeds = Array.from({ length: 12 }, (_, place) => (place === 3 || place === 8 ? due : {}));
    expect(planned(input(feeds))).to.deep.equal([{ bundle: 7, mask: 0b1010n }]);
  });

  it("leaves out bundles of which nothing is kept", () => {
    const catalog = [
      { bundle: 3, feeds: 1 },
      { bundle: 7, feeds: 5 },
    ];
    expect(planned(input([{}, {}, {}, {}, {}, due], { catalog }))).to.deep.equal([
      { bundle: 7, mask: 0b100n },
    ]);
    expect(planned(input([{}, {}, {}, {}, {}, {}], { catalog }))).to.deep.equal([]);
  });

  it("stores the fixings of each bundle that lacks them, with the words that have a reason of their own", () => {
    const catalog = [
      { bundle: 3, feeds: 1 },
      { bundle: 7, feeds: 5 },
      { bundle: 9, feeds: 1 },
    ];
    const feeds = [{}, {}, {}, {}, {}, due, {}];
    const given = input(feeds, { time: FIXING, catalog, fixingStored: [0, 0, 1] });
    expect(planned(given)).to.deep.equal([
      { bundle: 3, mask: 1n },
      { bundle: 7, mask: 0b101n },
    ]);
  });

  it("stores fixings of a halted bundle and keeps nothing of it as latest", () => {
    const halted = { observedAt: HALTED, onChain: NO_PRICE, requested: true };
    expect(planned(input([halted], { time: FIXING, fixingStored: [0] }))).to.deep.equal([
      { bundle: 7, mask: 1n },
    ]);
  });

  it("keeps the word and the fixing of a feed that was never recorded", () => {
    const fresh = { observedAt: 0, onChain: NO_PRICE, price: 1n };
    expect(planned(input([fresh], { time: FIXING, fixingStored: [0] }))).to.deep.equal([
      { bundle: 7, mask: 0b11n },
    ]);
  });

  it("leaves nothing to do: with the plan on its way, every verdict is none", () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const { time: observedAt, prices } = given;
        const after = {
          ...given,
          pending: [...given.pending, { observedAt, prices, parts: planned(given) }],
        };
        expect(new Set(decide(after)), "verdicts").to.have.keys(["none"]);
        expect(planned(after)).to.deep.equal([]);
      }),
      RUNS,
    );
  });

  it("keeps no word without a verdict, and leaves none with one out", () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const verdicts = decide(given);
        const parts = new Map(plan(given, verdicts).map(({ bundle, mask }) => [bundle, mask]));
        let first = 0;
        for (const { bundle, feeds } of given.catalog) {
          const own = verdicts.slice(first, first + feeds);
          expect(parts.has(bundle), `bundle ${bundle}`).to.equal(own.some((reason) => reason !== "none"));
          for (let word = 0; word * 4 < feeds; word++) {
            const kept = (((parts.get(bundle) ?? 0n) >> BigInt(1 + word)) & 1n) === 1n;
            const reasons = own.slice(word * 4, word * 4 + 4).filter((reason) => reason !== "none");
            if (reasons.some((reason) => reason !== "fixing")) expect(kept).to.equal(true);
            if (reasons.length === 0) expect(kept).to.equal(false);
          }
          first += feeds;
        }
      }),
      RUNS,
    );
  });
});
