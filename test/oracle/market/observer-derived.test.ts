import { expect } from "chai";
import fc from "fast-check";

import { parseDecimal } from "../../../oracle/decimal.ts";
import { derive } from "../../../oracle/market/derive.ts";
import { Observer } from "../../../oracle/market/observer.ts";
import type { Quote } from "../../../oracle/market/quote.ts";
import { ABSTENTIONS } from "../../../oracle/market/verdicts.ts";
import { NO_PRICE } from "../../../oracle/report/word.ts";
import { catalogOf } from "./catalogs.ts";

const TICK = 1_795_136_520;
const MS = TICK * 1000;
const VENUES = ["bitflyer", "coincheck", "bitbank", "gmo"];
const common = { maxInputAge: 60, tolerance: "0.5%", hardBand: "2%" };
const sources = (name: string) => VENUES.map((venue) => `${venue}-${name}`);

/** A price in yen, a rate whose spread is a distance, and three prices made of them; one stands before what it is made of. */
const CATALOG = catalogOf({
  sources: ["BTC/JPY", "USD/JPY", "BTC/EUR"].flatMap((pair) =>
    VENUES.map((venue) => ({
      kind: "venue",
      id: `${venue}-${pair.slice(0, 3).toLowerCase()}${pair.endsWith("EUR") ? "e" : ""}`,
      venue,
      pairs: [pair],
    })),
  ),
  bundles: [
    {
      bundle: 1,
      feeds: [
        {
          symbol: "BTC/USD.CROSS",
          decimals: 2,
          method: { kind: "product", of: ["BTC/JPY", "JPY/USD"] },
          ...common,
        },
        {
          symbol: "BTC/JPY",
          decimals: 0,
          method: { kind: "median", sources: sources("btc"), minSources: 3, maxSpread: "2%" },
          ...common,
        },
        {
          symbol: "USD/JPY",
          decimals: 4,
          method: { kind: "median", sources: sources("usd"), minSources: 3, maxSpread: "0.5" },
          ...common,
        },
        { symbol: "JPY/USD", decimals: 12, method: { kind: "inverse", of: ["USD/JPY"] }, ...common },
        { symbol: "BTC/USD", decimals: 2, method: { kind: "ratio", of: ["BTC/JPY", "USD/JPY"] }, ...common },
      ],
    },
    {
      bundle: 2,
      feeds: [
        {
          symbol: "BTC/EUR",
          decimals: 18,
          method: { kind: "median", sources: sources("btce"), minSources: 3, maxSpread: "2%" },
          ...common,
        },
        { symbol: "EUR/BTC", decimals: 0, method: { kind: "inverse", of: ["BTC/EUR"] }, ...common },
        { symbol: "EUR/BTC.FINE", decimals: 18, method: { kind: "inverse", of: ["BTC/EUR"] }, ...common },
      ],
    },
  ],
});
const [CROSS, BTC, USD, JPY, RATIO, EUR, COARSE, FINE] = [0, 1, 2, 3, 4, 5, 6, 7];

function quote(venue: string, symbol: string, price: string, time: number): Quote {
  const source = `${venue}-${symbol.slice(0, 3).toLowerCase()}${symbol.endsWith("EUR") ? "e" : ""}`;
  return { source, venue, symbol, price: parseDecimal(price), time, timeFrom: "venue", provenance: "live" };
}

const all = (symbol: string, price: string, time = MS) =>
  VENUES.map((venue) => quote(venue, symbol, price, time));
const observer = () => new Observer({ feeds: CATALOG.feeds, provenance: "live" });

describe("Observer, of derived feeds", () => {
  it("makes them of their components, at the time of the oldest input", () => {
    const view = observer();
    view.accept([...all("BTC/JPY", "14000000", MS - 5000), ...all("USD/JPY", "155.25", MS - 9000)], MS);
    const seen = view.observe(TICK);
    expect([CROSS, BTC, USD, JPY, RATIO].map((f) => seen.prices[f])).to.deep.equal([
      9017713n,
      14000000n,
      1552500n,
      6441223833n,
      9017713n,
    ]);
    expect([...seen.oldest.slice(0, 5)]).to.deep.equal([
      MS - 9000,
      MS - 5000,
      MS - 9000,
      MS - 9000,
      MS - 9000,
    ]);
    expect(view.explain(seen, RATIO).inputs).to.deep.equal([
      { from: "BTC/JPY", units: 14000000n, time: MS - 5000, exclusion: "used" },
      { from: "USD/JPY", units: 1552500n, time: MS - 9000, exclusion: "used" },
    ]);
  });

  it("have no price where a component has none, and say which", () => {
    const view = observer();
    view.accept(all("BTC/JPY", "14000000"), MS);
    const seen = view.observe(TICK);
    for (const f of [CROSS, JPY, RATIO]) {
      expect(seen.prices[f]).to.equal(NO_PRICE);
      expect(ABSTENTIONS[seen.abstentions[f]!]).to.equal("component-without-price");
      expect(seen.oldest[f]).to.be.NaN;
    }
    expect(
      view.explain(seen, RATIO).inputs.map(({ from, exclusion }) => `${from} ${exclusion}`),
    ).to.deep.equal(["BTC/JPY used", "USD/JPY missing"]);
  });

  it("change with a component, through another derived feed too, and lose their price with it", () => {
    const view = observer();
    view.accept([...all("BTC/JPY", "14000000"), ...all("USD/JPY", "155.25")], MS);
    view.observe(TICK);
    view.accept(all("USD/JPY", "100", MS + 10_000), MS + 10_000);
    const later = view.observe(TICK + 10);
    expect([CROSS, JPY, RATIO].map((f) => later.prices[f])).to.deep.equal([
      14000000n,
      10000000000n,
      14000000n,
    ]);
    const old = view.observe(TICK + 70);
    expect([CROSS, BTC, USD, JPY, RATIO].map((f) => old.prices[f] === NO_PRICE)).to.deep.equal([
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it("are no price when they come out at nothing, or larger than fits on chain", () => {
    const view = observer();
    view.accept(all("BTC/EUR", "0.02"), MS);
    const seen = view.observe(TICK);
    expect(seen.prices[EUR]).to.equal(20_000_000_000_000_000n);
    expect(seen.prices[COARSE]).to.equal(50n);
    expect(ABSTENTIONS[seen.abstentions[FINE]!]).to.equal("out-of-range");
    view.accept(all("BTC/EUR", "0.036", MS + 10_000), MS + 10_000);
    expect(view.observe(TICK + 10).prices[COARSE]).to.equal(28n);
    const dear = new Observer({
      feeds: CATALOG.feeds.map((feed) => (feed.symbol === "BTC/EUR" ? { ...feed, decimals: 2 } : feed)),
      provenance: "live",
    });
    dear.accept(all("BTC/EUR", "90000"), MS);
    expect(ABSTENTIONS[dear.observe(TICK).abstentions[COARSE]!]).to.equal("not-positive");
  });

  it("drops by distance where the spread is one", () => {
    const view = observer();
    const prices = ["155.2500", "155.7500", "155.7501", "155.2501"];
    view.accept(
      prices.map((price, i) => quote(VENUES[i]!, "USD/JPY", price, MS)),
      MS,
    );
    const seen = view.observe(TICK);
    // the first median is 155.75: 155.25 is 0.5 from it and stays
    expect(view.explain(seen, USD).inputs.map(({ exclusion }) => exclusion)).to.deep.equal([
      "used",
      "used",
      "used",
      "used",
    ]);
    view.accept([quote("bitflyer", "USD/JPY", "155.2499", MS)], MS);
    const next = view.observe(TICK);
    expect(view.explain(next, USD).inputs.map(({ exclusion }) => exclusion)).to.deep.equal([
      "spread",
      "used",
      "used",
      "used",
    ]);
    // 156.2501 is 0.5001 from the first median, 155.75; without it the median is the lower one
    view.accept(
      ["155.7000", "155.7400", "155.7500", "156.2501"].map((price, i) =>
        quote(VENUES[i]!, "USD/JPY", price, MS + 1),
      ),
      MS,
    );
    expect(view.observe(TICK + 10).prices[USD]).to.equal(1557400n);
  });

  it("are, tick by tick, what they are from everything at once", () => {
    const event = fc.record({
      venue: fc.nat(3),
      usd: fc.boolean(),
      price: fc.integer({ min: 99_000, max: 101_500 }),
      lag: fc.integer({ min: 0, max: 70_000 }),
    });
    fc.assert(
      fc.property(fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 20 }), (ticks) => {
        const view = observer();
        const heard: Quote[] = [];
        ticks.forEach((events, i) => {
          const now = MS + i * 10_000;
          for (const { venue, usd, price, lag } of events) {
            const said = quote(
              VENUES[venue]!,
              usd ? "USD/JPY" : "BTC/JPY",
              usd ? `${price / 1000}` : `${price}00`,
              now - lag,
            );
            if (view.accept([said], now).length === 0) heard.push(said);
          }
          const fresh = observer();
          for (const said of heard) fresh.accept([said], said.time);
          const [got, want] = [view.observe(TICK + i * 10), fresh.observe(TICK + i * 10)];
          expect(got.prices).to.deep.equal(want.prices);
          expect(got.abstentions).to.deep.equal(want.abstentions);
          expect(got.oldest).to.deep.equal(want.oldest);
          const [btc, usd] = [got.prices[BTC]!, got.prices[USD]!];
          if (btc === NO_PRICE || usd === NO_PRICE) expect(got.prices[RATIO]).to.equal(NO_PRICE);
          else
            expect(got.prices[RATIO]).to.equal(
              derive("ratio", { units: btc, decimals: 0 }, { units: usd, decimals: 4 }, 2),
            );
        });
      }),
      { seed: 20201122, numRuns: 100 },
    );
  });
});
