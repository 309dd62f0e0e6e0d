import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { ReadError } from "../../../../oracle/market/read-error.ts";
import { gmo } from "../../../../oracle/market/venues/gmo.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade } from "./cases.ts";

const TICKER = `{"status":0,"data":[{"ask":"14013000","bid":"14012999","high":"14100000","last":"14012999","low":"13900000",
  "symbol":"BTC","timestamp":"2026-11-20T01:02:03.457Z","volume":"194.4"}],"responsetime":"2026-11-20T01:02:03.500Z"}`;
const TRADES = `{"status":0,"data":{"list":[{"price":"14012999","side":"BUY","size":"0.01","timestamp":"2026-11-20T01:02:03.411Z"}],
  "pagination":{"currentPage":1,"count":100}},"responsetime":"2026-11-20T01:02:03.500Z"}`;

describeEndpoint(gmo, "ticker", { code: "BTC", body: TICKER, price: "last" });
describeEndpoint(gmo, "trades", { code: "BTC", body: TRADES, price: "price" });

describe("GMO Coin", () => {
  it("asks for the spot market, not the leveraged one", () => {
    expect(gmo.code({ base: "BTC", quote: "JPY" })).to.equal("BTC");
    expect(gmo.ticker.path(["BTC"])).to.equal("/public/v1/ticker?symbol=BTC");
    expect(gmo.ticker.path(["BTC", "ETH"])).to.equal("/public/v1/ticker");
    expect(gmo.trades.path(["BTC"])).to.equal("/public/v1/trades?symbol=BTC&page=1&count=100");
  });

  it("knows its maintenance from its other errors", () => {
    const answer = (code: string) =>
      parseJson(
        `{"status":5,"messages":[{"message_code":"${code}","message_string":"words"}],"responsetime":"x"}`,
      );
    const problem = (code: string) => {
      try {
        gmo.ticker.read(answer(code), ["BTC"]);
      } catch (error) {
        return error instanceof ReadError ? `${error.problem}: ${error.message}` : "another error";
      }
      return "none";
    };
    expect(problem("ERR-5201")).to.equal(
      "maintenance: GMO Coin ticker: status: expected 0, saw 5 (ERR-5201 words)",
    );
    expect(problem("ERR-5106")).to.match(/^venue-error: .*ERR-5106/);
  });

  it("tells spot and leverage apart in what was recorded in 2019", function () {
    const { items, refusals, unknownFields } = gmo.ticker.read(recordedBody(this, "gmojapan-pairs"), [
      "BTC",
      "XRP",
    ]);
    expect(refusals).to.deep.equal([]);
    expect(unknownFields).to.deep.equal([]);
    expect(items.map((item) => `${item.code} ${ticker(item)}`)).to.deep.equal([
      "BTC 1045876 at 2019-06-21T06:02:31.317Z",
      "XRP 47.027 at 2019-06-21T06:02:30.996Z",
    ]);
  });

  it("reads the trades recorded in 2019, which have no numbers", function () {
    const { items } = gmo.trades.read(recordedBody(this, "gmojapan-trade"), ["BTC_JPY"]);
    expect(items).to.have.length(100);
    expect(trade(items[0]!)).to.equal("no id: 0.02 for 1046114 at 2019-06-21T06:11:53.601Z");
  });
});
