import { PassThrough } from "node:stream";

import { expect } from "chai";
import fc from "fast-check";

import { formatUnits } from "../../../oracle/decimal.ts";
import { count, decimal, many, Screen, tokyoHour, tokyoTime } from "../../../scripts/start/screen.ts";

describe("what the terminal says", () => {
  it("writes prices with their thousands apart and every digit behind the point", () => {
    expect(decimal(1_125_000_025n, 2)).to.equal("11,250,000.25");
    expect(decimal(11_250_000n, 0)).to.equal("11,250,000");
    expect(decimal(4_926_902n, 8)).to.equal("0.04926902");
    expect(decimal(100_000n, 2)).to.equal("1,000.00");
    expect(decimal(-1_234_567n, 3)).to.equal("−1,234.567");
    expect(decimal(0n, 2)).to.equal("0.00");
    expect(decimal(-5n, 1)).to.equal("−0.5");
  });

  it("writes the same number as everybody else, commas aside", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 55n), max: 2n ** 55n }),
        fc.integer({ min: 0, max: 18 }),
        (value, decimals) => {
          const text = decimal(value, decimals).replaceAll(",", "").replace("−", "-");
          expect(text).to.equal(formatUnits(value, decimals));
        },
      ),
      { seed: 20261126 },
    );
  });

  it("counts: one report, two reports, a thousand reports", () => {
    expect([many(1, "report"), many(2, "report"), many(0, "report")]).to.deep.equal([
      "1 report",
      "2 reports",
      "0 reports",
    ]);
    expect(many(1_000, "report")).to.equal("1,000 reports");
    expect(count(2n ** 40n)).to.equal("1,099,511,627,776");
  });

  it("tells the time of Tokyo", () => {
    const time = Date.UTC(2026, 1, 27, 15, 30, 7) / 1000;
    expect(tokyoTime(time)).to.equal("2026-02-28 00:30:07");
    expect(tokyoHour(time)).to.equal("00:30");
  });

  it("has headings, names with what there is to say, and no colours where there is no terminal", () => {
    const stream = new PassThrough();
    const screen = new Screen(stream as unknown as NodeJS.WriteStream);
    screen.head("Prices");
    screen.say("BTC/JPY", screen.style("green", "11,250,000"));
    screen.line();
    expect(String(stream.read())).to.equal("\nPrices\n  BTC/JPY    11,250,000\n\n");
  });
});
