import { expect } from "chai";

import { formatDecimal } from "../../../oracle/decimal.ts";
import type { SourceDefinition } from "../../../oracle/feeds/catalog.ts";
import { CatalogError } from "../../../oracle/feeds/catalog-error.ts";
import { parseJson } from "../../../oracle/market/json.ts";
import { atPointer } from "../../../oracle/market/json-pointer.ts";
import { newestTrade, prepareSources } from "../../../oracle/market/source.ts";
import { VENUES } from "../../../oracle/market/venues/all.ts";
import { recordedBody } from "./recording.ts";

const RECEIPT = { receivedAt: 1_795_136_520_123, provenance: "live" as const };

const one = (definition: SourceDefinition, origins = new Map<string, string>()) =>
  prepareSources([definition], VENUES, origins)[0]!;
const venue = (id: string, endpoint: "ticker" | "trades", ...pairs: string[]): SourceDefinition => ({
  kind: "venue",
  id: "s",
  venue: id,
  endpoint,
  pairs,
  everySeconds: 5,
});
const json = (extra: object = {}, ...quotes: object[]): SourceDefinition =>
  ({
    kind: "json",
    id: "s",
    venue: "house",
    url: "https://fx.example.com/rates?key=1",
    requestsPerMinute: 12,
    everySeconds: 60,
    quotes,
    ...extra,
  }) as SourceDefinition;

describe("prepareSources", () => {
  it("asks a venue in its own words, and hears in ours", () => {
    const source = one(venue("kraken", "ticker", "BTC/USD", "ETH/USD"));
    expect(source.url).to.equal("https://api.kraken.com/0/public/Ticker?pair=XXBTZUSD,XETHZUSD");
    const { items, refusals } = source.read(
      parseJson('{"error":[],"result":{"XXBTZUSD":{"c":["92000.1","1"]}}}'),
      RECEIPT,
    );
    expect(items).to.deep.equal([
      {
        source: "s",
        venue: "kraken",
        symbol: "BTC/USD",
        price: { units: 920001n, scale: 1 },
        time: RECEIPT.receivedAt,
        timeFrom: "received",
        provenance: "live",
      },
    ]);
    expect(refusals).to.deep.equal([{ code: "XETHZUSD", message: "not in the answer" }]);
  });

  it("says whose time a quote has", () => {
    const { items } = one(venue("coinbase", "ticker", "BTC/USD")).read(
      parseJson('{"price":"1","time":"2026-11-20T01:02:03Z"}'),
      RECEIPT,
    );
    expect(items[0]).to.deep.include({ timeFrom: "venue", time: Date.parse("2026-11-20T01:02:03Z") });
  });

  it("quotes the newest of a list of trades", function () {
    const { items } = one(venue("kraken", "trades", "BCH/EUR")).read(
      recordedBody(this, "kraken-trades"),
      RECEIPT,
    );
    expect(items.map(({ price, time, timeFrom }) => [formatDecimal(price), time, timeFrom])).to.deep.equal([
      ["337.400000", 1557906728205, "venue"],
    ]);
  });

  it("says so when a list of trades is empty", () => {
    const { items, refusals } = one(venue("zaif", "trades", "BTC/JPY")).read([], RECEIPT);
    expect(items).to.deep.equal([]);
    expect(refusals).to.deep.equal([{ code: "btc_jpy", message: "not in the answer" }]);
  });

  it("refuses several pairs where a venue answers one a request", () => {
    expect(() => one(venue("bitflyer", "ticker", "BTC/JPY", "ETH/JPY"))).to.throw(
      CatalogError,
      "bitFlyer answers one pair a request",
    );
    expect(() => one(venue("kraken", "trades", "BTC/USD", "ETH/USD"))).to.throw(
      CatalogError,
      "Kraken answers one pair a request",
    );
  });

  it("asks elsewhere where it is told to", () => {
    const origins = new Map([
      ["gmo", "http://127.0.0.1:1234"],
      ["house", "http://127.0.0.1:99"],
    ]);
    expect(one(venue("gmo", "ticker", "BTC/JPY"), origins).url).to.equal(
      "http://127.0.0.1:1234/public/v1/ticker?symbol=BTC",
    );
    expect(one(json(), origins).url).to.equal("http://127.0.0.1:99/rates?key=1");
  });
});

describe("newestTrade", () => {
  const trade = (id: string | null, time: number) => ({
    id,
    time,
    price: { units: 1n, scale: 0 },
    size: { units: 1n, scale: 0 },
  });

  it("goes by time, then by number, then by place", () => {
    expect(newestTrade([])).to.equal(undefined);
    expect(newestTrade([trade("9", 1), trade("10", 1), trade("8", 1)])?.id).to.equal("10");
    expect(newestTrade([trade("99", 1), trade("1", 2)])?.id).to.equal("1");
    const [first, second] = [trade(null, 1), trade(null, 1)];
    expect(newestTrade([first, second])).to.equal(first);
  });
});

describe("JSON sources", () => {
  const body = parseJson(
    '{"base":"EUR","date":"2026-11-20","rates":{"JPY":163.25,"US/D":"1.0875","minor":16325},"at":[{"t":1795136400}]}',
  );
  const read = (quote: object) => one(json({}, { symbol: "EUR/JPY", ...quote })).read(body, RECEIPT);

  it("finds prices by pointer, numbers or texts, and times in their format", () => {
    const { items, refusals } = one(
      json(
        {},
        { symbol: "EUR/JPY", price: "/rates/JPY", time: "/date", timeFormat: "date" },
        { symbol: "EUR/USD", price: "/rates/US~1D", time: "/at/0/t", timeFormat: "unix-seconds" },
      ),
    ).read(body, RECEIPT);
    expect(refusals).to.deep.equal([]);
    expect(
      items.map(({ symbol, price, time, timeFrom }) => [symbol, formatDecimal(price), time, timeFrom]),
    ).to.deep.equal([
      ["EUR/JPY", "163.25", Date.parse("2026-11-20"), "venue"],
      ["EUR/USD", "1.0875", 1795136400000, "venue"],
    ]);
  });

  it("puts the point where it is told for whole numbers, and refuses others", () => {
    expect(formatDecimal(read({ price: "/rates/minor", decimals: 2 }).items[0]!.price)).to.equal("163.25");
    expect(read({ price: "/rates/JPY", decimals: 2 }).refusals[0]?.message).to.match(
      /expected a whole number/,
    );
  });

  it("uses the time of receipt where there is none, and says so", () => {
    expect(read({ price: "/rates/JPY" }).items[0]).to.deep.include({
      time: RECEIPT.receivedAt,
      timeFrom: "received",
    });
  });

  it("says what it did not find, and keeps the rest", () => {
    const { items, refusals } = one(
      json({}, { symbol: "A/B", price: "/nowhere" }, { symbol: "EUR/JPY", price: "/rates/JPY" }),
    ).read(body, RECEIPT);
    expect(items).to.have.length(1);
    expect(refusals).to.deep.equal([
      { code: "A/B", message: "/nowhere: expected a number or a text, saw nothing" },
    ]);
    expect(read({ price: "/rates" }).refusals[0]?.message).to.equal(
      "/rates: expected a number or a text, saw an object",
    );
    expect(read({ price: "/base" }).refusals[0]?.message).to.equal('/base: expected a decimal, saw "EUR"');
    expect(read({ price: "/rates/JPY", time: "/base", timeFormat: "iso" }).refusals[0]?.message).to.match(
      /^\/base: expected a time/,
    );
  });
});

describe("atPointer", () => {
  const value = parseJson('{"a":[{"b~c":{"d/e":"x"}}],"":1,"n":5}');

  it("follows RFC 6901", () => {
    expect(atPointer(value, "/a/0/b~0c/d~1e")).to.equal("x");
    expect(atPointer(value, "")).to.equal(value);
    expect(atPointer(value, "/")).to.deep.include({ text: "1" });
  });

  it("finds nothing where there is nothing, least of all in prototypes", () => {
    for (const pointer of [
      "/a/1",
      "/a/00",
      "/a/-",
      "/b",
      "/n/text",
      "/constructor",
      "/__proto__",
      "/a/length",
      "/a/0/b~0c/d~1e/0",
    ]) {
      expect(atPointer(value, pointer), pointer).to.equal(undefined);
    }
  });
});
