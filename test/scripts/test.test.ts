import { spawnSync } from "node:child_process";

import { expect } from "chai";

const SCRIPT = "scripts/test.ts";

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("npm test", () => {
  it("says what it takes", () => {
    const { status, stdout, stderr } = run("--help");
    expect([status, stderr]).to.deep.equal([0, ""]);
    expect(stdout).to.match(/^Usage: npm test +everything\n/);
  });

  it("refuses what it does not know, and files that there are not, before it tests anything", () => {
    for (const [args, what] of [
      [["--watch"], "npm test: Unknown option '--watch'"],
      [["--grep"], "npm test: Option '--grep <value>' argument missing"],
      [["test/no-such.test.ts"], "npm test: no such test file: test/no-such.test.ts; paths are relative to"],
    ] as const) {
      const { status, stdout, stderr } = run(...args);
      expect([status, stdout], args.join(" ")).to.deep.equal([2, ""]);
      expect(stderr.slice(0, what.length)).to.equal(what);
      expect(stderr).to.include("Usage: npm test");
    }
  });
});
