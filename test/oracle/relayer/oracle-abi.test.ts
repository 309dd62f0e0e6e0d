import { expect } from "chai";
import { Interface } from "ethers";
import { artifacts } from "hardhat";

import { ORACLE_ABI } from "../../../oracle/relayer/oracle-abi.ts";

describe("ORACLE_ABI", () => {
  it("is the compiled contract's, its constructor aside", async () => {
    const { abi } = await artifacts.readArtifact("Oracle");
    const compiled = new Interface(abi).format().filter((line) => !line.startsWith("constructor"));
    expect([...ORACLE_ABI].sort()).to.deep.equal(compiled.sort());
  });
});
