/**
 * ESLint with types over TypeScript, solhint over Solidity. `npm run lint -- FILES` for some files, `--fix` to mend.
 * Contracts are built first, because their types are generated from them.
 */
import { globSync } from "node:fs";

import { runTool } from "./house/tool.ts";

const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith("-"));
const files = args.filter((arg) => !arg.startsWith("-"));
const solidity = files.filter((file) => file.endsWith(".sol"));
const others = files.filter((file) => !file.endsWith(".sol"));

let ok = await runTool("hardhat", ["build", "--quiet"]);
if (files.length === 0 || others.length > 0)
  ok =
    (await runTool("eslint", [
      "--max-warnings",
      "0",
      ...options,
      ...(files.length === 0 ? ["."] : others),
    ])) && ok;
const sources = files.length === 0 ? globSync("{contracts,test}/**/*.sol") : solidity;
if (sources.length > 0)
  ok = (await runTool("solhint", ["--disc", "--noPoster", "--max-warnings", "0", ...sources])) && ok;
process.exitCode = ok ? 0 : 1;
