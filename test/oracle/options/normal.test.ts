import { expect } from "chai";

import { expTimesNormalCdf } from "../../../oracle/options/normal/exp-times-normal-cdf.ts";
import { millsDefect } from "../../../oracle/options/normal/mills-defect.ts";
import { normalCdf } from "../../../oracle/options/normal/normal-cdf.ts";
import { normalPdf } from "../../../oracle/options/normal/normal-pdf.ts";
import { normalQuantile } from "../../../oracle/options/normal/normal-quantile.ts";
import { FixedPoint } from "./exact-normal.ts";

/** Points that hit no round number, so that arguments are as unlucky as they come. */
function grid(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 1 / Math.PI)) / count);
}

describe("normal distribution", function () {
  this.timeout(60_000);
  const fixed = new FixedPoint(400);
  /** Far in the tail Φ is the difference of two halves, and φ has lost as many bits again: 2 · 38²/(2 ln 2) and a margin. */
  const wide = new FixedPoint(2300);
  const widest = new FixedPoint(3400);

  it("the exact reference knows what is known: Φ(0) = ½, Φ(−x) + Φ(x) = 1, and Φ(1) to 40 digits", () => {
    expect(fixed.cdf(0n)).to.equal(fixed.one / 2n);
    const sum = fixed.cdf(fixed.of(1.25)) + fixed.cdf(fixed.of(-1.25));
    expect(sum).to.equal(fixed.one);
    // Mathematica's CDF[NormalDistribution[], 1], as printed in many tables
    const digits = (fixed.cdf(fixed.one) * 10n ** 40n) >> fixed.bits;
    expect(digits).to.equal(8413447460685429485852325456320379224779n);
  });

  it("cdf is within 1e-15 of the exact value on [−8, 8]", () => {
    for (const x of [...grid(-8, 8, 401), 0, -0.46875 * Math.SQRT2, 0.46875 * Math.SQRT2, -8, 8]) {
      expect(Math.abs(fixed.absoluteError(normalCdf(x), fixed.cdf(fixed.of(x)))), `Φ(${x})`).to.be.below(
        2.3e-16,
      );
    }
  });

  it("cdf keeps its relative accuracy in the left tail as far as doubles reach", () => {
    for (const x of grid(-37.5, -4, 120)) {
      expect(Math.abs(wide.relativeError(normalCdf(x), wide.cdf(wide.of(x)))), `Φ(${x})`).to.be.below(2e-15);
    }
    expect(normalCdf(-39)).to.equal(0);
    expect([normalCdf(-Infinity), normalCdf(Infinity), normalCdf(40)]).to.deep.equal([0, 1, 1]);
    expect(normalCdf(NaN)).to.be.NaN;
  });

  it("pdf is within 1e-15 of the exact value, relatively", () => {
    for (const x of grid(-37, 37, 150)) {
      expect(Math.abs(wide.relativeError(normalPdf(x), wide.pdf(wide.of(x)))), `φ(${x})`).to.be.below(1e-15);
    }
  });

  it("quantile undoes cdf within 1e-12", () => {
    for (const x of grid(-37, 0, 2000))
      expect(normalQuantile(normalCdf(x)), `x = ${x}`).to.be.closeTo(x, 1e-12);
    // Above 0 the probability itself is rounded, which moves x by up to 1.1e-16/φ(x).
    for (const x of grid(0, 8, 2000)) {
      const rounding = 2 ** -53 / normalPdf(x);
      expect(normalQuantile(normalCdf(x)), `x = ${x}`).to.be.closeTo(x, 1e-12 + 1.5 * rounding);
    }
  });

  it("quantile is the exact one's, and odd", () => {
    for (const p of [1e-300, 1e-100, 1e-20, 1e-10, 1e-5, 0.01, 0.074, 0.076, 0.3, 0.49]) {
      // Newton's correction of an exact inverse: (Φ(x) − p)/φ(x)
      const x = normalQuantile(p);
      const excess = (wide.cdf(wide.of(x)) - wide.of(p)) << 80n;
      const correction = Number(excess / wide.pdf(wide.of(x))) / 2 ** 80;
      expect(Math.abs(correction), `quantile(${p})`).to.be.below(2e-15 * Math.max(1, Math.abs(x)));
      if (1 - (1 - p) === p) expect(normalQuantile(1 - p)).to.equal(-x);
    }
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).to.deep.equal([
      -Infinity,
      0,
      Infinity,
    ]);
  });

  it("quantile refuses what is no probability", () => {
    for (const p of [-1e-9, 1.000001, NaN]) expect(() => normalQuantile(p)).to.throw(RangeError, `got ${p}`);
  });

  it("exp times cdf survives factors that overflow and underflow", () => {
    for (const [exponent, x] of [
      [800, -38],
      [1200, -45],
      [20, -5.5],
      [-3, 2],
      [3, -4.9],
    ] as const) {
      const exact = wide.multiply(
        wide.exp(wide.of(exponent)),
        widest.cdf(widest.of(x)) >> (widest.bits - wide.bits),
      );
      expect(
        Math.abs(wide.relativeError(expTimesNormalCdf(exponent, x), exact)),
        `${exponent}, ${x}`,
      ).to.be.below(5e-13);
    }
    expect(expTimesNormalCdf(900, -Infinity)).to.equal(0);
  });

  it("the defect of the Mills ratio, 1 − zR(z), keeps its accuracy where the subtraction loses it", () => {
    for (const z of [-3, -0.5, 0, 1, 2.5, 3.999, 4.001, 6, 10, 25, 38]) {
      const exact =
        wide.one - wide.divide(wide.multiply(wide.of(z), wide.cdf(wide.of(-z))), wide.pdf(wide.of(z)));
      expect(Math.abs(wide.relativeError(millsDefect(z), exact)), `z = ${z}`).to.be.below(1e-14);
    }
  });
});
