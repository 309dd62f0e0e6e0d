import { expect } from "chai";
import fc from "fast-check";

import { formatBand, isBeyond, isWider, parseBand } from "../../../oracle/feeds/band.ts";

describe("parseBand", () => {
  it("reads shares of a hundred and distances", () => {
    expect(parseBand("1%", 2)).to.deep.equal({ kind: "relative", millionths: 10_000n });
    expect(parseBand("0.0001%", 2)).to.deep.equal({ kind: "relative", millionths: 1n });
    expect(parseBand("150.25", 2)).to.deep.equal({ kind: "absolute", units: 15_025n });
    expect(parseBand("150", 2)).to.deep.equal({ kind: "absolute", units: 15_000n });
  });

  it("refuses what would have to be rounded, and what is no band", () => {
    expect(() => parseBand("0.00001%", 2)).to.throw(RangeError, "at most 4");
    expect(() => parseBand("150.255", 2)).to.throw(RangeError, "at most 2");
    for (const text of ["", "%", "0", "0%", "-1%", "1 %", "ten"])
      expect(() => parseBand(text, 2), text).to.throw();
  });

  it("is what formatBand writes, in one spelling", () => {
    for (const text of ["1%", "0.5%", "0.0001%", "150", "150.25", "0.01", "100%"]) {
      expect(formatBand(parseBand(text, 2), 2)).to.equal(text);
    }
    expect(formatBand(parseBand("1.50%", 2), 2)).to.equal("1.5%");
    expect(formatBand(parseBand("150.00", 2), 2)).to.equal("150");
  });
});

describe("isBeyond", () => {
  it("has its limit inside", () => {
    const band = parseBand("1%", 0);
    expect(isBeyond(band, 1010n, 1000n)).to.equal(false);
    expect(isBeyond(band, 1011n, 1000n)).to.equal(true);
    expect(isBeyond(band, 990n, 1000n)).to.equal(false);
    expect(isBeyond(band, 989n, 1000n)).to.equal(true);
    expect(isBeyond(parseBand("5", 0), 1005n, 1000n)).to.equal(false);
    expect(isBeyond(parseBand("5", 0), 994n, 1000n)).to.equal(true);
  });

  it("measures a share of a negative reference by its size", () => {
    const band = parseBand("1%", 0);
    expect(isBeyond(band, -1010n, -1000n)).to.equal(false);
    expect(isBeyond(band, -1011n, -1000n)).to.equal(true);
    expect(isBeyond(band, 1n, 0n)).to.equal(true);
    expect(isBeyond(band, 0n, 0n)).to.equal(false);
  });

  it("begins one unit after the largest whole distance inside", () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 16n), 10n ** 16n),
        fc.bigInt(-(10n ** 15n), 10n ** 15n),
        fc.bigInt(1n, 2_000_000n),
        fc.boolean(),
        (reference, offset, size, relative) => {
          const band = relative
            ? { kind: "relative" as const, millionths: size }
            : { kind: "absolute" as const, units: size };
          const distance = offset < 0n ? -offset : offset;
          const edge = relative ? ((reference < 0n ? -reference : reference) * size) / 1_000_000n : size;
          expect(isBeyond(band, reference + offset, reference)).to.equal(distance > edge);
          expect(isBeyond(band, reference + edge, reference)).to.equal(false);
          expect(isBeyond(band, reference - edge - 1n, reference)).to.equal(true);
        },
      ),
      { seed: 20201122, numRuns: 500 },
    );
  });
});

describe("isWider", () => {
  it("compares bands of one kind only", () => {
    expect(isWider(parseBand("2%", 0), parseBand("1%", 0))).to.equal(true);
    expect(isWider(parseBand("1%", 0), parseBand("1%", 0))).to.equal(false);
    expect(isWider(parseBand("2", 0), parseBand("1", 0))).to.equal(true);
    expect(isWider(parseBand("1", 0), parseBand("2", 0))).to.equal(false);
    expect(isWider(parseBand("99%", 0), parseBand("1", 0))).to.equal(false);
  });
});
