import { expect } from "chai";

import { readPriceFile } from "../../../oracle/market/simulated/price-file.ts";
import { replay } from "../../../oracle/market/simulated/replay.ts";
import { decimalsOf, maxInputAge, tickOf, ticksOf } from "../../../oracle/lab/world/ticks.ts";

const bars = (rows: readonly (readonly [number, string])[]) =>
  readPriceFile("btcusd.csv", ["time,close", ...rows.map((row) => row.join(","))].join("\n"));
const MINUTE = 1767571200;

describe("what a file is replayed by", () => {
  for (const off of [0, 1, 17, 59])
    it(`prices ${off} s off the ticks are prices at every tick, and a gap is none`, () => {
      const file = bars([0, 1, 2, 3, 5, 6].map((i) => [MINUTE + off + 60 * i, "17000"]));
      const path = replay(file);
      const tick = tickOf(file);
      const missing = ticksOf(file, tick).map((time) => {
        const point = path.at(time * 1000);
        return point === null || point.time / 1000 < time - maxInputAge(file);
      });
      expect(tick).to.equal(60);
      expect(missing.slice(0, 7)).to.deep.equal([false, false, false, false, true, false, false]);
    });

  it("a feed has the decimals of the file, and fewer where they leave a price too little room", () => {
    const decimals = (...prices: string[]) =>
      decimalsOf(bars(prices.map((price, i) => [MINUTE + 60 * i, price])));
    expect(decimals("17203.16", "17203.5")).to.equal(2);
    expect(decimals("17203.160000000003", "17203.5")).to.equal(9); // 17203 × 10^9 < 2^46 ≤ 17203 × 10^10
    expect(decimals("0.000000000000000000123", "0.000000000000000000124")).to.equal(18);
    expect(decimals("70368744177663", "1")).to.equal(0);
  });
});
