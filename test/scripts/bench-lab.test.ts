import { execFileSync } from "node:child_process";

import { expect } from "chai";

type Ceiling = Readonly<Record<"perSecond" | "ratio", number>>;
interface Line extends Readonly<Record<"asked" | "sent" | "bare", Ceiling>> {
  readonly what: string;
  readonly perSecond: number;
  readonly gas: number;
}

describe("npm run bench:lab", function () {
  this.timeout(120_000);

  it("shows updates and settled options from end to end beside the same chain alone, of the same gas", () => {
    const sizes = ["--updates", "40", "--options", "12"];
    const output = execFileSync(process.execPath, ["scripts/bench-lab.ts", "--json", ...sizes], {
      encoding: "utf8",
    });
    const lines = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    expect(lines.map(({ what }) => what)).to.deep.equal(["oracle updates", "options, from sale to claim"]);
    for (const { what, perSecond, gas, ...ceilings } of lines) {
      expect(gas, what).to.be.within(45_000, 80_000);
      for (const [name, { perSecond: alone, ratio }] of Object.entries(ceilings))
        expect(ratio, `${what}, ${name}`).to.be.closeTo(perSecond / alone, 1e-9);
      expect(Object.keys(ceilings)).to.deep.equal(["asked", "sent", "bare"]);
    }
  });
});
