import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

import { harden, toldOf } from "../../../scripts/hardhat/warnings-are-errors.ts";

const run = promisify(execFile);

const CONFIG = `
import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";
export default defineConfig({
  plugins: [{ id: "warnings-are-errors", hookHandlers: { solidity: () => import("../../scripts/hardhat/warnings-are-errors.ts") } }],
  solidity: { version: "0.8.37", path: fileURLToPath(import.meta.resolve("solc/soljson.js")) },
});
`;
const contract = (mutability: string): string =>
  `// SPDX-License-Identifier: MIT\npragma solidity 0.8.37;\ncontract One {\n    function one() external ${mutability} returns (uint256) {\n        return 1;\n    }\n}\n`;

describe("compiler warnings", function () {
  this.timeout(120_000);

  it("about our own sources fail the build, each time until they are mended", async () => {
    mkdirSync("cache", { recursive: true });
    const project = mkdtempSync(path.resolve("cache/warnings-")); // inside the project, where packages are found
    // Hardhat tells its children which project they belong to; this one is another.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(HARDHAT|HH)_/.test(name)),
    );
    const build = () => run("hardhat", ["build"], { cwd: project, env: { ...env, NO_COLOR: "1" } });
    try {
      mkdirSync(path.join(project, "contracts"));
      writeFileSync(path.join(project, "package.json"), '{ "type": "module" }');
      writeFileSync(path.join(project, "hardhat.config.ts"), CONFIG);
      writeFileSync(path.join(project, "contracts/One.sol"), contract("view"));
      for (const attempt of ["first", "second"]) {
        const failure = await build().then(
          () => undefined,
          (error: unknown) => error as { stdout: string; stderr: string },
        );
        expect(failure, `${attempt} build`).not.to.equal(undefined);
        expect(failure!.stdout + failure!.stderr)
          .to.include("can be restricted to pure")
          .and.include("ours count as errors");
      }
      writeFileSync(path.join(project, "contracts/One.sol"), contract("pure"));
      expect((await build()).stdout).to.include("Compiled 1 Solidity file");
    } finally {
      rmSync(project, { recursive: true });
    }
  });

  const warning = (file: string | undefined, errorCode = "2018") => ({
    type: "Warning",
    component: "general",
    message: "m",
    severity: "warning" as const,
    errorCode,
    formattedMessage: "Warning: m",
    ...(file !== undefined && { sourceLocation: { file } }),
  });

  it("about libraries stay warnings; about ours, or about nobody's file, they do not", () => {
    expect(harden(warning("npm/@openzeppelin/contracts@5.7.0/utils/A.sol")).severity).to.equal("warning");
    expect(harden(warning("project/contracts/A.sol")).severity).to.equal("error");
    expect(harden(warning(undefined)).severity).to.equal("error");
  });

  it("about libraries are not told: the first thing that npm start says is not a stranger's warning", () => {
    const [ours, theirs] = [
      warning("project/contracts/A.sol"),
      warning("npm/@openzeppelin/contracts@5.7.0/A.sol"),
    ];
    const fatal = { ...theirs, severity: "error" as const };
    expect(toldOf([theirs, ours, fatal])).to.deep.equal([harden(ours), fatal]);
  });

  it("about the size of a test contract are the only ones excused", () => {
    expect(harden(warning("project/test/contracts/A.t.sol", "5574")).severity).to.equal("warning");
    expect(harden(warning("project/test/contracts/A.t.sol", "2018")).severity).to.equal("error");
    expect(harden(warning("project/contracts/A.sol", "5574")).severity).to.equal("error");
  });
});
