import { AbiCoder, dataSlice, id as keccakOf } from "ethers";
import { expect } from "chai";
import { network } from "hardhat";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { build, link, parse } from "../../scripts/mutation/build-schema.ts";
import type { Mutant } from "../../scripts/mutation/mutant.ts";
import { score } from "../../scripts/mutation/report.ts";
import { type Outcome, Results } from "../../scripts/mutation/results.ts";
import { explainedSurvivors } from "../../scripts/mutation/survivors.ts";
import { UNITS } from "../../scripts/mutation/units.ts";

const HEAD = "// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\n";
const GUARD = `${HEAD}abstract contract Guard {
  error Odd(uint256 value);
  modifier even(uint256 value) {
    if (value % 2 != 0) revert Odd(value);
    _;
  }
}`;
const SMALL = `${HEAD}import { Guard } from "./Guard.sol";
contract Small is Guard {
  function f(uint256 a) external pure even(a) returns (uint256 b) {
    b = a + 1;
    assembly { b := add(b, 4) }
  }
}`;
const small = { name: "small", contract: "a/Small.sol:Small", sources: ["a/Small.sol"] };
const sources = new Map([
  ["a/Guard.sol", GUARD],
  ["a/Small.sol", SMALL],
]);

describe("the mutation runner", function () {
  this.timeout(60_000);

  it("finds every mutant of a source, and compiles them into one contract in which the linker chooses", async () => {
    const parsed = parse(small, sources);
    const edits = parsed.mutants.map(({ key }) => key.replace("a/Small.sol f: ", ""));
    expect(edits).to.deep.equal([
      "even(a) → nothing",
      "b = a + 1; → nothing",
      "b = a + 1; → b = a - 1;",
      "b = a + 1; → b = a + 2;",
      "b = a + 1; → b = a + 0;",
      "b := add(b, 4) → nothing",
      "b := add(b, 4) → b := sub(b, 4)",
      "b := add(b, 4) → b := add(b, 5)",
      "b := add(b, 4) → b := add(b, 3)",
    ]);
    const { code, running, broken } = build(
      parsed,
      parsed.mutants.map((mutant, i) => [i + 1, mutant]),
    );
    expect([running.length, broken]).to.deep.equal([edits.length, []]);

    const { ethers } = await network.create();
    const [person] = await ethers.getSigners();
    const f = async (mutant: number, a: number): Promise<bigint | "reverted"> => {
      const { contractAddress } = (await (
        await person!.sendTransaction({ data: link(code!, mutant) })
      ).wait())!;
      const data =
        dataSlice(keccakOf("f(uint256)"), 0, 4) +
        AbiCoder.defaultAbiCoder().encode(["uint256"], [a]).slice(2);
      return ethers.provider.call({ to: contractAddress, data }).then(BigInt, () => "reverted" as const);
    };
    expect([await f(0, 10), await f(0, 11)], "the contract as it is").to.deep.equal([15n, "reverted"]);
    expect(await f(1, 11), "without its modifier, which stands in another file").to.equal(16n);
    const results = await Promise.all(edits.slice(1).map((_, i) => f(i + 2, 10)));
    expect(results).to.deep.equal([4n, 13n, 16n, 14n, 11n, 7n, 16n, 14n]);
  });

  it("plants faults in the body of a modifier where its uses are left alone", async () => {
    const parsed = parse({ ...small, sources: ["a/Guard.sol", "a/Small.sol"] }, sources);
    const inside = parsed.mutants.filter(({ file }) => file === "a/Guard.sol");
    expect(inside.map(({ key }) => key)).to.include.members([
      "a/Guard.sol even: value % 2 != 0 → true",
      "a/Guard.sol even: value % 2 != 0 → false",
      "a/Guard.sol even: revert Odd(value); → nothing",
    ]);
    expect(
      build(
        parsed,
        inside.map((mutant, i) => [i + 1, mutant]),
      ).broken,
    ).to.deep.equal([]);
  });

  it("leaves out what the compiler refuses, and says why", () => {
    const parsed = parse(small, sources);
    const [, , minus] = parsed.mutants as [Mutant, Mutant, Mutant];
    const nonsense = { ...minus, key: "nonsense", edit: { ...minus.edit, text: "+ nothing_ +" } };
    const { running, broken } = build(parsed, [
      [1, minus],
      [2, nonsense],
    ]);
    expect(running.map(([id]) => id)).to.deep.equal([1]);
    expect(
      broken.map(({ mutant, why }) => [mutant.key, why.includes("Undeclared identifier")]),
    ).to.deep.equal([["nonsense", true]]);
  });

  it("leaves out a mutant whose fault the compiler sees in another place only", () => {
    const text = `${HEAD}contract Pointer {
  uint256[] private list;
  function f() external returns (uint256) {
    uint256[] storage here;
    here = list;
    here.push(1);
    return here.length;
  }
}`;
    const unit = { name: "pointer", contract: "a/Pointer.sol:Pointer", sources: ["a/Pointer.sol"] };
    const parsed = parse(unit, new Map([["a/Pointer.sol", text]]));
    const { running, broken } = build(
      parsed,
      parsed.mutants.map((mutant, i) => [i + 1, mutant]),
    );
    expect(broken.map(({ mutant }) => mutant.key)).to.deep.equal(["a/Pointer.sol f: here = list; → nothing"]);
    expect(running)
      .to.have.length(parsed.mutants.length - 1)
      .and.length.above(2);
  });

  it("counts what is killed or never ends, of what compiles", () => {
    const of = (...outcomes: Outcome[]): number =>
      score(outcomes.map((outcome, i) => ({ key: String(i), outcome, by: "" })));
    expect(of("killed", "killed", "timed out", "survived", "does not compile")).to.equal(75);
    expect(of("does not compile")).to.equal(100);
  });

  it("goes on from what it found before, unless anything it depends on has changed", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "mutation-test-"));
    const result = { key: "a → b", outcome: "survived", by: "" } as const;
    new Results("unit", ["source"], folder).add(result);
    expect(new Results("unit", ["source"], folder).get("a → b")).to.deep.equal(result);
    expect(new Results("unit", ["another source"], folder).get("a → b")).to.equal(undefined);
    rmSync(folder, { recursive: true });
  });

  it("knows survivors by the lines of the page's code blocks, and every line there is still a mutant", () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "mutation-test-")), "page.md");
    writeFileSync(file, "Because.\n\n```text\na: b → c\na: d → e\n```\n");
    expect([...explainedSurvivors(file)]).to.deep.equal(["a: b → c", "a: d → e"]);
    rmSync(path.dirname(file), { recursive: true });
    const keys = new Set(UNITS.flatMap((unit) => parse(unit).mutants.map(({ key }) => key)));
    expect([...explainedSurvivors()].filter((line) => !keys.has(line))).to.deep.equal([]);
  });

  it("the measured score is of the mutants that there are: a contract that changes is measured again", () => {
    const count = UNITS.reduce((sum, unit) => sum + parse(unit).mutants.length, 0);
    const page = readFileSync("docs/mutation.md", "utf8");
    expect(/^[\d.]+ % of (\d+) mutants killed, /m.exec(page)?.[1]).to.equal(String(count));
  });
});
