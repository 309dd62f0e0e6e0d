import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

import { expect } from "chai";

import { statedVerdicts } from "../../scripts/proofs/stated.ts";

describe("npm run prove", () => {
  it("docs/proofs.md states a verdict for each property, and that those meant to be false are refuted", () => {
    const properties = readdirSync("test/proofs").flatMap((file) =>
      [...readFileSync(`test/proofs/${file}`, "utf8").matchAll(/function (\w+)\([^)]*\) external/g)].map(
        ([, name = ""]) => name,
      ),
    );
    const stated = statedVerdicts();
    expect([...stated.keys()].sort()).to.deep.equal(properties.sort());
    for (const [name, verdict] of stated)
      expect(verdict === "refuted", name).to.equal(name.startsWith("FALSE_"));
  });

  it("proves packing and refutes what is false of it", () => {
    const output = execFileSync(process.execPath, ["scripts/prove.ts", "Packing.sol"], { encoding: "utf8" });
    expect(output).to.match(/^ {2}proved +everyPriceIsReadAsItWasPacked$/m);
    expect(output).to.match(/^ {2}refuted +FALSE_lanesAreUnsigned +.*word = /m);
    expect(output).to.match(/^10 properties, 0 not as docs\/proofs\.md states: ok$/m);
  });
});
