import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { binance } from "../../../../oracle/market/venues/binance.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade } from "./cases.ts";

const CODE = "BTCUSDT";
const TICKER = `[{"symbol":"BTCUSDT","openPrice":"91000.00000000","highPrice":"93000.00000000","lowPrice":"90000.00000000",
  "lastPrice":"92000.01000000","volume":"12345.67890000","quoteVolume":"1135802458.80000000","openTime":1795050123456,
  "closeTime":1795136523456,"firstId":5512345678,"lastId":5513345678,"count":1000001}]`;
const TRADES = `[{"id":5513345678,"price":"92000.01000000","qty":"0.00131000","quoteQty":"120.52001310","time":1795136523411,
  "isBuyerMaker":true,"isBestMatch":true}]`;

describeEndpoint(binance, "ticker", { code: CODE, body: TICKER, price: "lastPrice" });
describeEndpoint(binance, "trades", { code: CODE, body: TRADES, price: "price" });

describe("Binance", () => {
  it("asks for several symbols at once, at the weight they cost", () => {
    expect(binance.code({ base: "BTC", quote: "USDT" })).to.equal(CODE);
    expect(binance.ticker.path([CODE, "ETHUSDT"])).to.equal(
      "/api/v3/ticker/24hr?type=MINI&symbols=%5B%22BTCUSDT%22%2C%22ETHUSDT%22%5D",
    );
    expect([20, 21, 100, 101].map((pairs) => binance.ticker.cost(pairs))).to.deep.equal([2, 40, 40, 80]);
    expect(binance.trades.path([CODE])).to.equal("/api/v3/trades?symbol=BTCUSDT&limit=100");
    expect(binance.trades.cost(1)).to.equal(25);
  });

  it("reads today's shapes", () => {
    expect(binance.ticker.read(parseJson(TICKER), [CODE]).items.map(ticker)).to.deep.equal([
      `92000.01000000 at ${new Date(1795136523456).toISOString()}`,
    ]);
    expect(binance.trades.read(parseJson(TRADES), [CODE]).items.map(trade)).to.deep.equal([
      `5513345678: 0.00131000 for 92000.01000000 at ${new Date(1795136523411).toISOString()}`,
    ]);
  });

  it("gives Binance's own words where it says it failed", () => {
    expect(() => binance.ticker.read(parseJson('{"code":-1121,"msg":"Invalid symbol."}'), [CODE])).to.throw(
      "Binance ticker: -1121 Invalid symbol.",
    );
  });

  it("reads the trades recorded in 2019", function () {
    const { items, refusals } = binance.trades.read(recordedBody(this, "binance-trades"), ["BTCUSDC"]);
    expect(refusals).to.deep.equal([]);
    expect(trade(items[0]!)).to.equal("4971577: 0.05499900 for 9919.97000000 at 2019-08-22T02:50:54.040Z");
  });
});
