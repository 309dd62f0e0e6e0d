import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { bitstamp } from "../../../../oracle/market/venues/bitstamp.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade } from "./cases.ts";

const CODE = "btcusd";
const TICKER = `{"timestamp":"1795136523","open":"91000","high":"93000","low":"90000","last":"92000","volume":"1234.5",
  "vwap":"91500","bid":"91999","ask":"92001","side":"0","open_24":"91100","percent_change_24":"0.99","market_type":"SPOT"}`;
const ALL = `[{"pair":"BTC/USD","timestamp":"1795136523","last":"92000"},{"pair":"ETH/USD","timestamp":"1795136523","last":"3000.5"}]`;
const TRADES = `[{"date":"1795136523","tid":"412345678","amount":"0.01310000","type":"0","price":"92000"}]`;

describeEndpoint(bitstamp, "ticker", { code: CODE, body: TICKER, price: "last" });
describeEndpoint(bitstamp, "trades", { code: CODE, body: TRADES, price: "price" });

describe("Bitstamp", () => {
  it("ends its paths with a slash, since the others redirect", () => {
    expect(bitstamp.code({ base: "BTC", quote: "USD" })).to.equal(CODE);
    expect(bitstamp.ticker.path([CODE])).to.equal("/api/v2/ticker/btcusd/");
    expect(bitstamp.ticker.path([CODE, "ethusd"])).to.equal("/api/v2/ticker/");
    expect(bitstamp.trades.path([CODE])).to.equal("/api/v2/transactions/btcusd/?time=minute");
  });

  it("picks the pairs it asked for out of all", () => {
    const { items } = bitstamp.ticker.read(parseJson(ALL), ["ethusd", "xrpusd"]);
    expect(items.map((item) => `${item.code} ${ticker(item)}`)).to.deep.equal([
      `ethusd 3000.5 at ${new Date(1795136523000).toISOString()}`,
    ]);
  });

  it("gives Bitstamp's own words where it says it failed", () => {
    expect(() =>
      bitstamp.ticker.read(parseJson('{"status":"error","reason":"Invalid pair","code":"x"}'), [CODE]),
    ).to.throw('Bitstamp ticker: "Invalid pair"');
  });

  it("reads what was recorded in 2017", function () {
    const { items, unknownFields } = bitstamp.ticker.read(recordedBody(this, "bitstamp-ticker"), [CODE]);
    expect(items.map(ticker)).to.deep.equal(["4402.16 at 2017-10-03T04:04:05.000Z"]);
    expect(unknownFields).to.deep.equal([]);
    const trades = bitstamp.trades.read(recordedBody(this, "bitstamp-trade"), [CODE]);
    expect(trades.items).to.have.length(400);
    expect(trade(trades.items[0]!)).to.equal("28139668: 0.01000000 for 10235.98 at 2017-11-29T06:07:24.000Z");
  });
});
