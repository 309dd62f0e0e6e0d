import { execFileSync } from "node:child_process";

import { expect } from "chai";

describe("npm run bench:core", () => {
  it("measures 100, 1,000 and 10,000 feeds beside the bare keccak of the same bytes", () => {
    const output = execFileSync(process.execPath, ["scripts/bench-core.ts", "--json", "--seconds", "0"], {
      encoding: "utf8",
    });
    const lines = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { feeds: number; bytes: number; name: string; ratio: number });
    expect([...new Set(lines.map(({ feeds }) => feeds))]).to.deep.equal([100, 1_000, 10_000]);
    for (const { feeds, bytes, name, ratio } of lines) {
      expect(bytes, "seven bytes a price, and what stands around them").to.be.within(7 * feeds, 10 * feeds);
      if (name.startsWith("bare keccak")) expect(ratio).to.equal(1);
      else expect(ratio).to.be.greaterThan(0);
    }
    const subjects = lines.filter(({ feeds }) => feeds === 100).map(({ name }) => name.split(" ")[0]);
    expect(subjects).to.deep.equal(["bare", "pack", "hash", "hash", "encode", "decode", "verify"]);
  });
});
