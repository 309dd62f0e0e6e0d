import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { btcbox } from "../../../../oracle/market/venues/btcbox.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade } from "./cases.ts";

const CODE = "BTC_JPY";
const TICKERS = `{"BTC_JPY":{"high":14100000,"low":13900000,"buy":14010000,"sell":14020000,"last":14012999,"vol":56.6947}}`;
const ORDERS = `[{"date":"1795136523","price":14012999,"amount":0.0131,"tid":"2061234567","type":"buy"}]`;

describeEndpoint(btcbox, "ticker", { code: CODE, body: TICKERS, price: "last" });
describeEndpoint(btcbox, "trades", { code: CODE, body: ORDERS, price: "price" });

describe("BTCBOX", () => {
  it("asks for all tickers, and for one coin's trades", () => {
    expect(btcbox.code({ base: "BTC", quote: "JPY" })).to.equal(CODE);
    expect(btcbox.ticker.path([CODE])).to.equal("/api/v1/tickers");
    expect(btcbox.trades.path([CODE])).to.equal("/api/v1/orders?coin=btc");
  });

  it("has no time in its ticker, and one in its trades", () => {
    expect(btcbox.ticker.read(parseJson(TICKERS), [CODE]).items.map(ticker)).to.deep.equal([
      "14012999 at no time",
    ]);
    expect(btcbox.trades.read(parseJson(ORDERS), [CODE]).items.map(trade)).to.deep.equal([
      `2061234567: 0.0131 for 14012999 at ${new Date(1795136523000).toISOString()}`,
    ]);
  });

  it("gives BTCBOX's own code where it says it failed", () => {
    expect(() => btcbox.ticker.read(parseJson('{"result":false,"code":"200"}'), [CODE])).to.throw(
      "BTCBOX tickers: result: false (code 200)",
    );
  });

  it("finds the fields of the ticker recorded in 2019 where today's answer has them", function () {
    const recorded = recordedBody(this, "btcbox-ticker");
    const { items, unknownFields } = btcbox.ticker.read({ [CODE]: recorded }, [CODE]);
    expect(items.map(ticker)).to.deep.equal(["1068099 at no time"]);
    expect(unknownFields).to.deep.equal([]);
  });
});
