import { expect } from "chai";

import { Random, seedOf } from "../../../../oracle/market/simulated/random.ts";
import { randomWalk } from "../../../../oracle/market/simulated/random-walk.ts";

const START = 1_795_136_520_000;
const walk = (seed: number, symbol = "BTC/JPY") =>
  randomWalk({ symbol, seed, start: START, price: { units: 14_000_000n, scale: 0 }, volatility: 100_000 });

describe("randomWalk", () => {
  it("is the same path for the same seed, whatever was asked before", () => {
    const [straight, hopping] = [walk(1), walk(1)];
    const prices = [0, 1000, 60_000, 3_600_000].map((offset) => straight.at(START + offset)?.price.units);
    hopping.at(START + 7_200_000);
    expect(
      [3_600_000, 60_000, 1000, 0].map((offset) => hopping.at(START + offset)?.price.units),
    ).to.deep.equal(prices.reverse());
  });

  it("is another path for another seed, and for another symbol", () => {
    const end = START + 600_000;
    const prices = [walk(1), walk(2), walk(1, "ETH/JPY")].map((path) => path.at(end)?.price.units);
    expect(new Set(prices).size).to.equal(3);
  });

  it("begins at its price, and not before its time", () => {
    expect(walk(1).at(START - 1)).to.equal(null);
    expect(walk(1).at(START)).to.deep.equal({ price: { units: 14_000_000n, scale: 0 }, time: START });
    expect(walk(1).at(START + 1999)?.time).to.equal(START + 1000);
  });

  it("moves as far as it should: about 1 % in two hours here, and stays above zero", () => {
    const ends = Array.from(
      { length: 40 },
      (_, seed) => Number(walk(seed).at(START + 7_200_000)!.price.units) / 14_000_000 - 1,
    );
    const deviation = Math.sqrt(ends.reduce((sum, end) => sum + end * end, 0) / ends.length);
    // four even draws of ±0.01 % have a variance of 4/3 × 10^-8; 7200 steps of them a deviation of 0.98 %
    expect(deviation).to.be.within(0.007, 0.013);
    const wild = randomWalk({
      symbol: "X/Y",
      seed: 3,
      start: 0,
      price: { units: 2n, scale: 0 },
      volatility: 400_000_000,
      step: 1,
    });
    for (let time = 0; time < 500; time++) expect(wild.at(time)!.price.units > 0n).to.equal(true);
  });
});

describe("Random", () => {
  it("gives the numbers of its seed", () => {
    const random = new Random(1);
    expect([random.next(), random.next(), random.next()]).to.deep.equal([2693262067, 11749833, 2265367787]);
  });

  it("draws evenly between its ends", () => {
    const random = new Random(7);
    const draws = Array.from({ length: 10_000 }, () => random.around(2));
    for (const value of [-2, -1, 0, 1, 2])
      expect(draws.filter((draw) => draw === value).length).to.be.within(1850, 2150);
  });

  it("has another seed for every text", () => {
    expect(new Set(["a", "b", "ab", "ba", ""].map((text) => seedOf(1, text))).size).to.equal(5);
    expect(seedOf(1, "a")).to.not.equal(seedOf(2, "a"));
  });
});
