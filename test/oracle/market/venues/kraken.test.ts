import { expect } from "chai";

import { parseJson } from "../../../../oracle/market/json.ts";
import { ReadError } from "../../../../oracle/market/read-error.ts";
import { kraken } from "../../../../oracle/market/venues/kraken.ts";
import { recordedBody } from "../recording.ts";
import { describeEndpoint, ticker, trade } from "./cases.ts";

const CODE = "XXBTZUSD";
const TICKER = `{"error":[],"result":{"XXBTZUSD":{"a":["92000.10000","1","1.000"],"b":["92000.00000","2","2.000"],
  "c":["92000.10000","0.00034000"],"v":["1.0","2.0"],"p":["1.0","2.0"],"t":[100,200],"l":["1.0","2.0"],"h":["1.0","2.0"],"o":"91000.0"}}}`;
const TRADES = `{"error":[],"result":{"XXBTZUSD":[["92000.00000","0.34507674",1795136597.8277369,"b","m","",91044952],
  ["92000.10000","0.00376960",1795136598.2804112,"s","l","",91044953]],"last":"1795136598280411290"}}`;

describeEndpoint(kraken, "ticker", { code: CODE, body: TICKER, price: "c" });

describe("Kraken", () => {
  const codes: [string, string, string][] = [
    ["BTC", "USD", "XXBTZUSD"],
    ["BTC", "JPY", "XXBTZJPY"],
    ["ETH", "BTC", "XETHXXBT"],
    ["BTC", "USDT", "XBTUSDT"],
    ["SOL", "USD", "SOLUSD"],
    ["DOGE", "USD", "XDGUSD"],
    ["BCH", "EUR", "BCHEUR"],
  ];
  for (const [base, quote, code] of codes) {
    it(`calls ${base}/${quote} ${code}`, () => {
      expect(kraken.code({ base, quote })).to.equal(code);
    });
  }

  it("asks for several pairs at once", () => {
    expect(kraken.ticker.path([CODE, "XETHZUSD"])).to.equal("/0/public/Ticker?pair=XXBTZUSD,XETHZUSD");
    expect(kraken.trades.path([CODE])).to.equal("/0/public/Trades?pair=XXBTZUSD&count=100");
  });

  it("has no time in its ticker", () => {
    expect(kraken.ticker.read(parseJson(TICKER), [CODE]).items.map(ticker)).to.deep.equal([
      "92000.10000 at no time",
    ]);
  });

  it("reads trades with their numbers, and times cut to the millisecond", () => {
    expect(kraken.trades.read(parseJson(TRADES), [CODE]).items.map(trade)).to.deep.equal([
      `91044952: 0.34507674 for 92000.00000 at ${new Date(1795136597827).toISOString()}`,
      `91044953: 0.00376960 for 92000.10000 at ${new Date(1795136598280).toISOString()}`,
    ]);
  });

  it("leaves a row out that is not one", () => {
    const broken = TRADES.replace('"92000.00000"', "92000.0").replace('"92000.10000","0.0037', '"0","0.0037');
    const { items, refusals } = kraken.trades.read(parseJson(broken), [CODE]);
    expect(items).to.deep.equal([]);
    expect(refusals.map(({ message }) => message)).to.deep.equal([
      "0: expected a text, saw the number 92000.0",
      "0: expected a price above zero, saw 0",
    ]);
  });

  it("reports what a row has at its end that it had not before", () => {
    const longer = TRADES.replace("91044952]", '91044952,"new"]');
    expect(kraken.trades.read(parseJson(longer), [CODE]).unknownFields).to.deep.equal(["7"]);
  });

  it("knows its maintenance from its other errors", () => {
    const read = (error: string) => {
      try {
        kraken.ticker.read(parseJson(`{"error":["${error}"]}`), [CODE]);
      } catch (problem) {
        return problem instanceof ReadError ? `${problem.problem}: ${problem.message}` : "another error";
      }
      return "none";
    };
    expect(read("EService:Unavailable")).to.equal("maintenance: Kraken Ticker: EService:Unavailable");
    expect(read("EQuery:Unknown asset pair")).to.equal(
      "venue-error: Kraken Ticker: EQuery:Unknown asset pair",
    );
  });

  it("reads what was recorded in 2017 and 2019", function () {
    const { items, unknownFields } = kraken.ticker.read(recordedBody(this, "kraken-ticker"), ["BCHEUR"]);
    expect(items.map(ticker)).to.deep.equal(["355.400000 at no time"]);
    expect(unknownFields).to.deep.equal([]);
    const trades = kraken.trades.read(recordedBody(this, "kraken-trades"), ["BCHEUR"]);
    expect(trades.refusals).to.deep.equal([]);
    expect(trade(trades.items[0]!)).to.equal("no id: 4.60000000 for 348.000000 at 2019-05-15T04:48:46.241Z");
  });
});
