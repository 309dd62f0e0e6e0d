import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { coincheck } from "../../../../oracle/market/venues/coincheck.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade, withField } from "./cases.ts";

const CODE = "btc_jpy";
const TICKER = `{"last":14012345.0,"bid":14012000.0,"ask":14012999.0,"high":14100000.0,"low":13900000.0,
  "volume":1234.56789,"timestamp":1795136523}`;
const TRADES = `{"success":true,"pagination":{"limit":100,"order":"desc","starting_after":null,"ending_before":null},
  "data":[{"id":280012345,"amount":"0.0131","rate":"14012345.0","pair":"btc_jpy","order_type":"sell",
  "created_at":"2026-11-20T01:02:02.000Z"}]}`;

describeEndpoint(coincheck, "ticker", { code: CODE, body: TICKER, price: "last" });
describeEndpoint(coincheck, "trades", { code: CODE, body: TRADES, price: "rate" });

describe("Coincheck", () => {
  it("asks for one pair", () => {
    expect(coincheck.code({ base: "BTC", quote: "JPY" })).to.equal(CODE);
    expect(coincheck.ticker.path([CODE])).to.equal("/api/ticker?pair=btc_jpy");
    expect(coincheck.trades.path([CODE])).to.equal("/api/trades?pair=btc_jpy&limit=100&order=desc");
  });

  it("reads today's shapes", () => {
    expect(coincheck.ticker.read(parseJson(TICKER), [CODE]).items.map(ticker)).to.deep.equal([
      `14012345.0 at ${new Date(1795136523000).toISOString()}`,
    ]);
    expect(coincheck.trades.read(parseJson(TRADES), [CODE]).items.map(trade)).to.deep.equal([
      "280012345: 0.0131 for 14012345.0 at 2026-11-20T01:02:02.000Z",
    ]);
  });

  it("refuses trades of another pair", () => {
    const { items, refusals } = coincheck.trades.read(parseJson(TRADES), ["eth_jpy"]);
    expect(items).to.deep.equal([]);
    expect(refusals[0]?.message).to.equal("pair: expected eth_jpy, saw btc_jpy");
  });

  it("gives nothing where Coincheck says it failed", () => {
    expect(() =>
      coincheck.trades.read(parseJson('{"success":false,"error":"invalid pair"}'), [CODE]),
    ).to.throw("Coincheck trades: success: expected true, saw false");
    expect(() =>
      coincheck.trades.read(parseJson(withField(TRADES, "limit", "1").replace("true", "1")), [CODE]),
    ).to.throw("saw the number 1");
  });

  it("reads the ticker recorded in 2017", function () {
    const { items, unknownFields } = coincheck.ticker.read(recordedBody(this, "coincheck-ticker"), [CODE]);
    expect(items.map(ticker)).to.deep.equal(["495550.0 at 2017-10-03T04:04:25.000Z"]);
    expect(unknownFields).to.deep.equal([]);
  });
});
