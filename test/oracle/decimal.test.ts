import { expect } from "chai";
import fc from "fast-check";

import {
  type Decimal,
  DecimalError,
  divideHalfEven,
  formatDecimal,
  formatUnits,
  MAX_DIGITS,
  parseDecimal,
  toUnits,
} from "../../oracle/decimal.ts";

const SEED = { seed: 20201122, numRuns: 500 };

function problemOf(text: string): string {
  try {
    parseDecimal(text);
  } catch (error) {
    if (error instanceof DecimalError) return error.problem;
    throw error;
  }
  return "none";
}

describe("parseDecimal", () => {
  const exact: [string, bigint, number][] = [
    ["621000.0", 6210000n, 1],
    ["0.1", 1n, 1],
    ["-0.5", -5n, 1],
    ["1e-7", 1n, 7],
    ["1E-7", 1n, 7],
    ["4.2E3", 4200n, 0],
    ["4.25e1", 425n, 1],
    ["12e+2", 1200n, 0],
    ["007", 7n, 0],
    ["-0", 0n, 0],
    ["9007199254740993", 9007199254740993n, 0],
    ["0.30000000000000004", 30000000000000004n, 17],
    ["1234567890123456789012345678901234567890", 1234567890123456789012345678901234567890n, 0],
    ["0000000000000000000000000000000000000000000001", 1n, 0],
  ];
  for (const [text, units, scale] of exact) {
    it(`reads ${text} exactly`, () => {
      expect(parseDecimal(text)).to.deep.equal({ units, scale });
    });
  }

  for (const text of [
    "NaN",
    "Infinity",
    "-Infinity",
    "+1",
    " 1",
    "1 ",
    "1,000",
    "1.",
    ".5",
    "0x10",
    "1e",
    "e5",
    "--1",
    "1_000",
    "１",
    "null",
    "-",
    "1e5.0",
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(problemOf(text)).to.equal("not-a-decimal");
    });
  }

  it("refuses an empty text", () => {
    expect(problemOf("")).to.equal("empty");
  });

  for (const text of [
    "0e999",
    "1e40",
    "1e-41",
    "1e999999999",
    "9".repeat(41),
    "1e00041",
    `0.${"1".repeat(41)}`,
  ]) {
    it(`refuses the ${text.length} characters of ${text.slice(0, 12)} as too many digits`, () => {
      expect(problemOf(text)).to.equal("too-many-digits");
    });
  }

  it("takes as many digits as it says", () => {
    expect(parseDecimal("1e39").units).to.equal(10n ** 39n);
    expect(parseDecimal("1e-40")).to.deep.equal({ units: 1n, scale: MAX_DIGITS });
  });

  it("never spends long on a long text", () => {
    expect(problemOf("1".repeat(10_000_000))).to.equal("not-a-decimal");
  });

  it("shortens what it quotes", () => {
    expect(() => parseDecimal("x".repeat(150))).to.throw(/^expected a decimal, saw "x{40}…"$/);
  });

  it("gives back what formatDecimal wrote", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 39n), 10n ** 39n), fc.integer({ min: 0, max: 20 }), (units, scale) => {
        expect(parseDecimal(formatDecimal({ units, scale }))).to.deep.equal({ units, scale });
      }),
      SEED,
    );
  });

  it("carries an exponent out without loss", () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 15n),
        fc.integer({ min: 0, max: 15 }),
        fc.integer({ min: -20, max: 20 }),
        (units, scale, exponent) => {
          const { units: read, scale: at } = parseDecimal(`${formatUnits(units, scale)}e${exponent}`);
          const shift = scale - exponent;
          if (shift >= 0) expect(read * 10n ** BigInt(shift)).to.equal(units * 10n ** BigInt(at));
          else expect(read).to.equal(units * 10n ** BigInt(-shift) * 10n ** BigInt(at));
        },
      ),
      SEED,
    );
  });
});

describe("toUnits", () => {
  const rounded: [string, number, bigint][] = [
    ["0.5", 0, 0n],
    ["1.5", 0, 2n],
    ["2.5", 0, 2n],
    ["-0.5", 0, 0n],
    ["-1.5", 0, -2n],
    ["-2.5", 0, -2n],
    ["2.50000000000000000000000000000000000001", 0, 3n],
    ["-2.51", 0, -3n],
    ["113.436254", 4, 1134363n],
    ["113.436249", 4, 1134362n],
    ["495550", 2, 49555000n],
    ["0.00000001", 8, 1n],
    ["0.000000005", 8, 0n],
    ["0.000000015", 8, 2n],
  ];
  for (const [text, decimals, units] of rounded) {
    it(`makes ${units} of ${text} at ${decimals} decimals`, () => {
      expect(toUnits(parseDecimal(text), decimals)).to.equal(units);
    });
  }

  it("is off by at most half a unit, and never prefers a direction", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 20n), 10n ** 20n),
        fc.integer({ min: 0, max: 18 }),
        fc.integer({ min: 0, max: 18 }),
        (units, scale, decimals) => {
          const decimal: Decimal = { units, scale };
          const result = toUnits(decimal, decimals);
          const [a, b] = [result * 10n ** BigInt(scale), units * 10n ** BigInt(decimals)];
          const twice = 2n * (a > b ? a - b : b - a);
          expect(twice <= 10n ** BigInt(scale)).to.equal(true);
          if (twice === 10n ** BigInt(scale) && scale > decimals) expect(result % 2n).to.equal(0n);
          expect(toUnits({ units: -units, scale }, decimals)).to.equal(-result);
        },
      ),
      SEED,
    );
  });
});

describe("divideHalfEven", () => {
  it("rounds the same whatever the signs", () => {
    expect(divideHalfEven(7n, 2n)).to.equal(4n);
    expect(divideHalfEven(-7n, 2n)).to.equal(-4n);
    expect(divideHalfEven(7n, -2n)).to.equal(-4n);
    expect(divideHalfEven(-7n, -2n)).to.equal(4n);
    expect(divideHalfEven(5n, 2n)).to.equal(2n);
    expect(divideHalfEven(1n, 3n)).to.equal(0n);
    expect(divideHalfEven(2n, 3n)).to.equal(1n);
  });
});

describe("formatUnits", () => {
  it("writes every digit", () => {
    expect(formatUnits(110n, 2)).to.equal("1.10");
    expect(formatUnits(-5n, 3)).to.equal("-0.005");
    expect(formatUnits(0n, 0)).to.equal("0");
    expect(formatUnits(495550n, 0)).to.equal("495550");
  });
});
