import { expect } from "chai";

import { exactPayoff, type Payable } from "../../../oracle/lab/desk/exact-payoff.ts";
import { fairPremium } from "../../../oracle/lab/desk/fair-premium.ts";
import { touchAtFixings } from "../../../oracle/lab/desk/touch-at-fixings.ts";
import { OPTION_KINDS } from "../../../oracle/lab/scenario.ts";
import { normalSource } from "../../../oracle/options/montecarlo/normal-source.ts";

const YEAR = 365 * 86_400;
const PRICE = 10_000_000n;
const VOLATILITY = 0.9;
const LIVES = [3_600, 3_900, 4_200, 5_400];
const PATHS = 40_000;

describe("the premium of an option", () => {
  it("is the mean of what it pays, within 4 standard errors of many paths, for every kind", () => {
    const options = OPTION_KINDS.flatMap((kind) =>
      [9_950_000n, 10_040_000n].map((strike): Payable => {
        const up = kind.includes("call");
        const bound = kind.endsWith("-spread")
          ? strike + (up ? 60_000n : -60_000n)
          : ["call", "asian-call"].includes(kind)
            ? strike * 10n
            : 0n;
        return { kind, strike, bound, size: 10n ** 12n };
      }),
    );
    const draw = normalSource(20_260_105);
    const sums = options.map(() => ({ sum: 0, squares: 0 }));
    for (let path = 0; path < PATHS; path++) {
      let level = 0;
      const prices = LIVES.map((life, i) => {
        const years = (life - (LIVES[i - 1] ?? 0)) / YEAR;
        level += -0.5 * VOLATILITY ** 2 * years + VOLATILITY * Math.sqrt(years) * draw();
        return BigInt(Math.round(Number(PRICE) * Math.exp(level)));
      });
      for (const [i, option] of options.entries()) {
        const { numerator, denominator } = exactPayoff(option, prices, 0);
        const paid = Number(numerator) / Number(denominator);
        sums[i]!.sum += paid;
        sums[i]!.squares += paid * paid;
      }
    }
    for (const [i, option] of options.entries()) {
      const mean = sums[i]!.sum / PATHS;
      const error = Math.sqrt((sums[i]!.squares / PATHS - mean ** 2) / PATHS);
      const premium = Number(fairPremium(option, PRICE, LIVES, VOLATILITY, 0));
      const name = `${option.kind} at ${option.strike}`;
      expect(premium, name).to.be.closeTo(mean, 4 * error + Number(option.size) * 1e-6);
      expect(premium, name).to.be.above(0);
    }
  });

  it("a touch that looks once is the digital, and more looks make it likelier, in the mirror as well", () => {
    const touch = (direction: "up" | "down", times: readonly number[]) =>
      touchAtFixings({ spot: 100, level: direction === "up" ? 101 : 99, direction, volatility: 0.5, times });
    for (const direction of ["up", "down"] as const) {
      const kind = direction === "up" ? "digital-call" : "digital-put";
      const strike = direction === "up" ? 10_100_000n : 9_900_000n;
      const once = fairPremium({ kind, strike, bound: 0n, size: 10n ** 9n }, PRICE, [86_400], 0.5, 0);
      expect(touch(direction, [1 / 365])).to.be.closeTo(Number(once) / 1e9, 2e-6);
      const looks = [1, 2, 4, 8].map((count) =>
        touch(
          direction,
          Array.from({ length: count }, (_, i) => (1 - (count - 1 - i) * 0.05) / 365),
        ),
      );
      expect(looks).to.deep.equal(looks.toSorted((a, b) => a - b));
    }
  });

  it("without a volatility it is what is paid at today's price", () => {
    for (const [kind, strike, expected] of [
      ["touch-up", PRICE, 5n],
      ["touch-up", PRICE + 1n, 0n],
      ["touch-down", PRICE, 5n],
      ["asian-call", PRICE - 3n, 15n],
      ["asian-put", PRICE - 3n, 0n],
    ] as const)
      expect(
        fairPremium(
          { kind, strike, bound: kind === "asian-call" ? strike * 10n : 0n, size: 5n },
          PRICE,
          [600, 900],
          0,
          0,
        ),
        kind,
      ).to.equal(expected);
  });
});
