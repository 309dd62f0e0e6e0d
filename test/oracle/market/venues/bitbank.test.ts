import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { bitbank } from "../../../../oracle/market/venues/bitbank.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade, withField } from "./cases.ts";

const CODE = "btc_jpy";
const TICKER = `{"success":1,"data":{"sell":"14013000","buy":"14012999","high":"14100000","low":"13900000",
  "open":"13950000","last":"14012999","vol":"321.1234","timestamp":1795136523457}}`;
const TICKERS = `{"success":1,"data":[
  {"pair":"btc_jpy","sell":"14013000","buy":"14012999","high":"1","low":"1","open":"1","last":"14012999","vol":"3","timestamp":1795136523457},
  {"pair":"eth_jpy","sell":"413000","buy":"412999","high":"1","low":"1","open":"1","last":null,"vol":"0","timestamp":1795136523457},
  {"pair":"xrp_jpy","sell":"81.25","buy":"81.249","high":"1","low":"1","open":"1","last":"81.249","vol":"3","timestamp":1795136523111}]}`;
const TRANSACTIONS = `{"success":1,"data":{"transactions":[{"transaction_id":1234567890,"side":"buy","price":"14012999",
  "amount":"0.0131","executed_at":1795136523411}]}}`;

describeEndpoint(bitbank, "ticker", { code: CODE, body: TICKER, price: "last" });
describeEndpoint(bitbank, "trades", { code: CODE, body: TRANSACTIONS, price: "price" });

describe("bitbank", () => {
  it("asks for one pair, or for all", () => {
    expect(bitbank.code({ base: "BTC", quote: "JPY" })).to.equal(CODE);
    expect(bitbank.ticker.path([CODE])).to.equal("/btc_jpy/ticker");
    expect(bitbank.ticker.path([CODE, "eth_jpy"])).to.equal("/tickers");
    expect(bitbank.trades.path([CODE])).to.equal("/btc_jpy/transactions");
  });

  it("picks the pairs it asked for out of all, and loses none for the sake of another", () => {
    const { items, refusals } = bitbank.ticker.read(parseJson(TICKERS), [CODE, "eth_jpy"]);
    expect(items.map((item) => `${item.code} ${ticker(item)}`)).to.deep.equal([
      `btc_jpy 14012999 at ${new Date(1795136523457).toISOString()}`,
    ]);
    expect(refusals).to.deep.equal([{ code: "eth_jpy", message: "last: expected a text, saw null" }]);
  });

  it("refuses a price of an auction, where the best sell is not above the best buy", () => {
    for (const sell of ["14012999", "14012999.0", "14012998.9"]) {
      const { items, refusals } = bitbank.ticker.read(parseJson(withField(TICKER, "sell", `"${sell}"`)), [
        CODE,
      ]);
      expect(items).to.deep.equal([]);
      expect(refusals[0]?.message).to.equal(`sell ${sell} is not above buy 14012999`);
    }
    expect(
      bitbank.ticker.read(parseJson(withField(TICKER, "sell", '"14012999.1"')), [CODE]).items,
    ).to.have.length(1);
    expect(bitbank.ticker.read(parseJson(TICKER.replace('"14013000"', "null")), [CODE]).items).to.have.length(
      1,
    );
  });

  it("refuses a best sell that is no decimal without falling over", () => {
    const { items, refusals } = bitbank.ticker.read(parseJson(withField(TICKER, "sell", '"soon"')), [CODE]);
    expect(items).to.deep.equal([]);
    expect(refusals[0]?.message).to.match(/^sell: expected a decimal/);
  });

  it("gives bitbank's own code where it says it failed", () => {
    expect(() => bitbank.ticker.read(parseJson('{"success":0,"data":{"code":10000}}'), [CODE])).to.throw(
      "bitbank ticker: success: expected 1, saw 0 (code 10000)",
    );
  });

  it("reads what was recorded in 2018", function () {
    const { items, unknownFields } = bitbank.ticker.read(recordedBody(this, "bitbank-ticker"), [CODE]);
    expect(items.map(ticker)).to.deep.equal(["927013 at 2018-02-08T11:31:37.970Z"]);
    expect(unknownFields).to.deep.equal([]);
    const trades = bitbank.trades.read(recordedBody(this, "bitbank-trade"), [CODE]);
    expect(trades.items).to.have.length(60);
    expect(trade(trades.items[0]!)).to.equal("3551310: 0.1338 for 927013 at 2018-02-08T11:31:36.549Z");
  });
});
