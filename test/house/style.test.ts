import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { expect } from "chai";
import prettier from "prettier";

/** A snippet as `npm run format` would leave it, were it written at this path. */
async function formatted(filepath: string, code: string): Promise<string> {
  const config = await prettier.resolveConfig(filepath);
  return prettier.format(code, { ...config, filepath });
}

interface Solhint {
  readonly processStr: (code: string, settings: object, file: string) => { reports: { ruleId: string }[] };
}
const { processStr } = createRequire(import.meta.url)("solhint/lib/index.js") as Solhint;
const settings = JSON.parse(readFileSync(".solhint.json", "utf8")) as object;

/** The rules that solhint finds broken in a contract, by the project's own settings. */
function broken(code: string): string[] {
  return processStr(code, settings, "contracts/A.sol").reports.map(({ ruleId }) => ruleId);
}

describe("formatting and Solidity lint", function () {
  this.timeout(60_000);

  it("TypeScript and Solidity are formatted alike but for their widths", async () => {
    expect(await formatted("oracle/a.ts", "export const f=( a:bigint )=>a+1n")).to.equal(
      "export const f = (a: bigint) => a + 1n;\n",
    );
    const sol = "pragma solidity 0.8.37;contract A{function f()external pure returns(uint256){return 1;}}";
    expect(await formatted("contracts/A.sol", sol)).to.equal(
      "pragma solidity 0.8.37;\ncontract A {\n    function f() external pure returns (uint256) {\n        return 1;\n    }\n}\n",
    );
  });

  it("every TypeScript and Solidity source is among what is formatted", async () => {
    for (const file of [
      "contracts/Oracle.sol",
      "test/contracts/OracleLatest.t.sol",
      "oracle/clock.ts",
      "test/Option.test.ts",
    ]) {
      const { ignored, inferredParser } = await prettier.getFileInfo(file, {
        ignorePath: ".prettierignore",
        plugins: ["prettier-plugin-solidity"],
      });
      expect([file, ignored, inferredParser]).to.deep.equal([
        file,
        false,
        file.endsWith(".sol") ? "slang" : "typescript",
      ]);
    }
  });

  it("a contract with another compiler, a string error or an import of everything is refused", () => {
    const head = '// SPDX-License-Identifier: MIT\nimport "./B.sol";\npragma solidity ^0.8.0;\n';
    const body =
      'contract A {\n    function f(uint256 a) external pure {\n        require(a > 0, "zero");\n    }\n}\n';
    expect(broken(head + body)).to.include.members([
      "compiler-version",
      "gas-custom-errors",
      "no-global-import",
    ]);
  });

  it("a contract of ours is accepted", () => {
    expect(broken(readFileSync("contracts/AddressList.sol", "utf8"))).to.deep.equal([]);
  });
});
