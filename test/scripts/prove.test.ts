import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { prove } from "../../scripts/proofs/prove.ts";
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

  it("takes nothing for proved that the solver did not prove, and no function that asserts nothing", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "prove-test-"));
    const file = path.join(folder, "Some.sol");
    writeFileSync(
      file,
      `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
contract Some {
  function asserts(uint8 a) external pure { assert(a < 256); }
  function assertsNothing(uint8 a) external pure { require(a < 256); }
}`,
    );
    const verdicts = (answer: string) =>
      prove(file, () => ({ contents: answer })).map(({ name, verdict }) => [name, verdict]);
    try {
      expect(verdicts("unsat\n")).to.deep.equal([
        ["asserts", "proved"],
        ["assertsNothing", "not proved"],
      ]);
      expect(verdicts("unknown\n")).to.deep.equal([
        ["asserts", "not proved"],
        ["assertsNothing", "not proved"],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("proves packing and refutes what is false of it", () => {
    const output = execFileSync(process.execPath, ["scripts/prove.ts", "Packing.sol"], { encoding: "utf8" });
    expect(output).to.match(/^ {2}proved +everyPriceIsReadAsItWasPacked$/m);
    expect(output).to.match(/^ {2}refuted +FALSE_lanesAreUnsigned +.*word = /m);
    expect(output).to.match(/^10 properties, 0 not as docs\/proofs\.md states: ok$/m);
  });
});
