import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { coinbase } from "../../../../oracle/market/venues/coinbase.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade } from "./cases.ts";

const CODE = "BTC-USD";
const TICKER = `{"ask":"92000.02","bid":"92000.01","volume":"9123.45678901","trade_id":912345678,"price":"92000.01",
  "size":"0.00021","time":"2026-11-20T01:02:03.457123456Z","rfq_volume":"21.1","conversions_volume":"0"}`;
const TRADES = `[{"trade_id":912345678,"side":"sell","size":"0.00021000","price":"92000.01000000","time":"2026-11-20T01:02:03.457123Z"}]`;

describeEndpoint(coinbase, "ticker", { code: CODE, body: TICKER, price: "price" });
describeEndpoint(coinbase, "trades", { code: CODE, body: TRADES, price: "price" });

describe("Coinbase Exchange", () => {
  it("asks for one product", () => {
    expect(coinbase.code({ base: "BTC", quote: "USD" })).to.equal(CODE);
    expect(coinbase.ticker.path([CODE])).to.equal("/products/BTC-USD/ticker");
    expect(coinbase.trades.path([CODE])).to.equal("/products/BTC-USD/trades?limit=100");
  });

  it("reads today's shapes", () => {
    expect(coinbase.ticker.read(parseJson(TICKER), [CODE]).items.map(ticker)).to.deep.equal([
      "92000.01 at 2026-11-20T01:02:03.457Z",
    ]);
    expect(coinbase.trades.read(parseJson(TRADES), [CODE]).items.map(trade)).to.deep.equal([
      "912345678: 0.00021000 for 92000.01000000 at 2026-11-20T01:02:03.457Z",
    ]);
  });

  it("gives Coinbase's own words where it says it failed", () => {
    expect(() => coinbase.ticker.read(parseJson('{"message":"NotFound"}'), [CODE])).to.throw(
      "Coinbase ticker: NotFound",
    );
  });

  it("reads the ticker recorded in 2017", function () {
    const { items, unknownFields } = coinbase.ticker.read(recordedBody(this, "gdax-ticker"), [CODE]);
    expect(items.map(ticker)).to.deep.equal(["4417.01000000 at 2017-10-03T04:00:31.887Z"]);
    expect(unknownFields).to.deep.equal([]);
  });
});
