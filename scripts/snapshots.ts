/**
 * Gas snapshots: `npm run snapshots` measures whole receipts and cold reads (test/gas/) and writes snapshots/*.json;
 * `npm run snapshots:check` measures and compares them exactly with the committed ones.
 */
import { globSync } from "node:fs";

import { runTool } from "./house/tool.ts";

if (!process.argv.includes("--check")) process.env["UPDATE_SNAPSHOTS"] = "1";
const ok = await runTool("hardhat", ["test", "mocha", ...globSync("test/gas/*.test.ts").sort()]);
process.exitCode = ok ? 0 : 1;
