import { expect } from "chai";
import fc from "fast-check";

import { toUnits } from "../../../../oracle/decimal.ts";
import type { PathPoint } from "../../../../oracle/lab/result.ts";
import { runOracleError, studyOracleError, withOutage } from "../../../../oracle/lab/studies/oracle-error.ts";
import { sendReports, type SendSettings } from "../../../../oracle/lab/studies/send-reports.ts";
import { ChainHistory, settle } from "../../../../oracle/lab/studies/settle-rules.ts";
import { quantiles, summary } from "../../../../oracle/lab/studies/statistics.ts";
import { readPriceFile } from "../../../../oracle/market/simulated/price-file.ts";
import { marketData, testVectors } from "../../../utils/outside-files.ts";

const DAY = "btcusd-coinbase-1m-2017-09-04.csv";
const START = 1_504_483_200; // 2017-09-04
const ALWAYS = 2 ** 31;
const SETTINGS: SendSettings = {
  deviation: 5_000,
  heartbeat: 3_600,
  latency: 0,
  dropped: 0,
  seed: 1,
  fixings: true,
  latestDelay: 120,
};

interface Vector {
  dev: number;
  heartbeat_min: number;
  latency_min: number;
  updates: number;
  err_bps_mean: number;
  p95: number;
  max: number;
  twap30_p95: number;
  twap30_max: number;
  wait_first_after_p95_min: number;
}

/** The closes of a file of minutes, each at its stamp: that is the vectors' convention, not the product's. */
function minutes(test: Mocha.Context, name: string): PathPoint[] {
  const file = readPriceFile(name, marketData(test, name));
  return file.points.map(({ stamp, price }) => ({
    time: stamp / 1000,
    price: toUnits(price, file.decimals),
  }));
}

function steps(...prices: number[]): PathPoint[] {
  return prices.map((price, i) => ({ time: START + 60 * i, price: BigInt(price) }));
}

describe("the study of oracle errors", () => {
  it("reproduces the published errors of 2017-09-04 to their printed digits", function () {
    const path = minutes(this, DAY);
    const vectors = testVectors(this, "oracle-error-2017-09-04.json") as Vector[];
    expect(vectors).to.have.length(18);
    for (const vector of vectors) {
      const [run] = runOracleError({
        path,
        deviations: [vector.dev * 1_000_000],
        heartbeats: [vector.heartbeat_min * 60],
        latencies: [vector.latency_min * 60],
        settleEvery: 60,
        fixings: false,
        latestDelay: ALWAYS, // the convention knows none; the oracle would refuse what is 3 minutes old
        seed: 1,
      });
      const errors = run!.byRule["last-before"].errors.map(Math.abs);
      const bp = (value: number) => Number(value.toFixed(2));
      expect({
        updates: run!.updates,
        err_bps_mean: bp(summary(errors).mean),
        p95: bp(quantiles(errors, [0.95])[0]!),
        max: bp(summary(errors).most),
        twap30_p95: bp(quantiles(run!.meanAgainstMean, [0.95])[0]!),
        twap30_max: bp(summary(run!.meanAgainstMean).most),
        wait_first_after_p95_min: Number(
          quantiles(
            run!.byRule["first-after"].waits.map((seconds) => seconds / 60),
            [0.95],
          )[0]!.toFixed(1),
        ),
      }).to.deep.equal({
        updates: vector.updates,
        err_bps_mean: vector.err_bps_mean,
        p95: vector.p95,
        max: vector.max,
        twap30_p95: vector.twap30_p95,
        twap30_max: vector.twap30_max,
        wait_first_after_p95_min: vector.wait_first_after_p95_min,
      });
    }
  });

  it("without latency the chain is nearer to the truth than the deviation, at every price of every path", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -80_000, max: 80_000 }), { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 50_000 }),
        fc.constantFrom(0, 60, 600, 3_600),
        fc.boolean(),
        (moves, deviation, heartbeat, fixings) => {
          let price = 46_260_500n;
          const path = moves.map((move, i) => {
            price += (price * BigInt(move)) / 1_000_000n;
            return { time: START + 60 * i, price };
          });
          const { recorded } = sendReports(path, { ...SETTINGS, deviation, heartbeat, fixings });
          for (const point of path) {
            const onChain = recorded.findLast(({ latest, blockTime }) => latest && blockTime <= point.time)!;
            const distance = point.price - onChain.price!;
            // |true / on-chain − 1| < δ, exactly
            expect((distance < 0n ? -distance : distance) * 1_000_000n < onChain.price! * BigInt(deviation))
              .to.be.true;
          }
        },
      ),
      { seed: 20170904, numRuns: 300 },
    );
  });

  it("settles by each rule on what that rule would find", () => {
    // On chain: 100 from minute 0, 110 from minute 3 on, observed a minute before; the deviation of 5 % sends nothing else.
    const path = steps(100_000, 101_000, 110_000, 111_000, 112_000, 112_000);
    const sent = sendReports(path, { ...SETTINGS, deviation: 50_000, latency: 60 });
    expect(
      sent.recorded.map(({ observedAt, blockTime, price, reason, latest, fixing }) => [
        (observedAt - START) / 60,
        (blockTime - START) / 60,
        price,
        reason,
        latest,
        fixing,
      ]),
    ).to.deep.equal([
      [0, 0, 100_000n, "initial", true, true],
      [2, 3, 110_000n, "deviation", true, false],
      [5, 6, 112_000n, "fixing", false, true],
    ]);
    const history = new ChainHistory(sent.recorded);
    const at = (minute: number) => START + 60 * minute;
    expect(settle("last-before", history, at(2), 60)).to.equal(100_000);
    expect(settle("last-before", history, at(3), 60)).to.equal(110_000);
    expect(settle("first-after", history, at(1), 60)).to.equal(110_000);
    expect(settle("first-after", history, at(3), 60)).to.equal(110_000);
    expect(settle("first-after", history, at(4), 60)).to.equal(null);
    expect(settle("fixing", history, at(5), 60)).to.equal(112_000);
    expect(settle("fixing", history, at(65), 60)).to.equal(112_000);
    expect(settle("fixing", history, at(70), 60)).to.equal(null);
    expect(settle("twap-30", history, at(5), 60)).to.equal(null);
    expect(settle("twap-30", history, at(32), 60)).to.equal(110_000);
    expect(settle("twap-30", history, at(30), 60)).to.equal((2 * 100_000 + 28 * 110_000) / 30);
    expect(settle("twap-30", history, at(30), 600)).to.equal(110_000);
  });

  it("a fixing is right to the last digit whatever is slow or lost, and other rules are not", () => {
    const path = steps(
      ...Array.from({ length: 601 }, (_, i) => 100_000 + Math.round(5_000 * Math.sin(i / 7))),
    );
    const runs = runOracleError({
      path,
      deviations: [1_000, 10_000],
      heartbeats: [3_600],
      latencies: [0, 60, 180],
      dropped: [0, 0.5],
      seed: 3,
    });
    expect(runs).to.have.length(12);
    for (const { byRule, settings, lost } of runs) {
      expect(byRule.fixing.unsettled).to.equal(0);
      expect(summary(byRule.fixing.errors.map(Math.abs)).most).to.equal(0);
      expect(summary(byRule["twap-30"].errors).rootMeanSquare).to.be.above(50);
      if (settings.dropped > 0) expect(lost).to.be.above(20);
      else expect(lost).to.equal(0);
    }
  });

  it("a fixing that was lost is sent again when it should have arrived, and never becomes latest over a newer price", () => {
    const path = steps(
      ...Array.from({ length: 601 }, (_, i) => 100_000 + Math.round(5_000 * Math.sin(i / 7))),
    );
    for (const [latency, again] of [
      [90, 90],
      [30, 30],
      [0, 1],
    ] as const) {
      const { recorded, lost } = sendReports(path, { ...SETTINGS, deviation: 1_000, latency, dropped: 0.6 });
      const late = recorded
        .filter(({ fixing }) => fixing)
        .map((report) => report.blockTime - report.observedAt - latency);
      expect(late).to.have.length(121);
      expect(late.every((seconds) => seconds % again === 0 && seconds <= 30 * again)).to.be.true;
      expect(Math.max(...late)).to.be.at.least(2 * again);
      expect(lost).to.be.at.least(late.reduce((sum, seconds) => sum + seconds / again, 0));
      const latest = recorded.filter((report) => report.latest).map(({ observedAt }) => observedAt);
      expect(latest).to.deep.equal(latest.toSorted((a, b) => a - b));
      expect(recorded.some((report) => !report.latest && report.fixing)).to.be.true;
    }
  });

  it("looks at no block after the end but for fixings, and tells how long the first price after is waited for", () => {
    const sent = sendReports(steps(100_000, 101_000, 110_000, 111_000, 112_000, 130_000), {
      ...SETTINGS,
      deviation: 50_000,
      latency: 60,
    });
    const history = new ChainHistory(sent.recorded, START + 300);
    expect(history.next(START + 240)).to.equal(null);
    expect(new ChainHistory(sent.recorded).next(START + 240)?.price).to.equal(130_000);
    expect(history.fixing(START + 300)).to.equal(130_000);
    // Arrivals at minutes 0 and 3: from 0 to 5, waits are 0, 2, 1 and 0 minutes
    const { rows } = studyOracleError({
      path: steps(100_000, 101_000, 110_000, 111_000, 112_000, 112_000),
      deviations: [50_000],
      heartbeats: [3_600],
      latencies: [60],
      settleEvery: 60,
      seed: 1,
    });
    expect(rows.map((row) => [row[5], row[14]])).to.deep.equal([
      ["first-after", 111], // 0, 0, 60, 120: 0.85 of the way from the third to the fourth
      ["last-before", null],
      ["twap-30", null],
      ["fixing", null],
    ]);
  });

  it("a price that takes longer than the latest-delay never becomes latest, as on chain", () => {
    const { recorded } = sendReports(steps(100, 200, 400), { ...SETTINGS, latency: 121, fixings: false });
    expect(recorded.map(({ latest }) => latest)).to.deep.equal([true, false, false]);
    const soon = sendReports(steps(100, 200, 400), { ...SETTINGS, latency: 120, fixings: false });
    expect(soon.recorded.map(({ latest }) => latest)).to.deep.equal([true, true, true]);
  });

  it("in an outage the chain says that there is no price, and a fixing is bridged by an older one", () => {
    const path = steps(...Array.from({ length: 200 }, (_, i) => (i < 100 ? 100_000 : 150_000)));
    const blind = withOutage(path, 1_200);
    const from = blind.findIndex(({ price }) => price === null);
    expect(from).to.be.within(81, 100); // it holds the one move
    expect(blind.filter(({ price }) => price === null)).to.have.length(20);
    const { recorded } = sendReports(blind, SETTINGS);
    expect(
      recorded.filter(({ reason }) => reason === "availability").map(({ price }) => price),
    ).to.deep.equal([null, 150_000n]);
    const history = new ChainHistory(recorded);
    const time = Math.ceil((START + 60 * (from + 10)) / 300) * 300;
    expect(history.fixing(time)).to.equal(null);
    expect(settle("fixing", history, time, 60)).to.equal(100_000);
  });

  it("is a table with a row for each configuration and rule, and the same one each time", () => {
    const config = {
      path: steps(...Array.from({ length: 301 }, (_, i) => 100_000 + ((i * 7_919) % 400))),
      deviations: [1_000],
      heartbeats: [600, 3_600],
      latencies: [0],
      dropped: [0, 0.1],
      outages: [0, 900],
      seed: 11,
    };
    const study = studyOracleError(config);
    expect(study.rows).to.have.length(2 * 2 * 2 * 4);
    for (const row of study.rows) expect(row).to.have.length(study.columns.length);
    expect(study.rows.map((row) => row[5]).slice(0, 4)).to.deep.equal([
      "first-after",
      "last-before",
      "twap-30",
      "fixing",
    ]);
    expect(studyOracleError(config)).to.deep.equal(study);
    expect(studyOracleError({ ...config, seed: 12 })).to.not.deep.equal(study);
    expect(() => studyOracleError({ ...config, path: [] })).to.throw(RangeError, "0 prices");
    expect(() => studyOracleError({ ...config, latencies: [-1] })).to.throw(RangeError, "latency");
    expect(() => studyOracleError({ ...config, dropped: [1] })).to.throw(RangeError, "dropped");
  });

  it("a deviation of 10 bp keeps the 95th percentile within 10 bp on the days that were recorded", function () {
    const days = [DAY, "btcusdt-bybit-1m-2022-12-13.csv", "btcusd-bitstamp-1m-2019-12-31.csv"];
    for (const day of days) {
      const { rows } = studyOracleError({
        path: minutes(this, day),
        deviations: [1_000],
        heartbeats: [3_600],
        latencies: [0],
        seed: 1,
      });
      const p95 = (rule: string) => rows.find((row) => row[5] === rule)![10];
      expect(p95("last-before"), day).to.be.at.most(10);
      expect(p95("fixing"), day).to.equal(0);
    }
  });
});
