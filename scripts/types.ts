/** TypeScript's own check of everything. Contracts are built first, because their types are generated from them. */
import { runTool } from "./house/tool.ts";

const built = await runTool("hardhat", ["build", "--quiet"]);
process.exitCode = built && (await runTool("tsc", process.argv.slice(2))) ? 0 : 1;
