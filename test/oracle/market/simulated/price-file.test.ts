import { expect } from "chai";
import fc from "fast-check";

import { formatDecimal } from "../../../../oracle/decimal.ts";
import { type PriceFile, readPriceFile } from "../../../../oracle/market/simulated/price-file.ts";
import { PriceFileError } from "../../../../oracle/market/simulated/price-file-error.ts";
import { replay } from "../../../../oracle/market/simulated/replay.ts";
import { marketData } from "../../../utils/outside-files.ts";

const at = (iso: string) => Date.parse(iso);

function summary({ format, symbol, cadence, points, decimals, gaps }: PriceFile) {
  return { format, symbol, cadence, points: points.length, decimals, gaps: gaps.length };
}

function complaint(text: string, name = "btcusd.csv"): string {
  try {
    readPriceFile(name, text);
  } catch (error) {
    if (error instanceof PriceFileError) return error.message;
    throw error;
  }
  return "none";
}

const minutes = (...rows: string[]) => ["time,close", ...rows].join("\n");

describe("readPriceFile", () => {
  const recorded: [string, ReturnType<typeof summary>][] = [
    [
      "btcusdt-binance-1h-2020-05-06.csv",
      {
        format: "Binance klines (open time in milliseconds)",
        symbol: "BTC/USDT",
        cadence: { kind: "bars", stepMs: 3_600_000 },
        points: 1468,
        decimals: 8,
        gaps: 1,
      },
    ],
    [
      "btcusd-bitstamp-1m-2019-12-31.csv",
      {
        format: "Bitstamp bars (Unix seconds)",
        symbol: "BTC/USD",
        cadence: { kind: "bars", stepMs: 60_000 },
        points: 1000,
        decimals: 2,
        gaps: 0,
      },
    ],
    [
      "btcusd-bitstamp-1d-2017-2020.csv",
      {
        format: "Bitstamp bars (Unix seconds)",
        symbol: "BTC/USD",
        cadence: { kind: "bars", stepMs: 86_400_000 },
        points: 1000,
        decimals: 2,
        gaps: 0,
      },
    ],
    [
      "btcusd-bitstamp-trades-1h-2019-06-14.json",
      {
        format: "trades of Bitstamp's API, newest first",
        symbol: "BTC/USD",
        cadence: { kind: "trades" },
        points: 383,
        decimals: 2,
        gaps: 0,
      },
    ],
    [
      "btcusd-coinbase-1m-2017-09-04.csv",
      {
        format: "LEAN bars (milliseconds since midnight)",
        symbol: "BTC/USD",
        cadence: { kind: "bars", stepMs: 60_000 },
        points: 1440,
        decimals: 2,
        gaps: 0,
      },
    ],
    [
      "btcusdt-bybit-1m-2022-12-13.csv",
      {
        format: "LEAN bars (milliseconds since midnight)",
        symbol: "BTC/USDT",
        cadence: { kind: "bars", stepMs: 60_000 },
        points: 1440,
        decimals: 2,
        gaps: 0,
      },
    ],
    [
      "usdjpy-monthly-1971-2026.csv",
      {
        format: "monthly exchange rates (yen per US dollar)",
        symbol: "USD/JPY",
        cadence: { kind: "months" },
        points: 666,
        decimals: 4,
        gaps: 0,
      },
    ],
  ];
  for (const [name, expected] of recorded) {
    it(`reads ${name}, and says what it saw`, function () {
      expect(summary(readPriceFile(name, marketData(this, name)))).to.deep.equal(expected);
    });
  }

  it("reads four-hour klines with their real gaps", function () {
    const name = "btcusdt-binance-4h-2018-2025.csv";
    const file = readPriceFile(name, marketData(this, name));
    expect(file.format).to.equal("Binance klines");
    expect(file.points).to.have.length(15885);
    const steps = (file.points.at(-1)!.stamp - file.points[0]!.stamp) / 14_400_000 + 1;
    expect(file.gaps.reduce((sum, { missing }) => sum + missing, 0)).to.equal(steps - 15885);
  });

  it("reads daily rates, whose weekends are no gaps and whose holidays are", function () {
    const ecb = readPriceFile("ecb.csv", marketData(this, "ecb-eurofxref-usd-jpy-gbp-1999-2025.csv"));
    expect(summary(ecb)).to.deep.include({
      symbol: "USD/JPY",
      cadence: { kind: "business-days" },
      points: 6710,
      decimals: 6,
    });
    const fred = readPriceFile("fred.csv", marketData(this, "fred-DEXJPUS-2009-2019.csv"));
    expect(fred.cadence).to.deep.equal({ kind: "business-days" });
    const washington = fred.gaps.find(({ after }) => after === at("2009-02-13"));
    expect(washington).to.deep.include({ before: at("2009-02-17"), missing: 1 });
    expect(fred.points).to.have.length(2610 - fred.gaps.reduce((sum, { missing }) => sum + missing, 0));
  });

  it("finds the one real gap of the hourly file: three hours", function () {
    const name = "btcusdt-binance-1h-2020-05-06.csv";
    const [gap, ...others] = readPriceFile(name, marketData(this, name)).gaps;
    expect(others).to.deep.equal([]);
    expect(gap).to.deep.include({
      after: at("2020-06-28T01:00:00Z"),
      before: at("2020-06-28T05:00:00Z"),
      missing: 3,
    });
  });

  it("knows a bar at its end, a day's rate a day later, a month's in the next, a trade at once", () => {
    const known = (text: string) =>
      new Date(readPriceFile("btcusd.csv", text).points[0]!.knownAt).toISOString();
    expect(known(minutes("2026-01-05T00:00:00Z,1", "2026-01-05T00:01:00Z,2"))).to.equal(
      "2026-01-05T00:01:00.000Z",
    );
    expect(known("DATE,DEXJPUS\n2026-01-05,150\n2026-01-06,151")).to.equal("2026-01-06T00:00:00.000Z");
    expect(known("Date,Country,Exchange rate\n2026-02-01,Japan,150\n2026-03-01,Japan,151")).to.equal(
      "2026-03-01T00:00:00.000Z",
    );
    expect(known('[{"date":"1767571200","tid":"1","price":"1"}]')).to.equal("2026-01-05T00:00:00.000Z");
  });

  it("keeps prices to the last digit", () => {
    const { points, decimals } = readPriceFile(
      "btcusd.csv",
      minutes("1767571200,0.1", "1767571260,12345678901234.123456789"),
    );
    expect(points.map(({ price }) => formatDecimal(price))).to.deep.equal([
      "0.1",
      "12345678901234.123456789",
    ]);
    expect(decimals).to.equal(9);
  });

  it("takes its symbol from the content, else from the name, else from you", () => {
    const text = minutes("1767571200,1", "1767571260,2");
    expect(readPriceFile("ETHUSDT-1m.csv", text).symbol).to.equal("ETH/USDT");
    expect(readPriceFile("btc_jpy_1h.csv", text).symbol).to.equal("BTC/JPY");
    expect(readPriceFile("BITSTAMP_BTCUSD, 60.csv", text).symbol).to.equal("BTC/USD");
    expect(readPriceFile("prices.csv", text, { symbol: "BTC/USD" }).symbol).to.equal("BTC/USD");
    expect(complaint(text, "prices.csv")).to.equal(
      "prices.csv: does not say what it has prices of; name it by --symbol, such as --symbol BTC/USD, or call the file btcusd.csv",
    );
  });

  it("reads what editors leave behind: a mark at the start, other line ends, quotes, blank lines", () => {
    const { points } = readPriceFile(
      "btcusd.csv",
      '\uFEFF"time","close"\r\n1767571200,"1"\r\n1767571260,2\r\n\r\n',
    );
    expect(points).to.have.length(2);
  });

  it("a column that is asked for and not there is told, with the one that was probably meant", () => {
    const read = (time: string, price: string) => () =>
      readPriceFile("btcusd.csv", "When,value\n1767571200,1\n1767571260,2\n", { columns: { time, price } });
    expect(read("when", "Value")().points).to.have.length(2);
    expect(read("when", "vlaue")).to.throw(/ do not have vlaue; did you mean "value"\?$/);
    expect(read("day", "worth")).to.throw(/ do not have day and worth$/);
  });

  const bad: [string, string, RegExp][] = [
    ["an empty file", " \n", /^btcusd\.csv: is empty$/],
    [
      "a program, or anything else that is no text",
      "\x7FELF\0\0\0\uFFFD,\n",
      /^btcusd\.csv: is no text; a CSV, or a list of trades in JSON, will do$/,
    ],
    [
      "columns it does not know",
      "when,value\n1,2",
      /line 1: columns "when,value" are of no known kind; .*--time-column/,
    ],
    [
      "columns without names, as Kraken and Binance pack them",
      "1767571200,1,1,1,1.0,5,3\n1767571260,1,1,1,1.0,5,3",
      /line 1: columns "1767571200,.*" are numbers; put a line of names before them, such as timestamp,open,/,
    ],
    [
      "a duplicated time",
      minutes("1767571200,1", "1767571260,2", "1767571260,3"),
      /line 4: 2026-01-05T00:01:00\.000Z is there twice \(line 3\)/,
    ],
    [
      "an unsorted time",
      minutes("1767571200,1", "1767571320,2", "1767571260,3"),
      /line 4: 2026-01-05T00:01:00\.000Z comes after 2026-01-05T00:02:00\.000Z \(line 3\); sort/,
    ],
    ["a row that is too short", minutes("1767571200,1", "1767571260"), /line 3: expected 2 columns, saw 1/],
    [
      "a row that is too long",
      minutes("1767571200,1", "1767571260,1,2"),
      /line 3: expected 2 columns, saw 3/,
    ],
    [
      "a price that is none",
      minutes("1767571200,1", "1767571260,soon"),
      /line 3: close: expected a decimal, saw "soon"/,
    ],
    [
      "a blank price",
      minutes("1767571200,1", "1767571260,"),
      /line 3: close: expected a decimal, saw an empty text/,
    ],
    [
      "a price of zero",
      minutes("1767571200,1", "1767571260,0"),
      /line 3: close: expected a price above zero, saw 0/,
    ],
    ["a time that is none", minutes("1767571200,1", "later,2"), /line 3: time: expected/],
    [
      "a time in words of another kind",
      minutes("2026/01/05 00:00,1"),
      /line 2: time: expected a time such as 2026-11-22T05:55:26Z, saw "2026\/01\/05 00:00"/,
    ],
    ["a time that does not exist", minutes("2026-02-30T00:00:00Z,1"), /line 2: time: no such day/],
    [
      "a time out of step",
      minutes("1767571200,1", "1767571260,2", "1767571320,3", "1767571335,4"),
      /line 5: .* is out of step: the others are 60 s apart/,
    ],
    ["a single price", minutes("1767571200,1"), /has 1 prices; two are needed/],
    [
      "another country",
      "Date,Country,Exchange rate\n2026-02-01,Japan,150\n2026-03-01,Malta,151",
      /line 3: expected country Japan, saw Malta/,
    ],
    ["half a JSON file", '{"trades":[', /expected JSON/],
    ["JSON that is no list of trades", '{"rows":[]}', /expected a list of trades/],
    ["no trades", "[]", /has no trades/],
    [
      "a trade without a price",
      '[{"date":"1767571200","tid":"1"}]',
      /trade 1: price: expected a number or a text, saw nothing/,
    ],
    [
      "a trade given twice",
      '[{"date":"1767571200","tid":"1","price":"1"},{"date":"1767571201","tid":"1","price":"1"}]',
      /trade 2: number 1 is there twice/,
    ],
    [
      "trades out of order",
      '[{"date":"1767571200","tid":"1","price":"1"},{"date":"1767571100","tid":"2","price":"1"},{"date":"1767571300","tid":"3","price":"1"}]',
      /trade 2 at .* is out of order/,
    ],
  ];
  for (const [what, text, message] of bad) {
    it(`refuses ${what}`, () => {
      expect(complaint(text)).to.match(message);
    });
  }

  it("reports gaps, and fills none", () => {
    const file = readPriceFile(
      "btcusd.csv",
      minutes("1767571200,1", "1767571260,2", "1767571440,3", "1767571500,4"),
    );
    expect(file.points).to.have.length(4);
    expect(file.gaps).to.deep.equal([{ after: 1767571260000, before: 1767571440000, missing: 2, line: 4 }]);
  });
});

describe("replay", () => {
  const file = readPriceFile(
    "btcusd.csv",
    minutes("1767571200,1", "1767571260,2", "1767571440,3", "1767571500,4"),
  );

  it("never knows a price before its bar is over", () => {
    const path = replay(file);
    expect(path.at(1767571259999)).to.equal(null);
    expect(path.at(1767571260000)).to.deep.equal({ price: { units: 1n, scale: 0 }, time: 1767571260000 });
    expect(path.at(1767571319999)?.price.units).to.equal(1n);
    expect(path.at(1767571320000)?.price.units).to.equal(2n);
    expect(path.at(Number.MAX_SAFE_INTEGER)).to.deep.equal({
      price: { units: 4n, scale: 0 },
      time: 1767571560000,
    });
  });

  it("lets the last price grow old in a gap", () => {
    expect(replay(file).at(1767571499999)).to.deep.equal({
      price: { units: 2n, scale: 0 },
      time: 1767571320000,
    });
  });

  it("gives the newest point known, as a search from the start does", () => {
    const path = replay(file);
    fc.assert(
      fc.property(fc.integer({ min: 1767571100000, max: 1767571700000 }), (time) => {
        const known = file.points.findLast(({ knownAt }) => knownAt <= time);
        expect(path.at(time)?.time).to.equal(known?.knownAt);
      }),
      { seed: 20201122, numRuns: 200 },
    );
  });
});
