import { expect } from "chai";

import { exactCollateral, exactPayoff, exactSplit } from "../../../oracle/lab/desk/exact-payoff.ts";
import { floor } from "../../../oracle/lab/desk/fraction.ts";
import { Agenda } from "../../../oracle/lab/agenda.ts";
import { csv } from "../../../oracle/lab/outputs/csv.ts";
import { basisPoints } from "../../../oracle/lab/basis-points.ts";
import { outliersOf } from "../../../oracle/lab/outliers.ts";

const option = { strike: 100n, bound: 0n, size: 7n };
const pays = (
  kind: Parameters<typeof exactPayoff>[0]["kind"],
  prices: bigint[],
  bound = 0n,
  decimals = 1,
): string => {
  const { numerator, denominator } = exactPayoff({ ...option, kind, bound }, prices, decimals);
  return `${numerator}/${denominator}`;
};

describe("the exact payoff", () => {
  it("is what the kinds say, at the strike, beside it and beyond the bound", () => {
    expect([99n, 100n, 101n, 120n, 130n].map((price) => pays("call", [price], 120n))).to.deep.equal([
      "0/10",
      "0/10",
      "7/10",
      "140/10",
      "140/10",
    ]);
    expect([101n, 100n, 99n, 70n].map((price) => pays("put-spread", [price], 80n))).to.deep.equal([
      "0/10",
      "0/10",
      "7/10",
      "140/10",
    ]);
    expect([100n, 125n].map((price) => pays("base-call", [price]))).to.deep.equal(["0/1", "175/125"]);
    expect([100n, 101n].map((price) => pays("digital-call", [price]))).to.deep.equal(["0/1", "7/1"]);
    expect([100n, 99n].map((price) => pays("digital-put", [price]))).to.deep.equal(["0/1", "7/1"]);
    expect(pays("asian-call", [100n, 101n, 101n], 120n)).to.equal("14/30");
    expect(pays("asian-put", [90n, 101n], 0n)).to.equal("63/20");
    expect(
      [
        [99n, 100n],
        [99n, 99n],
      ].map((prices) => pays("touch-up", prices)),
    ).to.deep.equal(["7/1", "0/1"]);
    expect(
      [
        [101n, 100n],
        [101n, 102n],
      ].map((prices) => pays("touch-down", prices)),
    ).to.deep.equal(["7/1", "0/1"]);
  });

  it("never exceeds the collateral, and a share of it is a share", () => {
    for (const kind of ["call", "asian-call"] as const)
      expect(exactCollateral({ ...option, kind, bound: 130n }, 1)).to.deep.equal({
        numerator: 210n,
        denominator: 10n,
      });
    expect(exactCollateral({ ...option, kind: "put" }, 1)).to.deep.equal({
      numerator: 700n,
      denominator: 10n,
    });
    expect(exactCollateral({ ...option, kind: "touch-up" }, 1)).to.deep.equal({
      numerator: 7n,
      denominator: 1n,
    });
    expect(floor(exactSplit(999n, 5_000n))).to.equal(499n);
    expect([
      floor({ numerator: -7n, denominator: 2n }),
      floor({ numerator: 7n, denominator: 2n }),
    ]).to.deep.equal([-4n, 3n]);
  });
});

describe("small parts of the laboratory", () => {
  it("an agenda does things at their times, and of equal times the first first", async () => {
    const agenda = new Agenda();
    const done: string[] = [];
    for (const [at, name] of [
      [5, "d"],
      [1, "a"],
      [3, "b"],
      [3, "c"],
      [9, "e"],
    ] as const)
      agenda.add(at, () => void done.push(name));
    const times: (number | null)[] = [];
    while (agenda.next !== null) {
      times.push(agenda.next);
      await agenda.take()?.();
    }
    expect(done.join("")).to.equal("abcde");
    expect(times).to.deep.equal([1, 3, 3, 5, 9]);
    expect(agenda.take()).to.equal(undefined);
  });

  it("a CSV is RFC 4180's", () => {
    expect(
      csv(
        ["a", "b"],
        [
          ["x,y", 1n],
          ['say "no"', null],
          ["two\nlines", 0.5],
        ],
      ),
    ).to.equal('a,b\r\n"x,y",1\r\n"say ""no""",\r\n"two\nlines",0.5\r\n');
  });

  it("an outlier is told with the price before it, and a steady path has none", () => {
    const path = Array.from({ length: 50 }, (_, i) => ({ time: i, price: 10_000n + BigInt(i % 2) }));
    expect(outliersOf(path)).to.deep.equal([]);
    path[30] = { time: 30, price: 10_100n };
    expect(outliersOf(path)).to.deep.equal([
      { time: 30, price: 10_100n, before: 10_001n, basisPoints: 98.99 },
      { time: 31, price: 10_001n, before: 10_100n, basisPoints: -98.02 },
    ]);
  });

  it("an error is told to the nearest hundredth of a basis point", () => {
    expect(basisPoints(10_000_950n, 10_000_000n)).to.equal(0.95);
    expect(basisPoints(10_350_983n, 10_350_000n)).to.equal(0.95); // 0.9497…
    expect(basisPoints(10_349_017n, 10_350_000n)).to.equal(-0.95);
    expect(basisPoints(null, 10_350_000n)).to.equal(null);
    expect(basisPoints(10_350_000n, null)).to.equal(null);
  });
});
