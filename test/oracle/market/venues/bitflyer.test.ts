import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { bitflyer } from "../../../../oracle/market/venues/bitflyer.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade, withField } from "./cases.ts";

const CODE = "BTC_JPY";
const TICKER = `{"product_code":"BTC_JPY","state":"RUNNING","timestamp":"2026-11-20T01:02:03.457","tick_id":12345678,
  "best_bid":14012345.0,"best_ask":14013000.0,"best_bid_size":0.1,"best_ask_size":0.02,"total_bid_depth":423.1,
  "total_ask_depth":391.9,"market_bid_size":0.0,"market_ask_size":0.0,"ltp":14012999.0,"volume":4321.09876543,
  "volume_by_product":1234.56789012}`;
const EXECUTIONS = `[{"id":2588888888,"side":"BUY","price":14012999.0,"size":0.013,"exec_date":"2026-11-20T01:02:03.41",
  "buy_child_order_acceptance_id":"JRF1","sell_child_order_acceptance_id":"JRF2"}]`;

describeEndpoint(bitflyer, "ticker", { code: CODE, body: TICKER, price: "ltp" });
describeEndpoint(bitflyer, "trades", { code: CODE, body: EXECUTIONS, price: "price" });

describe("bitFlyer", () => {
  it("asks for one product", () => {
    expect(bitflyer.code({ base: "BTC", quote: "JPY" })).to.equal(CODE);
    expect(bitflyer.ticker.path([CODE])).to.equal("/v1/ticker?product_code=BTC_JPY");
    expect(bitflyer.trades.path([CODE])).to.equal("/v1/executions?product_code=BTC_JPY&count=100");
  });

  it("takes its times for UTC, though they do not say so", () => {
    expect(bitflyer.ticker.read(parseJson(TICKER), [CODE]).items.map(ticker)).to.deep.equal([
      "14012999.0 at 2026-11-20T01:02:03.457Z",
    ]);
    expect(bitflyer.trades.read(parseJson(EXECUTIONS), [CODE]).items.map(trade)).to.deep.equal([
      "2588888888: 0.013 for 14012999.0 at 2026-11-20T01:02:03.410Z",
    ]);
  });

  it("refuses another product than was asked for", () => {
    const { items, refusals } = bitflyer.ticker.read(parseJson(TICKER), ["ETH_JPY"]);
    expect(items).to.deep.equal([]);
    expect(refusals).to.deep.equal([
      { code: "ETH_JPY", message: "product_code: expected ETH_JPY, saw BTC_JPY" },
    ]);
  });

  it("refuses a market that is not running", () => {
    const { items, refusals } = bitflyer.ticker.read(
      parseJson(withField(TICKER, "state", '"CIRCUIT BREAK"')),
      [CODE],
    );
    expect(items).to.deep.equal([]);
    expect(refusals[0]?.message).to.equal("state: expected RUNNING, saw CIRCUIT BREAK");
  });

  it("reads the ticker recorded in 2017", function () {
    const { items, unknownFields } = bitflyer.ticker.read(recordedBody(this, "bitflyer-ticker"), [CODE]);
    expect(items.map(ticker)).to.deep.equal(["496019.0 at 2017-10-03T04:04:10.750Z"]);
    expect(unknownFields).to.deep.equal([]);
  });

  it("reads the executions recorded in 2019", function () {
    const { items, refusals } = bitflyer.trades.read(recordedBody(this, "bitflyerfutures-trades"), [
      "FX_BTC_JPY",
    ]);
    expect(refusals).to.deep.equal([]);
    expect(items).to.have.length(100);
    expect(trade(items[0]!)).to.equal("1340786991: 0.58848762 for 918390.0 at 2019-10-15T10:06:57.593Z");
  });
});
