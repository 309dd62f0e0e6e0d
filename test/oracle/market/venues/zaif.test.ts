import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { zaif } from "../../../../oracle/market/venues/zaif.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade } from "./cases.ts";

const CODE = "btc_jpy";
const TICKER = `{"last":14012990.0,"high":14100000.0,"low":13900000.0,"vwap":14000000.1234,"volume":12.3456,"bid":14012000.0,"ask":14013000.0}`;
const TRADES = `[{"date":1795136523,"price":14012990.0,"amount":0.0131,"tid":251234567,"currency_pair":"btc_jpy","trade_type":"bid"}]`;

describeEndpoint(zaif, "ticker", { code: CODE, body: TICKER, price: "last" });
describeEndpoint(zaif, "trades", { code: CODE, body: TRADES, price: "price" });

describe("Zaif", () => {
  it("asks for one pair", () => {
    expect(zaif.code({ base: "BTC", quote: "JPY" })).to.equal(CODE);
    expect(zaif.ticker.path([CODE])).to.equal("/api/1/ticker/btc_jpy");
    expect(zaif.trades.path([CODE])).to.equal("/api/1/trades/btc_jpy");
  });

  it("refuses trades of another pair", () => {
    const { items, refusals } = zaif.trades.read(parseJson(TRADES), ["eth_jpy"]);
    expect(items).to.deep.equal([]);
    expect(refusals[0]?.message).to.equal("currency_pair: expected eth_jpy, saw btc_jpy");
  });

  it("gives Zaif's own words where it says it failed", () => {
    expect(() => zaif.ticker.read(parseJson('{"error":"unsupported currency_pair"}'), [CODE])).to.throw(
      "Zaif ticker: unsupported currency_pair",
    );
  });

  it("reads what was recorded in 2017", function () {
    const { items, unknownFields } = zaif.ticker.read(recordedBody(this, "zaif-ticker"), [CODE]);
    expect(items.map(ticker)).to.deep.equal(["620745.0 at no time"]);
    expect(unknownFields).to.deep.equal([]);
    const trades = zaif.trades.read(recordedBody(this, "zaif-trade"), [CODE]);
    expect(trades.refusals).to.deep.equal([]);
    expect(trade(trades.items[0]!)).to.equal("76009015: 0.0093 for 620745.0 at 2017-10-25T13:16:42.000Z");
  });
});
