import path from "node:path";

import { expect } from "chai";

import contractTests from "../../../scripts/hardhat/contract-tests.ts";

/** What Hardhat is asked to run where `testFiles` are named. */
async function asked(...testFiles: string[]): Promise<string[]> {
  const hre = { config: { paths: { root: process.cwd() } } } as Parameters<typeof contractTests>[1];
  let files: string[] = [];
  await contractTests({ testFiles, bail: true }, hre, async (args) => {
    expect(args["bail"]).to.equal(true);
    files = args["testFiles"] as string[];
  });
  return files.map((file) => path.relative("", file));
}

describe("hardhat test", () => {
  it("runs the tests that need a chain, where none is named, and nothing else under test/", async () => {
    const files = await asked();
    expect(files).to.include.members(["test/Option.test.ts", "test/contracts/Catalog.test.ts"]);
    expect(files).not.to.include("test/oracle/report/word.test.ts"); // needs none
    for (const file of files) expect(file).to.match(/\.test\.ts$/);
  });

  it("runs what is named", async () => {
    expect(await asked("test/oracle/report/word.test.ts")).to.deep.equal(["test/oracle/report/word.test.ts"]);
  });
});
