import { globSync, readFileSync } from "node:fs";

import { expect } from "chai";

/** Files without a formula of somebody's: terms, checks, and identities that their own line states. */
const NO_FORMULA = [
  "terms.ts",
  "american/check-american.ts",
  "asian/asian-terms.ts",
  "asian/average-price.ts",
  "asian/check-continuous-asian.ts",
  "asian/check-discrete-asian.ts",
  "asian/growth-average.ts",
  "barrier/check-touch.ts",
  "barrier/is-touched.ts",
  "barrier/touch-terms.ts",
  "check-choice.ts",
  "check-market.ts",
  "check-number.ts",
  "check-vanilla.ts",
  "digital/exercise-probability.ts",
  "european/standardised-moneyness.ts",
  "normal/exp-minus-half-square.ts",
  "normal/exp-times-normal-cdf.ts",
  "normal/horner.ts",
  "normal/mills-ratio.ts",
  "normal/normal-pdf.ts",
  "quadrature/integrate.ts",
];

describe("the source of each formula", () => {
  it("stands above it: whose it is, or the function of ours that says so", () => {
    const without = globSync("**/*.ts", { cwd: "oracle/options" }).filter(
      (file) => !/^ \* Source: \S/m.test(readFileSync(`oracle/options/${file}`, "utf8")),
    );
    expect(without.sort()).to.deep.equal([...NO_FORMULA].sort());
  });

  it("names whose it is, and of when, or a function that does", () => {
    for (const file of globSync("**/*.ts", { cwd: "oracle/options" })) {
      const text = readFileSync(`oracle/options/${file}`, "utf8");
      for (const [, source = ""] of text.matchAll(/^ \* Source: ([\s\S]*?)(?:\n \*\n|\n \*\/)/gm)) {
        const known = /\b(1[89]|20)\d\d\b|Haug|Abramowitz|Cody|`[a-zA-Z]+`/.test(source);
        expect(known, `${file}: ${source}`).to.equal(true);
      }
    }
  });
});
