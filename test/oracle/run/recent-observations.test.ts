import { expect } from "chai";

import type { Explanation, Observation } from "../../../oracle/market/observer.ts";
import { RecentObservations } from "../../../oracle/run/recent-observations.ts";
import { CATALOG, FIXING } from "../api/world.ts";

const observationAt = (tick: number): Observation => ({
  tick,
  provenance: "live",
  prices: new BigInt64Array(4),
  abstentions: new Uint8Array(4),
  oldest: new Float64Array(4),
});

/** A market whose every feed costs `price`, whatever was observed. */
const market = (price: bigint) => ({
  explain: ({ tick }: Observation, feed: number): Explanation => ({
    symbol: CATALOG.feeds[feed]!.symbol,
    tick,
    price: feed === 3 ? null : price + BigInt(feed),
    abstention: feed === 3 ? "too-few-inputs" : "priced",
    oldest: tick * 1000,
    inputs: [{ from: "bitflyer", units: price, time: tick * 1000, exclusion: "used" }],
  }),
});
const seen = (price: bigint, tick: number) =>
  [0n, 1n, 2n, 3n].map((feed) => ({
    price: feed === 3n ? null : price + feed,
    abstention: feed === 3n ? "too-few-inputs" : "priced",
    inputs: [{ from: "bitflyer", units: price, time: tick * 1000, exclusion: "used" }],
  }));

describe("recent observations", () => {
  it("keep every feed of a tick with its reasons, and hand them out once", () => {
    const recent = new RecentObservations(CATALOG);
    recent.keep(observationAt(FIXING), market(100n));
    recent.keep(observationAt(FIXING + 10), market(200n));
    expect(recent.take(FIXING)).to.deep.equal(seen(100n, FIXING));
    expect(recent.take(FIXING)).to.deep.equal([]);
    expect(recent.take(FIXING + 10)).to.deep.equal(seen(200n, FIXING + 10));
  });

  it("have nothing of a tick that the own signer did not observe", () => {
    expect(new RecentObservations(CATALOG).take(FIXING)).to.deep.equal([]);
  });

  it("hand out those that nobody took, the oldest first, up to a time", () => {
    const recent = new RecentObservations(CATALOG);
    for (const tick of [FIXING + 20, FIXING, FIXING + 30, FIXING + 10])
      recent.keep(observationAt(tick), market(5n));
    recent.take(FIXING + 10);
    expect(recent.takeBefore(FIXING + 30)).to.deep.equal([
      { time: FIXING, observed: seen(5n, FIXING) },
      { time: FIXING + 20, observed: seen(5n, FIXING + 20) },
    ]);
    expect(recent.takeBefore(FIXING + 30)).to.deep.equal([]);
    expect(recent.take(FIXING + 30)).to.deep.equal(seen(5n, FIXING + 30));
  });
});
