import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { formatUnits, toUnits } from "../../../oracle/decimal.ts";
import { PriceFileError } from "../../../oracle/market/simulated/price-file-error.ts";
import { UsageError } from "../../../oracle/usage-error.ts";
import { expectedPayoff } from "../../../scripts/expected-payoff.ts";
import { pathsOf, planWorld, type WorldPlan } from "../../../scripts/start/world-plan.ts";
import { marketData } from "../../utils/outside-files.ts";

const at = (iso: string): number => Date.parse(iso) / 1000;
const iso = (time: number): string => `${new Date(time * 1000).toISOString().slice(0, 16)}Z`;

describe("planWorld", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "nakane-plan-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const planOf = (text: string, name = "btcusd.csv", symbol?: string): WorldPlan => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return planWorld({ kind: "replay", file, symbol }, 0);
  };
  /** Prices so many seconds apart from midnight on. */
  const every = (step: number, count: number): string =>
    [
      "time,close",
      ...Array.from({ length: count }, (_, i) => `${at("2026-01-05T00:00:00Z") + step * i},${100 + i}`),
    ].join("\n");
  /** What a plan has to do with time. */
  const times = ({ tick, from, strikeAt, expireAt, replay }: WorldPlan) => ({
    tick,
    from: iso(from),
    strikeAt: iso(strikeAt),
    expireAt: iso(expireAt),
    ticks: replay?.ticks.length,
    last: iso(replay?.ticks.at(-1) ?? 0),
  });

  describe("simulated", () => {
    // 12:03:20, so that nothing is round.
    const NOW = at("2026-11-26T12:03:20Z");

    it("lives two hours, struck at the first fixing, expiring at the last that is final by now", () => {
      const plan = planWorld({ kind: "simulated", seed: 1 }, NOW);
      expect(times(plan)).to.deep.include({
        tick: 10,
        from: "2026-11-26T10:00Z",
        strikeAt: "2026-11-26T10:00Z",
        expireAt: "2026-11-26T11:45Z",
      });
      const fixingKept = 5 + 30; // a fixing's delay, and a block
      expect(plan.expireAt + plan.dispute + fixingKept).to.be.lessThan(NOW);
      expect(plan.expireAt + 300 + plan.dispute + fixingKept, "one later would not be").to.be.within(
        NOW - 300,
        NOW + 900,
      );
      expect(plan.provenance).to.equal("simulated");
      expect(plan.catalog.feeds.map(({ symbol }) => symbol)).to.deep.equal(["BTC/JPY", "ETH/JPY", "ETH/BTC"]);
    });

    it("is the same for the same seed, and another for another", () => {
      const prices = (seed: number) =>
        pathsOf(planWorld({ kind: "simulated", seed }, NOW).prices!).map((way) =>
          [0, 60, 3600].map((later) => String(way.at((NOW + later) * 1000)?.price.units)),
        );
      expect(prices(1)).to.deep.equal(prices(1));
      expect(prices(1)).not.to.deep.equal(prices(2));
    });

    it("has prices from before the first tick", () => {
      const plan = planWorld({ kind: "simulated", seed: 1 }, NOW);
      for (const way of pathsOf(plan.prices!)) expect(way.at((plan.from - 120) * 1000)).not.to.equal(null);
    });
  });

  describe("live", () => {
    it("strikes at the next fixing that new signers may vote on, and expires at the one after", () => {
      const plan = (now: string) => times(planWorld({ kind: "live" }, at(now)));
      expect(plan("2026-11-26T12:03:20Z")).to.deep.include({
        from: "2026-11-26T12:00Z",
        strikeAt: "2026-11-26T12:05Z",
        expireAt: "2026-11-26T12:10Z",
      });
      // Two ticks and half a minute are 50 s: at 12:04:10 there is just time enough, a second later there is not.
      expect(plan("2026-11-26T12:04:10Z").strikeAt).to.equal("2026-11-26T12:05Z");
      expect(plan("2026-11-26T12:04:11Z").strikeAt).to.equal("2026-11-26T12:10Z");
      const { prices, venues, replay } = planWorld({ kind: "live" }, at("2026-11-26T12:04:11Z"));
      expect([prices, venues, replay]).to.deep.equal([undefined, [], undefined]);
    });
  });

  describe("replay", () => {
    it("ticks at a file's step, from when its first bar is known to when its last one is", () => {
      expect(times(planOf(every(60, 40)))).to.deep.equal({
        tick: 60,
        from: "2026-01-05T00:00Z",
        strikeAt: "2026-01-05T00:05Z",
        expireAt: "2026-01-05T00:40Z",
        ticks: 40,
        last: "2026-01-05T00:40Z",
      });
    });

    it("takes bars of every length: seconds, five minutes, hours, days", () => {
      expect(times(planOf(every(4, 200)))).to.deep.include({
        tick: 4,
        ticks: 200,
        expireAt: "2026-01-05T00:10Z",
      });
      expect(times(planOf(every(300, 5)))).to.deep.include({
        tick: 300,
        ticks: 5,
        expireAt: "2026-01-05T00:25Z",
      });
      expect(times(planOf(every(3_600, 5)))).to.deep.include({
        tick: 300,
        ticks: 5,
        strikeAt: "2026-01-05T01:00Z",
        expireAt: "2026-01-05T05:00Z",
      });
      expect(times(planOf(every(86_400, 14)))).to.deep.include({
        tick: 300,
        ticks: 14,
        expireAt: "2026-01-19T00:00Z",
      });
    });

    it("ticks in gaps too, where there is no price and so nothing to strike or settle at", () => {
      const rows = every(60, 40).split("\n");
      const gone = [5, 40].map((row) => rows[row]!); // 00:04 and 00:39: known at the first and the last fixing time
      const plan = planOf(rows.filter((row) => !gone.includes(row)).join("\n"));
      expect(times(plan)).to.deep.include({
        ticks: 39,
        strikeAt: "2026-01-05T00:10Z",
        expireAt: "2026-01-05T00:35Z",
        last: "2026-01-05T00:39Z",
      });
      expect(plan.replay!.ticks).to.include(at("2026-01-05T00:05:00Z"));
    });

    it("ticks whenever a daily or a monthly rate comes to be known", () => {
      const daily =
        "DATE,DEXJPUS\n2026-01-01,150.10\n2026-01-02,150.20\n2026-01-05,150.30\n2026-01-06,151\n2026-01-07,.\n2026-01-08,152\n2026-01-09,153";
      expect(times(planOf(daily, "fred.csv"))).to.deep.equal({
        tick: 300,
        from: "2026-01-02T00:00Z",
        strikeAt: "2026-01-02T00:00Z",
        expireAt: "2026-01-10T00:00Z",
        ticks: 6,
        last: "2026-01-10T00:00Z",
      });
      const monthly =
        "Date,Country,Exchange rate\n2026-01-01,Japan,140.5\n2026-02-01,Japan,141\n2026-03-01,Japan,142";
      expect(times(planOf(monthly, "monthly.csv"))).to.deep.include({
        ticks: 3,
        strikeAt: "2026-02-01T00:00Z",
        expireAt: "2026-04-01T00:00Z",
      });
    });

    it("ticks every ten seconds of trades, while they are the file's", () => {
      const trade = (time: string, price: string) => ({ date: String(at(time)), tid: time, price });
      const trades = [
        trade("2026-01-05T00:04:07Z", "10.0"),
        trade("2026-01-05T00:09:59Z", "12.5"),
        trade("2026-01-05T00:10:31Z", "13"),
      ];
      expect(times(planOf(JSON.stringify(trades.toReversed())))).to.deep.equal({
        tick: 10,
        from: "2026-01-05T00:00Z",
        strikeAt: "2026-01-05T00:05Z",
        expireAt: "2026-01-05T00:10Z",
        ticks: 39, // 00:04:10, 00:04:20, … 00:10:30
        last: "2026-01-05T00:10Z",
      });
    });

    it("has the venues say what the file said, when it was known, at the file's digits", () => {
      const plan = planOf(every(60, 40).replace(",104\n", ",104.125\n"));
      const [feed] = plan.catalog.feeds;
      expect([feed!.symbol, feed!.decimals, feed!.maxInputAge]).to.deep.equal(["BTC/USD", 3, 30]);
      const price = (time: string) => {
        const known = pathsOf(plan.prices!)[0]!.at(Date.parse(time));
        return known === null ? null : formatUnits(toUnits(known.price, 3), 3);
      };
      expect(price("2026-01-05T00:00:59.999Z")).to.equal(null);
      expect(price("2026-01-05T00:04:59.999Z")).to.equal("103.000");
      expect(price("2026-01-05T00:05:00Z")).to.equal("104.125");
    });

    it("calls the feed what the file is of, or what it is said to be of", () => {
      expect(planOf(every(60, 40), "btcusdt-1m.csv").catalog.feeds[0]!.symbol).to.equal("BTC/USDT");
      expect(planOf(every(60, 40), "prices.csv", "XAU/JPY").catalog.feeds[0]!.symbol).to.equal("XAU/JPY");
    });

    for (const [name, tick] of [
      ["btcusd-bitstamp-1d-2017-2020.csv", 300],
      ["btcusd-bitstamp-1m-2019-12-31.csv", 60],
      ["btcusd-bitstamp-trades-1h-2019-06-14.json", 10],
      ["btcusd-coinbase-1m-2017-09-04.csv", 60],
      ["btcusdt-binance-1h-2020-05-06.csv", 300],
      ["btcusdt-binance-4h-2018-2025.csv", 300],
      ["btcusdt-bybit-1m-2022-12-13.csv", 60],
      ["ecb-eurofxref-usd-jpy-gbp-1999-2025.csv", 300],
      ["fred-DEXJPUS-2009-2019.csv", 300],
      ["usdjpy-monthly-1971-2026.csv", 300],
    ] as const) {
      it(`plans ${name}, with the prices that the witness finds`, function () {
        const text = marketData(this, name);
        const plan = planOf(text, name);
        const witness = expectedPayoff(text);
        // The same prices; the witness may find the last of them at a later fixing time, when it is older but still counts.
        const { decimals } = plan.catalog.feeds[0]!;
        const [strike, fixing] = [plan.strikeAt, plan.expireAt].map((time) =>
          formatUnits(toUnits(pathsOf(plan.prices!)[0]!.at(time * 1000)!.price, decimals), decimals),
        );
        expect([plan.tick, plan.strikeAt, strike]).to.deep.equal([tick, witness.first, witness.strike]);
        expect([decimals, fixing]).to.deep.equal([witness.decimals, witness.fixing]);
        expect(witness.expiry - plan.expireAt).to.be.within(0, witness.maxInputAge);
        for (const time of plan.replay!.ticks) if (time % tick !== 0) expect.fail(`a tick at ${time}`);
      });
    }

    const refused = (
      text: string,
      kind: typeof PriceFileError | typeof UsageError,
      message: RegExp | string,
    ) => {
      expect(() => planOf(text)).to.throw(kind, message);
    };

    it("refuses a file that is malformed, unsorted or has a time twice, naming the line and what to do", () => {
      refused("when,worth\n1,2", PriceFileError, /btcusd\.csv, line 1: columns .*a time and a close will do/);
      refused(every(60, 40).replace(",107", ",soon"), PriceFileError, /btcusd\.csv, line 9: close: /);
      refused(
        every(60, 40).replace(",107", ",-107"),
        PriceFileError,
        "expected a price above zero, saw -107",
      );
      refused(every(60, 40).replace(",107", ",107,1"), PriceFileError, "line 9: expected 2 columns, saw 3");
      const minute = (n: number) => String(at("2026-01-05T00:00:00Z") + 60 * n);
      refused(
        every(60, 40).replace(minute(7), minute(3)),
        PriceFileError,
        /line 9: 2026-01-05T00:03:00\.000Z comes after 2026-01-05T00:06:00\.000Z \(line 8\); sort the file by time/,
      );
      refused(
        every(60, 40).replace(minute(7), minute(6)),
        PriceFileError,
        /line 9: 2026-01-05T00:06:00\.000Z is there twice \(line 8\); keep one/,
      );
      refused("", PriceFileError, "is empty");
    });

    it("refuses a step that does not divide five minutes, and names one that does", () => {
      refused(
        every(7, 200),
        UsageError,
        "the file has a price every 7 s, but ticks must divide the fixing period of 300 s; bring prices every 6 s",
      );
    });

    it("refuses a file with too few fixings for an option", () => {
      refused(
        every(60, 9),
        PriceFileError,
        "btcusd.csv: has prices at 1 fixing times (multiples of 300 s); an option needs one to be struck at and a later one to settle on",
      );
      refused(every(60, 3), PriceFileError, "has prices at 0 fixing times");
    });

    it("says so where there is no file, or no reading it", () => {
      expect(() =>
        planWorld({ kind: "replay", file: path.join(folder, "none.csv"), symbol: undefined }, 0),
      ).to.throw(UsageError, /there is no file .*none\.csv/);
      expect(() => planWorld({ kind: "replay", file: folder, symbol: undefined }, 0)).to.throw(
        UsageError,
        /cannot be read: EISDIR/,
      );
    });
  });
});
