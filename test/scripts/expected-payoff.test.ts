import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";
import fc from "fast-check";

import { formatUnits, toUnits } from "../../oracle/decimal.ts";
import { type PriceFile, readPriceFile } from "../../oracle/market/simulated/price-file.ts";
import { replay } from "../../oracle/market/simulated/replay.ts";
import { expectedPayoff, type ExpectedPayoff } from "../../scripts/expected-payoff.ts";
import { marketData } from "../utils/outside-files.ts";

const SCRIPT = "scripts/expected-payoff.ts";
const at = (iso: string): number => Date.parse(iso) / 1000;

const FILES = [
  "btcusd-bitstamp-1d-2017-2020.csv",
  "btcusd-bitstamp-1m-2019-12-31.csv",
  "btcusd-bitstamp-trades-1h-2019-06-14.json",
  "btcusd-coinbase-1m-2017-09-04.csv",
  "btcusdt-binance-1h-2020-05-06.csv",
  "btcusdt-binance-4h-2018-2025.csv",
  "btcusdt-bybit-1m-2022-12-13.csv",
  "ecb-eurofxref-usd-jpy-gbp-1999-2025.csv",
  "fred-DEXJPUS-2009-2019.csv",
  "usdjpy-monthly-1971-2026.csv",
];

/** Minutes of a morning; the prices of 00:05 to 00:07 are missing. */
const RISING = [
  "time,close",
  "2026-01-05T00:03:00Z,100.5",
  "2026-01-05T00:04:00Z,101.5",
  "2026-01-05T00:08:00Z,103",
  "2026-01-05T00:09:00Z,104.25",
  "2026-01-05T00:10:00Z,90",
].join("\n");

/** The same option by the oracle's own reader, looking at one fixing time after the other from both ends. */
function byTheOraclesReader(file: PriceFile): Omit<ExpectedPayoff, "size" | "kind" | "payoff"> | undefined {
  const { cadence, points, decimals } = file;
  const step = cadence.kind === "bars" ? cadence.stepMs / 1000 : 86_400;
  const half = cadence.kind === "months" ? 86_400 : Math.min(Math.max(Math.floor(step / 2), 5), 86_400);
  const maxInputAge = cadence.kind === "trades" ? 60 : half;
  const path = replay(file);
  const fixingAt = (time: number): string | undefined => {
    const newest = path.at(1000 * time);
    const counts = newest !== null && 1000 * time - newest.time <= 1000 * maxInputAge;
    return counts ? formatUnits(toUnits(newest.price, decimals), decimals) : undefined;
  };
  const [begin, end] = [points[0]!.knownAt / 1000, points.at(-1)!.knownAt / 1000 + maxInputAge];
  let first = 300 * Math.floor(begin / 300);
  while (first <= end && fixingAt(first) === undefined) first += 300;
  let expiry = 300 * Math.ceil(end / 300);
  while (expiry >= begin && fixingAt(expiry) === undefined) expiry -= 300;
  const [strike, fixing] = [fixingAt(first), fixingAt(expiry)];
  if (strike === undefined || fixing === undefined) return undefined;
  return { decimals, maxInputAge, first, strike, expiry, fixing };
}

describe("expected-payoff", () => {
  it("strikes a call at the first fixing with a price and settles it from the last", () => {
    // 00:04's bar is known at 00:05, so the strike is 101.50; 00:09's is known at 00:10, so the fixing is 104.25.
    // 00:10's is known at 00:11 and four minutes old at 00:15, where only 30 s count: no fixing.
    // 3 × (104.25 − 101.50) = 8.25
    expect(expectedPayoff(RISING, { size: "3" })).to.deep.equal({
      decimals: 2,
      maxInputAge: 30,
      first: at("2026-01-05T00:05:00Z"),
      strike: "101.50",
      expiry: at("2026-01-05T00:10:00Z"),
      fixing: "104.25",
      size: "3",
      kind: "call",
      payoff: "8.25",
    });
  });

  it("pays the put where the price falls", () => {
    // 101.50 − 90.25 = 11.25
    const { kind, payoff } = expectedPayoff(RISING.replace("104.25", "90.25"));
    expect({ kind, payoff }).to.deep.equal({ kind: "put", payoff: "11.25" });
  });

  it("pays no more than the strike to the put, however low the price", () => {
    // 101.5 − max(−5.0, 0) = 101.5
    expect(expectedPayoff(RISING.replace("104.25", "-5")).payoff).to.equal("101.5");
  });

  it("pays neither where both prices are the same", () => {
    const { kind, payoff } = expectedPayoff(RISING.replace("104.25", "101.50"));
    expect({ kind, payoff }).to.deep.equal({ kind: null, payoff: "0.00" });
  });

  it("caps the call at ten times the strike, or at what is asked for", () => {
    const text = RISING.replace("104.25", "2000");
    // decimals 1 now: 10 × 101.5 − 101.5 = 913.5; 2 × 101.5 − 101.5 = 101.5; 2000 − 101.5 = 1898.5 below 20 times
    expect(expectedPayoff(text).payoff).to.equal("913.5");
    expect(expectedPayoff(text, { capMultiple: 2n }).payoff).to.equal("101.5");
    expect(expectedPayoff(text, { capMultiple: 20n }).payoff).to.equal("1898.5");
  });

  it("keeps the digits of a size that is no whole number", () => {
    // 0.125 × 2.75 = 0.34375
    expect(expectedPayoff(RISING, { size: "0.125" }).payoff).to.equal("0.34375");
  });

  it("knows a day's rate at the next midnight, and a day without one has none", () => {
    const rates =
      "DATE,DEXJPUS\n2026-01-05,150.10\n2026-01-06,.\n2026-01-07,\n2026-01-08,151.30\n2026-01-09,.";
    // Struck on the 6th at 00:00; Thursday's rate is known on the 9th at 00:00 and counts for twelve hours.
    expect(expectedPayoff(rates)).to.deep.include({
      maxInputAge: 43_200,
      first: at("2026-01-06T00:00:00Z"),
      expiry: at("2026-01-09T12:00:00Z"),
      payoff: "1.20", // 151.30 − 150.10
    });
  });

  it("knows a month's rate at the first of the next, and takes it for a day", () => {
    const rates = [
      "Date,Country,Exchange rate",
      "2025-12-01,Japan,150",
      "2026-01-01,Japan,140.5",
      "2026-02-01,Japan,141", // known when this short month is over
    ].join("\n");
    expect(expectedPayoff(rates)).to.deep.include({
      maxInputAge: 86_400,
      first: at("2026-01-01T00:00:00Z"),
      expiry: at("2026-03-02T00:00:00Z"),
      kind: "put",
      payoff: "9.0", // 150 − 141
    });
  });

  it("takes a trade at its own time for a minute, whichever comes first in the list", () => {
    const trade = (time: string, price: string) => ({ date: String(at(time)), tid: time, price });
    const trades = [
      trade("2026-01-05T00:04:00Z", "10.0"), // sixty seconds old at 00:05: counts
      trade("2026-01-05T00:09:59Z", "12.5"),
      trade("2026-01-05T00:09:59Z", "13.5"), // the later one of that second
      trade("2026-01-05T00:13:59Z", "99.0"), // sixty-one seconds old at 00:15: does not
    ];
    for (const list of [trades, trades.toReversed()])
      for (const text of [JSON.stringify(list), JSON.stringify({ trades: list })])
        expect(expectedPayoff(text), text).to.deep.include({ strike: "10.0", fixing: "13.5", payoff: "3.5" });
  });

  it("takes the newer of two prices at the moment it is known", () => {
    const trade = (time: string, price: string) => ({ date: String(at(time)), price });
    const trades = [
      trade("2026-01-05T00:04:00Z", "10"), // would count at 00:05 without the next
      trade("2026-01-05T00:05:00Z", "11"),
      trade("2026-01-05T00:10:00Z", "14"),
    ];
    expect(expectedPayoff(JSON.stringify(trades))).to.deep.include({
      strike: "11",
      fixing: "14",
      payoff: "3",
    });
  });

  it("takes bars of seconds for five of them at least", () => {
    // Known at 00:04:56 and four seconds old at 00:05; half a step is two.
    // Four seconds earlier all of them are eight seconds old.
    const bars = "time,close\n2026-01-05T00:04:48Z,1\n2026-01-05T00:04:52Z,2\n2026-01-05T00:09:52Z,3";
    const early = bars
      .replace("00:09:52", "00:09:48")
      .replace("00:04:48", "00:04:44")
      .replace("00:04:52", "00:04:48");
    expect(expectedPayoff(bars)).to.deep.include({ maxInputAge: 5, strike: "2", fixing: "3" });
    expect(() => expectedPayoff(early)).to.throw("no multiple of 300 s has a price that is at most 5 s old");
  });

  it("reads a time however it is written, and what editors leave behind", () => {
    const expected = expectedPayoff(RISING);
    const rewritten = (write: (ms: number) => string) =>
      RISING.replace(/2026.*Z/g, (iso) => write(Date.parse(iso)));
    for (const text of [
      rewritten((ms) => String(ms / 1000)),
      rewritten(String),
      rewritten((ms) => `${ms}000`),
      RISING.replaceAll("T00:", " 00:").replaceAll("Z", ""),
      RISING.replaceAll("T00:", "T09:").replaceAll("Z", "+09:00"),
      `\uFEFF"Time","Close"\r\n${RISING.split("\n").slice(1).join("\r\n")}\r\n\r\n`,
      RISING.replace("103", "1.03e2"),
    ])
      expect(expectedPayoff(text), text).to.deep.equal(expected);
  });

  it("takes JSON numbers by their digits", () => {
    const text = `[{"date":${at("2026-01-05T00:05:00Z")},"price":0.10000000000000000001},{"date":${at("2026-01-05T00:10:00Z")},"price":0.3}]`;
    expect(expectedPayoff(text).payoff).to.equal("0.19999999999999999999");
  });

  it("refuses what it cannot read", () => {
    const refused = (text: string, terms = {}) => expect(() => expectedPayoff(text, terms));
    refused("when,value\n1,2").to.throw("no columns of time and price among when,value");
    refused(RISING.replace("00:08:00Z", "00:02:00Z")).to.throw("row 3: 2026-01-05T00:02:00Z is not after");
    refused(RISING.replace("104.25", "soon")).to.throw('"soon" is no decimal');
    refused(RISING.replace("104.25", "")).to.throw('"" is no decimal');
    refused(RISING.replace("2026-01-05T00:08:00Z", "later")).to.throw('"later" is no time');
    refused("time,close\n1767571200,1").to.throw("a single price has no step");
    refused("time,close\n1767571260,1\n1767571320,1").to.throw("no multiple of 300 s has a price");
    refused(RISING, { size: "0" }).to.throw("size 0 is not above zero");
    const [a, b, c] = [1, 3, 2].map((date) => ({ date: 1_767_571_200 + date, price: "1" }));
    refused(JSON.stringify([a, b, c])).to.throw("trades are out of order");
  });

  for (const name of FILES)
    it(`agrees with the oracle's own reader on ${name}`, function () {
      const text = marketData(this, name);
      const { size, kind, payoff, ...prices } = expectedPayoff(text);
      expect(prices).to.deep.equal(byTheOraclesReader(readPriceFile(name, text)));
      expect(size).to.equal("1");
      const [strike, fixing] = [prices.strike, prices.fixing].map((price) => BigInt(price.replace(".", "")));
      expect(kind).to.equal(fixing! > strike! ? "call" : "put");
      expect(BigInt(payoff.replace(".", ""))).to.equal(
        fixing! > strike! ? fixing! - strike! : strike! - fixing!,
      );
    });

  it("says what the recorded days pay: 2022-12-13 the call, 2017-09-04 the put", function () {
    // 17778.49 − 17204 and 4626.91 − 4498.25, the closes of 00:04 and of 23:59
    const rose = expectedPayoff(marketData(this, "btcusdt-bybit-1m-2022-12-13.csv"));
    expect([rose.kind, rose.payoff]).to.deep.equal(["call", "574.49"]);
    const fell = expectedPayoff(marketData(this, "btcusd-coinbase-1m-2017-09-04.csv"));
    expect([fell.kind, fell.payoff]).to.deep.equal(["put", "128.66"]);
  });

  it("agrees with the oracle's own reader on bars with any gaps", () => {
    const bar = fc.record({
      minutes: fc.constantFrom(1, 1, 1, 1, 2, 4, 9),
      cents: fc.integer({ min: 1, max: 9999 }),
    });
    fc.assert(
      fc.property(fc.array(bar, { minLength: 8, maxLength: 40 }), ([...bars]) => {
        let time = at("2026-01-05T00:00:00Z");
        const rows = bars.map(({ minutes, cents }) => `${(time += 60 * minutes)},${cents / 100}`);
        // Minutes enough to be the step.
        for (let i = 0; i < 40; i++) rows.push(`${(time += 60)},1`);
        const text = ["time,close", ...rows].join("\n");
        const { size, kind, payoff, ...prices } = expectedPayoff(text);
        expect(prices).to.deep.equal(byTheOraclesReader(readPriceFile("btcusd.csv", text)));
        expect([size, kind === null]).to.deep.equal(["1", Number(payoff) === 0]);
      }),
      { seed: 20201122, numRuns: 200 },
    );
  });

  it("imports nothing of the project, and runs where there is nothing else", () => {
    const source = readFileSync(SCRIPT, "utf8");
    const imported = [...source.matchAll(/\bfrom "([^"]+)"|\bimport "([^"]+)"/g)].map(
      ([, from, bare]) => from ?? bare,
    );
    expect(imported).to.have.length.greaterThan(0);
    for (const name of imported) expect(name).to.match(/^node:/);
    expect(source).not.to.match(/\bimport\(|\brequire\b/);
    const folder = mkdtempSync(join(tmpdir(), "nakane-payoff-"));
    try {
      copyFileSync(SCRIPT, join(folder, "expected-payoff.ts"));
      writeFileSync(join(folder, "btcusd.csv"), RISING);
      writeFileSync(join(folder, "package.json"), '{"type":"module"}');
      const run = (...args: string[]) =>
        execFileSync(process.execPath, ["expected-payoff.ts", "btcusd.csv", ...args], {
          cwd: folder,
          encoding: "utf8",
        });
      expect(JSON.parse(run("--size", "3", "--json"))).to.deep.equal(expectedPayoff(RISING, { size: "3" }));
      expect(JSON.parse(run("--json"))).to.deep.equal(expectedPayoff(RISING));
      expect(run("--cap-multiple", "10").split("\n")).to.deep.equal([
        "btcusd.csv, 2 decimals, inputs at most 30 s old",
        "strike 101.50 at 2026-01-05T00:05:00Z, fixing 104.25 at 2026-01-05T00:10:00Z",
        "size 1: call pays 2.75",
        "",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("ends with 1 and names the file where it cannot be read", () => {
    const { status, stderr } = spawnSync(process.execPath, [SCRIPT, "none.csv"], { encoding: "utf8" });
    expect([status, stderr.split(",")[0]]).to.deep.equal([1, "none.csv: ENOENT: no such file or directory"]);
    expect(spawnSync(process.execPath, [SCRIPT], { encoding: "utf8" }).stderr).to.equal(
      "expected-payoff: name one price file\n",
    );
    const unknown = spawnSync(process.execPath, [SCRIPT, "--nope"], { encoding: "utf8" });
    expect([unknown.status, unknown.stderr.split(".")[0]]).to.deep.equal([
      1,
      "expected-payoff: Unknown option '--nope'",
    ]);
  });
});
