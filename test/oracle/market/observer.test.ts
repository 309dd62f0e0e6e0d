import { expect } from "chai";
import fc from "fast-check";

import { parseDecimal } from "../../../oracle/decimal.ts";
import { NO_PRICE } from "../../../oracle/report/word.ts";
import { aggregate, type AggregateInput } from "../../../oracle/market/aggregate.ts";
import { observe } from "../../../oracle/market/observe.ts";
import { Observer } from "../../../oracle/market/observer.ts";
import type { Quote } from "../../../oracle/market/quote.ts";
import { ABSTENTIONS } from "../../../oracle/market/verdicts.ts";
import { BTC_JPY_FILE, catalogOf } from "./catalogs.ts";

const TICK = 1_795_136_520;
const MS = TICK * 1000;
const VENUES = ["bitflyer", "coincheck", "bitbank", "gmo"];

function quote(venue: string, price: string, time: number, symbol = "BTC/JPY"): Quote {
  return {
    source: `${venue}-btc`,
    venue,
    symbol,
    price: parseDecimal(price),
    time,
    timeFrom: "venue",
    provenance: "live",
  };
}

const CATALOG = catalogOf(BTC_JPY_FILE);

function explain(...quotes: Quote[]) {
  return observe(CATALOG, quotes, TICK)[0]!;
}

describe("observe", () => {
  it("prices a feed from what its venues last said by the tick", () => {
    const { price, abstention, oldest, inputs } = explain(
      quote("bitflyer", "14000100.4", MS - 1000),
      quote("coincheck", "14000200", MS),
      quote("bitbank", "14000300", MS - 60_000),
      quote("gmo", "14000400", MS - 2000),
    );
    expect({ price, abstention, oldest }).to.deep.equal({
      price: 14000300n,
      abstention: "priced",
      oldest: MS - 60_000,
    });
    expect(inputs[0]).to.deep.equal({
      from: "bitflyer-btc",
      units: 14000100n,
      time: MS - 1000,
      exclusion: "used",
    });
  });

  it("looks neither past the tick nor before the maximum age", () => {
    const { abstention, inputs } = explain(
      quote("bitflyer", "14000100", MS + 1),
      quote("coincheck", "14000200", MS - 60_001),
      quote("bitbank", "14000300", MS),
    );
    expect(abstention).to.equal("too-few-inputs");
    expect(inputs.map(({ exclusion }) => exclusion)).to.deep.equal(["future", "stale", "used", "missing"]);
    expect(inputs.map(({ units }) => units)).to.deep.equal([null, 14000200n, 14000300n, null]);
  });

  it("uses the quote before the tick, though a newer one has come since", () => {
    const { price, inputs } = explain(
      ...VENUES.map((venue) => quote(venue, "14000000", MS - 500)),
      ...VENUES.map((venue) => quote(venue, "15000000", MS + 400)),
    );
    expect(price).to.equal(14000000n);
    expect(inputs.every(({ time }) => time === MS - 500)).to.equal(true);
  });

  it("leaves the one that lies tenfold out, and says so", () => {
    const { price, inputs } = explain(
      quote("bitflyer", "14000100", MS),
      quote("coincheck", "140000000", MS),
      quote("bitbank", "14000300", MS),
      quote("gmo", "14000400", MS),
    );
    expect(price).to.equal(14000300n);
    expect(inputs[1]?.exclusion).to.equal("spread");
  });

  it("never takes zero, less, or more than fits on chain", () => {
    const { inputs, abstention } = explain(
      quote("bitflyer", "0", MS),
      quote("coincheck", "-5", MS),
      quote("bitbank", "36028797018963968", MS),
      quote("gmo", "36028797018963967", MS),
    );
    expect(abstention).to.equal("too-few-inputs");
    expect(inputs.map(({ exclusion }) => exclusion)).to.deep.equal([
      "not-positive",
      "not-positive",
      "out-of-range",
      "used",
    ]);
  });

  it("has no default: without quotes there is no price", () => {
    expect(explain()).to.deep.include({ price: null, abstention: "too-few-inputs", oldest: null });
  });
});

describe("Observer", () => {
  it("forgets a price when its inputs grow old, though nothing new was said", () => {
    const observer = new Observer({ feeds: CATALOG.feeds, provenance: "live" });
    observer.accept(
      VENUES.map((venue) => quote(venue, "14000000", MS)),
      MS,
    );
    expect(observer.observe(TICK).prices[0]).to.equal(14000000n);
    expect(observer.observe(TICK + 60).prices[0]).to.equal(14000000n);
    const late = observer.observe(TICK + 70);
    expect(late.prices[0]).to.equal(NO_PRICE);
    expect(late.oldest[0]).to.be.NaN;
    expect(ABSTENTIONS[late.abstentions[0]!]).to.equal("too-few-inputs");
  });

  it("counts at the next tick what came too late for the last", () => {
    const observer = new Observer({ feeds: CATALOG.feeds, provenance: "live" });
    observer.accept(
      VENUES.map((venue) => quote(venue, "14000000", MS)),
      MS,
    );
    observer.accept(
      VENUES.map((venue) => quote(venue, "14000777", MS + 300)),
      MS + 400,
    );
    expect(observer.observe(TICK).prices[0]).to.equal(14000000n);
    expect(observer.observe(TICK + 10).prices[0]).to.equal(14000777n);
  });

  it("observes a fixing late, as of its own time", () => {
    const observer = new Observer({ feeds: CATALOG.feeds, provenance: "live" });
    for (let tick = 0; tick <= 12; tick++) {
      const time = MS + tick * 10_000 - 1;
      observer.accept(
        VENUES.map((venue) => quote(venue, `${14000000 + tick}`, time)),
        time,
      );
      expect(observer.observe(TICK + tick * 10).prices[0]).to.equal(BigInt(14000000 + tick));
    }
    expect(observer.observe(TICK).prices[0]).to.equal(14000000n);
    expect(observer.observe(TICK + 120).prices[0]).to.equal(14000012n);
  });

  it("keeps an observation as it was when the next is made", () => {
    const observer = new Observer({ feeds: CATALOG.feeds, provenance: "live" });
    observer.accept(
      VENUES.map((venue) => quote(venue, "14000000", MS)),
      MS,
    );
    const first = observer.observe(TICK);
    observer.accept(
      VENUES.map((venue) => quote(venue, "14000001", MS + 9000)),
      MS + 9000,
    );
    observer.observe(TICK + 10);
    expect(first.prices[0]).to.equal(14000000n);
    expect(first.tick).to.equal(TICK);
  });

  it("refuses quotes of another kind, from the future, and older than the last", () => {
    const observer = new Observer({ feeds: CATALOG.feeds, provenance: "live" });
    const reasons = (...quotes: Quote[]) => observer.accept(quotes, MS).map(({ reason }) => reason);
    expect(reasons({ ...quote("gmo", "1", MS), provenance: "simulated" })).to.deep.equal([
      "wrong-provenance",
    ]);
    expect(reasons(quote("gmo", "1", MS + 5001))).to.deep.equal(["ahead-of-time"]);
    expect(reasons(quote("gmo", "1", MS + 5000))).to.deep.equal([]);
    expect(reasons(quote("gmo", "1", MS))).to.deep.equal(["not-newer"]);
    expect(reasons(quote("gmo", "1", MS, "ETH/JPY"))).to.deep.equal(["not-newer"]);
    expect(reasons(quote("kraken", "1", MS))).to.deep.equal(["not-newer"]);
  });

  it("gives, tick by tick and from what changed alone, what the rule gives from everything", () => {
    const price = fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: 13_990_000, max: 14_010_000 }) },
      fc.constantFrom(-1, 0, 140_000_000),
    );
    const event = fc.record({
      venue: fc.nat(3),
      price,
      delay: fc.integer({ min: 0, max: 30_000 }),
      lag: fc.integer({ min: -4000, max: 40_000 }),
      tickAfter: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const observer = new Observer({ feeds: CATALOG.feeds, provenance: "live" });
        const heard = new Map<string, Quote[]>();
        let now = MS;
        let tick = TICK;
        for (const { venue: v, price: p, delay, lag, tickAfter } of events) {
          now += delay;
          const venue = VENUES[v]!;
          const said = quote(venue, `${p}`, now - lag);
          if (observer.accept([said], now).length === 0)
            heard.set(venue, [...(heard.get(venue) ?? []), said]);
          if (!tickAfter) continue;
          tick = Math.max(tick, Math.floor(now / 10_000) * 10);
          const got = observer.observe(tick);
          const want = fromScratch(heard, tick);
          expect(got.prices[0]).to.equal(want.price ?? NO_PRICE);
          expect(ABSTENTIONS[got.abstentions[0]!]).to.equal(want.abstention);
          expect(Number.isNaN(got.oldest[0]) ? null : got.oldest[0]).to.equal(want.oldest);
          const explained = observer.explain(got, 0);
          expect(explained.inputs.map(({ exclusion }) => exclusion)).to.deep.equal(want.exclusions);
        }
      }),
      { seed: 20201122, numRuns: 400 },
    );
  });
});

/** The rule by the book: every quote ever taken, the last of each venue by the tick. */
function fromScratch(heard: ReadonlyMap<string, readonly Quote[]>, tick: number) {
  const inputs = VENUES.map((venue): AggregateInput => {
    const all = heard.get(venue) ?? [];
    const last = all.findLast(({ time }) => time <= tick * 1000);
    if (last === undefined) return { units: 0n, time: 0, exclusion: all.length === 0 ? "missing" : "future" };
    const { units } = last.price;
    const stale = last.time < tick * 1000 - 60_000;
    return { units, time: last.time, exclusion: stale ? "stale" : units <= 0n ? "not-positive" : "used" };
  });
  const method = CATALOG.feeds[0]!.method;
  if (method.kind !== "median") throw new Error("a median was expected");
  return aggregate(inputs, method);
}
