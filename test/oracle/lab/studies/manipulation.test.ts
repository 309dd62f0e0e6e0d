import { expect } from "chai";
import fc from "fast-check";

import { parseDecimal, toUnits } from "../../../../oracle/decimal.ts";
import type { PathPoint } from "../../../../oracle/lab/result.ts";
import {
  chooserGains,
  studyManipulationChooser,
} from "../../../../oracle/lab/studies/manipulation-chooser.ts";
import { studyManipulationPrint, wildPrint } from "../../../../oracle/lab/studies/manipulation-print.ts";
import { runManipulation, studyManipulation } from "../../../../oracle/lab/studies/manipulation.ts";
import {
  brr,
  lastTrade,
  partitionMedians,
  volumeWeightedMedian,
  vwap,
} from "../../../../oracle/lab/studies/reference-rates.ts";
import type { SendSettings } from "../../../../oracle/lab/studies/send-reports.ts";
import { parseJson } from "../../../../oracle/market/json.ts";
import type { Trade } from "../../../../oracle/market/quote.ts";
import { readPriceFile } from "../../../../oracle/market/simulated/price-file.ts";
import { marketData } from "../../../utils/outside-files.ts";

const TRADES = "btcusd-bitstamp-trades-1h-2019-06-14.json";
const DAYS = [
  "btcusd-coinbase-1m-2017-09-04.csv",
  "btcusdt-bybit-1m-2022-12-13.csv",
  "btcusd-bitstamp-1m-2019-12-31.csv",
];
const START = 1_504_483_200;
const SETTINGS: SendSettings = {
  deviation: 1_000,
  heartbeat: 3_600,
  latency: 0,
  dropped: 0,
  seed: 1,
  fixings: true,
  latestDelay: 120,
};
const WINDOW = { end: 1_560_481_880_000, length: 3_600_000, partitions: 12 };

function trade(price: string, size: string, time = 0): Trade {
  return { id: null, price: parseDecimal(price), size: parseDecimal(size), time };
}

function recordedTrades(test: Mocha.Context): Trade[] {
  const file = parseJson(marketData(test, TRADES)) as {
    trades: { date: string; price: string; amount: string }[];
  };
  return file.trades.map(({ date, price, amount }) => trade(price, amount, Number(date) * 1000));
}

function minutes(test: Mocha.Context, name: string): PathPoint[] {
  const file = readPriceFile(name, marketData(test, name));
  return file.points.map(({ knownAt, price }) => ({
    time: knownAt / 1000,
    price: toUnits(price, file.decimals),
  }));
}

const FLAT: PathPoint[] = Array.from({ length: 21 }, (_, i) => ({
  time: START + 60 * i,
  price: 100_000_00n,
}));

describe("the laboratory of manipulation", () => {
  describe("lying venues", () => {
    it("one of five at +900 % moves the median by the largest gap between honest venues at most", () => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: -80, max: 80 }), { minLength: 5, maxLength: 5 }),
          fc.bigInt({ min: 10_000n, max: 10n ** 12n }),
          (offsets, price) => {
            const path = [{ time: START, price }];
            for (const { attack, liars, honestGap, methods } of runManipulation({
              path,
              symbol: "BTC/USD",
              decimals: 2,
              offsets,
            })) {
              if (liars > 2) continue; // a majority lies
              expect(methods[0]!.worst, attack).to.be.at.most(honestGap * (1 + 1e-9));
              expect(methods[0]!.withoutPrice, attack).to.equal(0);
            }
          },
        ),
        { seed: 20170904, numRuns: 40 },
      );
    });

    it("says of each attack what it did to each method", () => {
      const { rows, columns } = studyManipulation({ path: FLAT, symbol: "BTC/USD", decimals: 2 });
      expect(columns.map(({ name }) => name)).to.deep.equal([
        "attack",
        "venues_lying",
        "method",
        "worst_shift",
        "honest_gap",
        "without_price",
        "tries",
      ]);
      const of = (attack: string) =>
        rows.filter((row) => row[0] === attack).map((row) => [row[3], row[5], row[6]]);
      expect(of("nobody lies")).to.deep.equal([
        [0, 0, 5],
        [0, 0, 5],
        [0, 0, 5],
      ]);
      const [median, mean, last] = of("one venue at +900 %");
      // Of the offsets −9, −4, 1, 5, 11 a low one is thrown out: of the four that are left the upper median is 5
      expect(median).to.deep.equal([3.9996, 0, 25]);
      expect(Number(mean![0])).to.be.within(17_900, 18_100);
      expect(last![0]).to.equal(90_000);
      expect(of("one venue halts")).to.deep.equal([
        [3.9996, 0, 25],
        [0, 0, 25],
        [0, 0, 25],
      ]);
      expect(of("one print times 1,000")[2]![0]).to.equal(9_990_000);
      expect(of("three venues halt")[0]).to.deep.equal([null, 100, 50]);
      expect(Number(of("three venues at +900 %")[0]![0])).to.be.above(89_000); // a majority: said, not hidden
    });

    it("a price of a minute ago counts while it is not too old, and moves the median within the gap of what was said", () => {
      const path = FLAT.map((point, i) => ({ ...point, price: i % 5 === 4 ? 99_000_00n : 100_000_00n }));
      const outcome = runManipulation({ path, symbol: "BTC/USD", decimals: 2 });
      const late = outcome.find(({ attack }) => attack === "one venue's trades come a minute late")!;
      expect(late.methods[0]!.worst).to.be.within(0.1, late.honestGap);
      expect(late.methods[2]!.worst).to.be.closeTo(100, 1e-6);
    });

    it("refuses a path without a fixing time", () => {
      expect(() =>
        studyManipulation({ path: [{ time: START + 60, price: 1n }], symbol: "BTC/USD", decimals: 2 }),
      ).to.throw(RangeError, "multiple of 300 s");
    });
  });

  describe("one wild print", () => {
    it("is half of the mean and all of the last trade, and moves the mean of twelve medians by a twelfth", function () {
      const text = marketData(this, TRADES);
      const file = readPriceFile(TRADES, text);
      const { trades, window, print, decimals } = wildPrint(file)!;
      expect(trades).to.have.length(383);
      expect(print.time).to.equal(trades.at(-1)!.time);
      const { rows } = studyManipulationPrint({ trades, window, print, decimals });
      const pulls = rows.map((row) => Number(row[4]));
      expect(pulls[0]).to.be.closeTo(100 / 12, 0.001);
      expect(pulls[1]).to.be.closeTo(50, 0.001);
      expect(pulls[2]).to.be.closeTo(100, 0.001);
    });

    it("is of the last hour, and none where not every trade says how much it was of", () => {
      const point = (minute: number, size?: string) => ({
        ...{ stamp: minute * 60_000, knownAt: minute * 60_000, price: parseDecimal("10.5") },
        ...(size === undefined ? {} : { size: parseDecimal(size) }),
      });
      const points = [point(0, "7"), point(1, "0.25"), point(61, "1"), point(61, "0.125")];
      const { trades, print, window } = wildPrint({ points, decimals: 2 })!;
      expect(trades.map(({ time }) => time / 60_000)).to.deep.equal([61, 61]);
      expect(print).to.deep.equal({
        id: null,
        time: 61 * 60_000,
        price: parseDecimal("10500.0"),
        size: parseDecimal("1.125"),
      });
      expect(window.end).to.equal(61 * 60_000 + 1);
      expect(wildPrint({ points: [...points, point(62)], decimals: 2 })).to.equal(null);
      expect(wildPrint({ points: [point(0)], decimals: 2 })).to.equal(null);
    });

    it("gives the rates that were published of the recorded hour, honest and attacked", function () {
      const trades = recordedTrades(this);
      const { rows } = studyManipulationPrint({
        trades,
        window: WINDOW,
        decimals: 2,
        print: trade("16400", "1000", WINDOW.end - 1),
      });
      // shared reference vectors brr-bitstamp-1560481880 and -attacked
      expect(
        rows.map(([method, honest, attacked]) => [
          method,
          Number(honest).toFixed(4),
          Number(attacked).toFixed(4),
        ]),
      ).to.deep.equal([
        ["mean of 12 volume-weighted medians (BRR)", "8203.9633", "8887.8042"],
        ["volume-weighted mean (VWAP)", "8202.1035", "14986.2751"],
        ["last trade", "8194.7900", "16400.0000"],
      ]);
      expect(rows.map((row) => row[4])).to.deep.equal([8.3333, 82.6724, 99.9893]);
      expect(
        partitionMedians(trades, WINDOW, 2).map(
          (median) => Number(median!.numerator) / Number(median!.denominator) / 100,
        ),
      ).to.deep.equal([
        8193.88, 8205, 8212.34, 8199, 8200, 8209.05, 8210.61, 8210.59, 8204.78, 8207.04, 8201.36, 8193.91,
      ]);
    });

    it("pulls the mean of twelve medians by a twelfth of its distance at most, however large it is", () => {
      const tenth = fc.integer({ min: 1, max: 100_000 }).map((cents) => (cents / 100).toFixed(2));
      const size = fc.integer({ min: 1, max: 1_000 }).map((n) => (n / 100).toFixed(2));
      fc.assert(
        fc.property(
          fc.array(fc.tuple(tenth, size, fc.integer({ min: 0, max: 11_999 })), { maxLength: 60 }),
          tenth,
          fc.constantFrom("0.01", "1000000"),
          fc.integer({ min: 0, max: 11_999 }),
          (list, price, volume, at) => {
            const base = Array.from({ length: 12 }, (_, part) => trade("500", "1", part * 1_000));
            const trades = [...base, ...list.map(([p, s, time]) => trade(p, s, time))];
            const window = { end: 12_000, length: 12_000, partitions: 12 };
            const before = brr(trades, window, 2)!;
            const after = brr([...trades, trade(price, volume, at)], window, 2)!;
            const median = partitionMedians(trades, window, 2)[Math.floor(at / 1_000)]!;
            const abs = (n: bigint) => (n < 0n ? -n : n);
            // |after − before| ≤ |print − median of its part| / 12, with everything brought to 24ths
            const moved = abs(after.numerator * before.denominator - before.numerator * after.denominator);
            const distance = abs(toUnits(parseDecimal(price), 2) * median.denominator - median.numerator);
            expect(moved * 12n * median.denominator <= distance * before.denominator * after.denominator).to
              .be.true;
          },
        ),
        { seed: 20170904, numRuns: 300 },
      );
    });

    it("weighs by volume, and takes the mean of two prices where half falls between them", () => {
      const median = (...list: [string, string][]) => {
        const { numerator, denominator } = volumeWeightedMedian(
          list.map(([price, size]) => trade(price, size)),
          1,
        )!;
        return Number(numerator) / Number(denominator) / 10;
      };
      // shared reference vectors vwm-*
      expect(median(["100", "1"])).to.equal(100);
      expect(median(["100", "1"], ["101", "1"])).to.equal(100.5);
      expect(median(["100", "2"], ["101", "1"], ["103", "1"])).to.equal(100.5);
      expect(median(["100", "1"], ["101", "5"], ["99", "1"])).to.equal(101);
      expect(median(["101", "1"], ["100", "1"], ["100", "1"], ["102", "1"], ["101", "0.5"])).to.equal(101);
      expect(volumeWeightedMedian([trade("5", "0")], 1)).to.equal(null);
    });

    it("leaves out parts without trades, and says null of an empty window", () => {
      const window = { end: 12_000, length: 12_000, partitions: 12 };
      const trades = [
        trade("100", "1", 0),
        trade("200", "3", 11_999),
        trade("999", "1", 12_000),
        trade("999", "1", -1),
      ];
      const tie = [trade("1", "1", 5), trade("2", "1", 9), trade("3", "1", 9), trade("4", "1", 6)];
      expect(lastTrade(tie, window, 0)?.numerator).to.equal(3n);
      expect(brr(trades, window, 0)).to.deep.equal({ numerator: 600n, denominator: 4n });
      expect(vwap(trades, window, 0)).to.deep.equal({
        numerator: 700n * 10n ** 12n,
        denominator: 4n * 10n ** 12n,
      });
      expect(lastTrade(trades, window, 0)).to.deep.equal({ numerator: 200n, denominator: 1n });
      expect([brr([], window, 0), vwap([], window, 0), lastTrade([], window, 0)]).to.deep.equal([
        null,
        null,
        null,
      ]);
      const print = trade("1", "1", 5_000);
      expect(() => studyManipulationPrint({ trades, window, decimals: 0, print })).to.throw(
        RangeError,
        "no trades in part 6 of 12",
      );
    });
  });

  describe("a chooser of the time to settle", () => {
    it("gains nothing with fixings, and 6 to 20 bp in five minutes where the live price is read, on days that were recorded", function () {
      for (const day of DAYS) {
        const config = { path: minutes(this, day), windows: [300], settings: SETTINGS };
        expect(Math.max(...chooserGains(config, "fixing of the expiry", 300)), day).to.equal(0);
        const { rows } = studyManipulationChooser(config);
        expect(rows.map((row) => row[0])).to.deep.equal([
          "live price when called",
          "first price after expiry",
          "fixing of the expiry",
        ]);
        expect(rows[2]!.slice(3)).to.deep.equal([0, 0, 0]);
        const live = Number(rows[0]![3]);
        if (day.includes("2017-09-04")) expect(live).to.be.within(6, 20);
        else expect(live).to.be.above(0.5);
      }
    });

    it("takes the best of what was on offer against the first", () => {
      const path = [100, 103, 110, 105, 90, 101].map((price, i) => ({
        time: START + 60 * i,
        price: BigInt(price * 1000),
      }));
      const gains = (rule: Parameters<typeof chooserGains>[1], window: number) =>
        chooserGains({ path, windows: [], settings: SETTINGS }, rule, window);
      expect(gains("live price when called", 0)).to.deep.equal([0, 0]);
      expect(gains("live price when called", 60)[0]).to.be.closeTo(300, 1e-9);
      expect(gains("live price when called", 240)[0]).to.be.closeTo(1_000, 1e-9);
      expect(gains("fixing of the expiry", 300)).to.deep.equal([0, 0]);
      // Each price is in a block 90 s later: at the second expiry itself there is no first price after yet.
      const late = { path, windows: [], settings: { ...SETTINGS, latency: 90 } };
      expect(chooserGains(late, "first price after expiry", 0)).to.deep.equal([0]);
      expect(chooserGains(late, "live price when called", 0)).to.deep.equal([0, 0]);
      const slow = { path, windows: [], settings: { ...SETTINGS, latency: 120 } };
      expect(() => chooserGains({ ...slow, path: path.slice(1) }, "fixing of the expiry", 0)).to.throw(
        RangeError,
        "within 0 s",
      );
    });
  });
});
