import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

import hardhatToolbox from "@nomicfoundation/hardhat-toolbox";
import { defineConfig, overrideTask } from "hardhat/config";
import type { HardhatPlugin } from "hardhat/types/plugins";

import { CREATE2_SALT } from "./deploy/create2.ts";

/** The compiler comes from npm, so that a build needs no download and is pinned by the lockfile. */
const solc = { version: "0.8.37", path: fileURLToPath(import.meta.resolve("solc/soljson.js")) };

const settings = {
  viaIR: true,
  evmVersion: "prague",
  optimizer: { enabled: true, runs: 1_000_000 },
  metadata: { bytecodeHash: "none" },
};

/** Tests deploy the contracts as `settings` builds them (`Test.deploy`); they themselves need to compile quickly. */
const quick = {
  viaIR: false,
  evmVersion: "prague",
  optimizer: { enabled: false },
  metadata: { bytecodeHash: "none" },
};
const tests = globSync("test/contracts/**/*.sol", { cwd: import.meta.dirname }).filter(
  (file) => !file.includes("mocks"), // these stand for contracts of others, and their gas counts
);
const overrides = Object.fromEntries(tests.map((file) => [file, { ...solc, settings: quick }]));

/**
 * One profile for tests and deployments: what is tested is what is deployed, and addresses follow from the code. Left to
 * itself, Hardhat's `production` (which `hardhat ignition deploy` takes) would have the compiler but not its settings.
 */
const build = {
  compilers: [{ ...solc, settings }],
  overrides,
  isolated: false,
  toolVersionsInBuildInfo: false,
};

const warningsAreErrors: HardhatPlugin = {
  id: "warnings-are-errors",
  hookHandlers: { solidity: () => import("./scripts/hardhat/warnings-are-errors.ts") },
};

/** `npm run test:deep`: the same tests with many times the random runs. */
const deep = process.env["DEEP"] === "1";

export default defineConfig({
  plugins: [hardhatToolbox, warningsAreErrors],
  solidity: { profiles: { default: build, production: build } },
  networks: {
    default: { type: "edr-simulated", chainType: "l1", hardfork: "prague" },
  },
  paths: {
    sources: "./contracts",
    tests: { solidity: "./test/contracts", mocha: "./test" },
    ignition: "./deploy",
  },
  tasks: [
    overrideTask(["test", "mocha"])
      .setAction(() => import("./scripts/hardhat/contract-tests.ts"))
      .build(),
  ],
  ignition: { strategyConfig: { create2: { salt: CREATE2_SALT } } },
  typechain: { tsNocheck: true }, // the generated files hold namespaces, which erasableSyntaxOnly refuses
  test: {
    solidity: {
      fuzz: { runs: deep ? 100_000 : 256, seed: "0x6e616b616e65" },
      invariant: { runs: deep ? 256 : 16, depth: deep ? 500 : 64, failOnRevert: true },
    },
    mocha: { timeout: deep ? 1_800_000 : 120_000, forbidOnly: process.env["CI"] !== undefined },
  },
});
