/**
 * Gas snapshots: `npm run snapshots` measures whole receipts and cold reads (test/gas/) and writes snapshots/*.json;
 * `npm run snapshots:check` measures and compares them exactly with the committed ones.
 */
import { globSync } from "node:fs";

import { scriptOptions } from "./house/script-options.ts";
import { runTool } from "./house/tool.ts";

const check = scriptOptions(
  {
    name: "npm run snapshots",
    usage: `Usage: npm run snapshots          measures, and writes snapshots/
       npm run snapshots:check    measures, and compares with snapshots/`,
    options: { check: { type: "boolean", default: false } },
  },
  ({ values }) => values.check,
);
if (!check) process.env["UPDATE_SNAPSHOTS"] = "1";
const ok = await runTool("hardhat", ["test", "mocha", ...globSync("test/gas/*.test.ts").sort()]);
process.exitCode = ok ? 0 : 1;
