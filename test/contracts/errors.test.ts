import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";
import { artifacts } from "hardhat";

const ROOT = join(import.meta.dirname, "../..");
const CONTRACTS = ["Oracle", "TwoPersonGate", "Catalog", "Options", "OptionSeries", "PayoffOptions"];

/** Errors that libraries declare and that cannot happen here. */
const UNREACHABLE = new Map([
  ["TwoPersonGate InsufficientBalance", "of calls with ether: the gate sends none"],
  ["OptionSeries ERC1155InvalidApprover", "the caller approves, and the caller is never 0"],
  ["OptionSeries ERC1155InvalidSender", "tokens of 0 need its approval, which it cannot give"],
]);

const TESTS = globSync(["test/contracts/**/*.{sol,ts}", "test/differential/*.ts", "test/Option.test.ts"], {
  cwd: ROOT,
})
  .filter((file) => !file.endsWith("errors.test.ts"))
  .map((file) => readFileSync(join(ROOT, file), "utf8"))
  .join("\n");

/** The errors of a contract, those of its libraries included. */
async function errorsOf(contract: string): Promise<string[]> {
  const { abi } = await artifacts.readArtifact(contract);
  return (abi as readonly { type: string; name?: string }[])
    .filter(({ type }) => type === "error")
    .map(({ name }) => name!);
}

/** Whether some test expects it: `IOracle.Name.selector` in Solidity, `"Name"` or `"Name(…)"` elsewhere. */
function expected(error: string): boolean {
  return new RegExp(`\\.${error}\\.selector\\b|"${error}["(]`).test(TESTS);
}

describe("errors", () => {
  for (const contract of CONTRACTS) {
    it(`of ${contract} are each expected by a test`, async () => {
      const errors = await errorsOf(contract);
      expect(errors).not.to.have.length(0);
      const missed = errors.filter((error) => !expected(error) && !UNREACHABLE.has(`${contract} ${error}`));
      expect(missed, "errors that no test expects").to.deep.equal([]);
    });
  }

  it("would be missed if no test named them", () => {
    expect(expected("NoSuchErrorAnywhere")).to.equal(false);
    expect(expected("RootConflict")).to.equal(true);
  });

  it("are called unreachable only where the contract has them and no test expects them", async () => {
    for (const key of UNREACHABLE.keys()) {
      const [contract, error] = key.split(" ") as [string, string];
      expect(await errorsOf(contract)).to.include(error);
      expect(expected(error), error).to.equal(false);
    }
  });
});
