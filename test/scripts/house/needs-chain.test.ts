import { expect } from "chai";

import { needsChain } from "../../../scripts/house/needs-chain.ts";

describe("needsChain", () => {
  it("sees Hardhat in what a test imports, and in what that imports", () => {
    expect(needsChain("test/utils/deploy-oracle.ts")).to.equal(true);
    expect(needsChain("test/Option.test.ts")).to.equal(true);
  });

  it("sees none where Hardhat is imported for its types, or only named", () => {
    expect(needsChain("test/oracle/report/word.test.ts")).to.equal(false);
    expect(needsChain("test/scripts/house/needs-chain.test.ts")).to.equal(false);
  });
});
