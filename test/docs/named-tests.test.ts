import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

import { expect } from "chai";

import { pages } from "./markdown.ts";

const SOLIDITY = globSync("test/contracts/**/*.sol");
/** Functions of the Solidity tests and of those who act in them. */
const FUNCTIONS = new Set(
  SOLIDITY.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\b(?:function|contract) (\w+)/g)].map(([, name]) => name!),
  ),
);

/** What stands in backticks on a page, outside of code blocks. */
function quoted(page: string): string[] {
  const prose = readFileSync(page, "utf8").replace(/^ *```[^]*?^ *```/gm, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);
}

/** Names of tests that there are not. */
function lost(names: readonly string[]): string[] {
  return names.filter((name) => {
    if (/^(test|testFuzz|invariant)_\w+$/.test(name)) return !FUNCTIONS.has(name);
    if (/^test\/\S+$/.test(name)) return !existsSync(name);
    if (/^\w+\.t\.sol$/.test(name)) return !SOLIDITY.some((file) => path.basename(file) === name);
    return false;
  });
}

describe("tests that the documentation names", () => {
  for (const page of pages())
    it(page, () => {
      expect(lost(quoted(page)), `${page} names tests that there are not`).to.deep.equal([]);
    });

  it("each invariant of the core has its own, down to who acts and what is checked", () => {
    const rows = readFileSync("docs/invariants.md", "utf8").match(/^\| \d.*$/gm) ?? [];
    expect(rows).to.have.length(10);
    for (const row of rows) {
      const names = [...row.split("|")[3]!.matchAll(/`(\w+)`/g)].map(([, name]) => name!);
      expect(names, row).not.to.have.length(0);
      expect(
        names.filter((name) => !FUNCTIONS.has(name)),
        row,
      ).to.deep.equal([]);
    }
  });

  it("are looked for where they should be", () => {
    expect(lost(["test_no_such", "invariant_none", "test/no-such.test.ts", "NoSuch.t.sol"])).to.have.length(
      4,
    );
    expect(
      lost(["test_bundles_neverChange", "OracleAttacks.t.sol", "test/Option.test.ts", "latest"]),
    ).to.deep.equal([]);
    expect(quoted("docs/invariants.md")).to.include.members(["lieAlone", "OracleSigners.t.sol"]);
  });
});
