import { expect } from "chai";
import fc from "fast-check";

import { decide, HALTED } from "../../../../oracle/ledger/decision/decide.ts";
import { REASONS } from "../../../../oracle/ledger/decision/reason.ts";
import { MAX_PRICE, MIN_PRICE, NO_PRICE } from "../../../../oracle/report/word.ts";
import { anyInput, type Case, type FeedCase, FIXING, input, RUNS, TICK } from "./inputs.ts";

const verdict = (feed: FeedCase, given?: Case) => decide(input([feed], given))[0];

describe("decide", () => {
  const due: readonly [(typeof REASONS)[number], FeedCase, Case?][] = [
    ["initial", { observedAt: 0, onChain: NO_PRICE, price: 5n }],
    ["fixing", {}, { time: FIXING, fixingStored: [0] }],
    ["availability", { onChain: NO_PRICE, price: 5n }],
    ["availability", { onChain: 5n, price: NO_PRICE }],
    ["deviation", { onChain: 1000n, price: 1005n, deviation: 5_000 }],
    ["heartbeat", { observedAt: TICK - 3600, heartbeat: 3600 }],
    ["schedule", { observedAt: TICK - 10, scheduled: TICK - 9 }],
    ["requested", { requested: true }],
    ["none", {}],
  ];
  for (const [reason, feed, given] of due)
    it(`says ${reason} where it alone holds: ${Object.keys(feed).join(", ")}`, () => {
      expect(verdict(feed, given)).to.equal(reason);
    });

  it("tells the first of several reasons, in the order of the list", () => {
    // Each line takes away what the line above was told for; everything below goes on holding.
    const all = { scheduled: TICK - 1, heartbeat: 60, deviation: 1, requested: true, price: 5n };
    const fixing: Case = { fixingStored: [0] };
    const told = [
      verdict({ ...all, observedAt: 0, onChain: NO_PRICE }, fixing),
      verdict({ ...all, observedAt: TICK - 60, onChain: NO_PRICE }, fixing),
      verdict({ ...all, observedAt: TICK - 60, onChain: NO_PRICE }),
      verdict({ ...all, observedAt: TICK - 60, onChain: 6n }),
      verdict({ ...all, observedAt: TICK - 60, onChain: 5n }),
      verdict({ ...all, observedAt: TICK - 59, onChain: 5n }),
      verdict({ ...all, observedAt: TICK - 59, onChain: 5n, scheduled: TICK - 59 }),
      verdict({ ...all, observedAt: TICK - 59, onChain: 5n, scheduled: TICK - 59, requested: false }),
    ];
    expect(told).to.deep.equal(REASONS);
  });

  it("sends at the threshold and not one unit before it, up or down, above zero and below", () => {
    for (const sign of [1n, -1n])
      for (const direction of [1n, -1n]) {
        const moved = (by: bigint) =>
          verdict({
            onChain: sign * 1_000_000n,
            price: sign * 1_000_000n + direction * by,
            deviation: 5_000,
          });
        expect(moved(4_999n)).to.equal("none");
        expect(moved(5_000n)).to.equal("deviation");
      }
  });

  it("rounds no threshold: 0.5 % of 1,001 is 5.005, so 5 is not enough", () => {
    expect(verdict({ onChain: 1001n, price: 1006n, deviation: 5_000 })).to.equal("none");
    expect(verdict({ onChain: 1001n, price: 1007n, deviation: 5_000 })).to.equal("deviation");
  });

  it("takes any change from zero for a deviation, and no change for none", () => {
    expect(verdict({ onChain: 0n, price: 1n, deviation: 2 ** 32 - 1 })).to.equal("deviation");
    expect(verdict({ onChain: 0n, price: 0n, deviation: 1 })).to.equal("none");
  });

  it("is exact at the ends of what a lane holds", () => {
    const across = { onChain: MIN_PRICE, price: MAX_PRICE };
    expect(verdict({ ...across, deviation: 1_999_999 })).to.equal("deviation");
    expect(verdict({ ...across, deviation: 2_000_001 })).to.equal("none");
    expect(verdict({ onChain: MAX_PRICE, price: MAX_PRICE - 1n, deviation: 1 })).to.equal("none");
    expect(verdict({ onChain: MIN_PRICE, price: MAX_PRICE, deviation: 2 ** 32 - 1 })).to.equal("none");
  });

  it("takes 0 for no threshold and no heartbeat", () => {
    expect(verdict({ onChain: 1n, price: MAX_PRICE, observedAt: 1 })).to.equal("none");
  });

  it("sends nothing for latest of a halted bundle, but its fixings go on", () => {
    const halted = { observedAt: HALTED, onChain: NO_PRICE, requested: true };
    expect(verdict(halted)).to.equal("none");
    expect(verdict(halted, { fixingStored: [0] })).to.equal("fixing");
  });

  it("sends nothing at all of a bundle that the report leaves out", () => {
    expect(verdict({ observedAt: 0, requested: true }, { bundles: [], fixingStored: [0] })).to.equal("none");
  });

  it("sends no report for latest that is not newer than the chain's word", () => {
    for (const observedAt of [TICK, TICK + 10])
      expect(verdict({ observedAt, requested: true })).to.equal("none");
    expect(verdict({ observedAt: TICK - 1, requested: true })).to.equal("requested");
  });

  it("sends no report for latest that is older than the latest-delay, but its fixings", () => {
    const late = { now: TICK + 121, latestDelay: 120 };
    expect(verdict({ observedAt: 0, requested: true }, late)).to.equal("none");
    expect(verdict({ observedAt: 0, requested: true }, { ...late, now: TICK + 120 })).to.equal("initial");
    expect(verdict({ observedAt: 0 }, { ...late, fixingStored: [0] })).to.equal("fixing");
  });

  it("has nothing to tell of a feed without a price here and there, unless an operator asks", () => {
    const silent = { price: NO_PRICE, onChain: NO_PRICE, heartbeat: 1, scheduled: TICK, deviation: 1 };
    for (const observedAt of [0, 1]) {
      expect(verdict({ ...silent, observedAt })).to.equal("none");
      expect(verdict({ ...silent, observedAt, requested: true })).to.equal("requested");
    }
  });

  it("counts a scheduled time once: not again when the price on chain is of that time or later", () => {
    expect(verdict({ observedAt: TICK - 10, scheduled: TICK - 10 })).to.equal("none");
    expect(verdict({ observedAt: TICK - 11, scheduled: TICK - 10 })).to.equal("schedule");
  });

  it("refuses columns that do not fit the catalog", () => {
    const feeds = [{}, {}];
    expect(() => decide(input(feeds, { catalog: [{ bundle: 7, feeds: 3 }] }))).to.throw(
      RangeError,
      "prices has 2 feeds, the catalog 3",
    );
    const short = { ...input(feeds), scheduled: new Uint32Array(1) };
    expect(() => decide(short)).to.throw(RangeError, "scheduled has 1 feeds, the catalog 2");
    const pending = [{ observedAt: TICK - 1, prices: new BigInt64Array(1), parts: [] }];
    expect(() => decide(input(feeds, { pending }))).to.throw(RangeError, "pending[0].prices has 1 feeds");
    const chain = { ...input(feeds).chain, fixingStored: new Uint8Array(2) };
    expect(() => decide({ ...input(feeds), chain })).to.throw(RangeError, "has 2 bundles, the catalog 1");
  });

  describe("with a report on its way", () => {
    const onItsWay = (price: bigint, mask: bigint, observedAt = TICK - 5) => ({
      pending: [{ observedAt, prices: BigInt64Array.of(price), parts: [{ bundle: 7, mask }] }],
    });
    const moved = { onChain: 1000n, price: 1010n, deviation: 5_000 };

    it("counts its words as if they were on chain", () => {
      expect(verdict(moved)).to.equal("deviation");
      expect(verdict(moved, onItsWay(1010n, 2n))).to.equal("none");
      expect(verdict({ ...moved, observedAt: 0 }, onItsWay(1010n, 2n))).to.equal("none");
    });

    it("sends again where the price deviates from the one on its way", () => {
      expect(verdict({ ...moved, price: 1016n }, onItsWay(1010n, 2n))).to.equal("deviation");
      // Also back to where the chain still is: what is on its way would move it.
      expect(verdict({ ...moved, price: 1000n }, onItsWay(1010n, 2n))).to.equal("deviation");
    });

    it("does not count words that its mask does not keep, nor those that the chain is past", () => {
      expect(verdict(moved, onItsWay(1010n, 1n))).to.equal("deviation");
      expect(verdict(moved, onItsWay(1010n, 2n, TICK - 10))).to.equal("deviation");
    });

    it("counts a fixing on its way as stored, for its own time only", () => {
      const fixing = { time: FIXING, fixingStored: [0] };
      expect(verdict({}, { ...fixing, ...onItsWay(100n, 1n, FIXING) })).to.equal("none");
      expect(verdict({}, { ...fixing, ...onItsWay(100n, 1n, FIXING - 300) })).to.equal("fixing");
      expect(verdict({}, { ...fixing, ...onItsWay(100n, 2n, FIXING) })).to.equal("fixing");
    });
  });

  it("never loses a deviation to a larger move in the same direction", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: MIN_PRICE, max: MAX_PRICE }),
        fc.bigInt({ min: MIN_PRICE, max: MAX_PRICE }),
        fc.bigInt({ min: MIN_PRICE, max: MAX_PRICE }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (onChain, a, b, deviation) => {
          const [near, far] =
            (a < b ? a : b) >= onChain ? (a < b ? [a, b] : [b, a]) : a < b ? [b, a] : [a, b];
          fc.pre(near >= onChain === far >= onChain);
          if (verdict({ onChain, price: near, deviation }) === "deviation")
            expect(verdict({ onChain, price: far, deviation })).to.equal("deviation");
        },
      ),
      RUNS,
    );
  });

  it("never loses a deviation to a smaller threshold", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -2000n, max: 2000n }),
        fc.bigInt({ min: -2000n, max: 2000n }),
        fc.integer({ min: 1, max: 3_000_000 }),
        fc.integer({ min: 1, max: 3_000_000 }),
        (onChain, price, a, b) => {
          if (verdict({ onChain, price, deviation: Math.max(a, b) }) === "deviation")
            expect(verdict({ onChain, price, deviation: Math.min(a, b) })).to.equal("deviation");
        },
      ),
      RUNS,
    );
  });

  it("does not mind the order of what is on its way, nor of the report's bundles", () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const turned = {
          ...given,
          bundles: given.bundles.toReversed(),
          pending: given.pending
            .toReversed()
            .map((report) => ({ ...report, parts: report.parts.toReversed() })),
        };
        expect(decide(turned)).to.deep.equal(decide(given));
      }),
      RUNS,
    );
  });

  it("does not mind in which order feeds stand: a feed's verdict is its own", () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const verdicts = decide({ ...given, pending: [] });
        let place = 0;
        for (const [i, { bundle, feeds }] of given.catalog.entries())
          for (let position = 0; position < feeds; position++, place++) {
            const alone = decide({
              ...given,
              pending: [],
              catalog: [{ bundle, feeds: 1 }],
              prices: given.prices.slice(place, place + 1),
              rules: {
                deviation: given.rules.deviation.slice(place, place + 1),
                heartbeat: given.rules.heartbeat.slice(place, place + 1),
              },
              chain: {
                ...given.chain,
                prices: given.chain.prices.slice(place, place + 1),
                observedAt: given.chain.observedAt.slice(place, place + 1),
                fixingStored: given.chain.fixingStored.slice(i, i + 1),
              },
              scheduled: given.scheduled.slice(place, place + 1),
              requested: new Set(given.requested.has(place) ? [0] : []),
            });
            expect(alone).to.deep.equal([verdicts[place]]);
          }
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  it("says the same again, and touches nothing that it was given", () => {
    fc.assert(
      fc.property(anyInput, (given) => {
        const copy = structuredClone(given);
        const first = decide(given);
        expect(given).to.deep.equal(copy);
        expect(decide(copy)).to.deep.equal(first);
      }),
      RUNS,
    );
  });
});
