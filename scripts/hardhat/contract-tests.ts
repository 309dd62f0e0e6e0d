import { globSync } from "node:fs";
import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TaskArguments } from "hardhat/types/tasks";

import { needsChain } from "../house/needs-chain.ts";

/**
 * `hardhat test` as whoever writes contracts types it. Where no file is named Hardhat would run every file under test/, helpers
 * and commands too; these are the tests that need a chain. The others run without Hardhat (`npm test`).
 */
export default async (
  args: TaskArguments,
  { config }: Pick<HardhatRuntimeEnvironment, "config">,
  runSuper: (args: TaskArguments) => Promise<unknown>,
): Promise<unknown> => {
  const named = args["testFiles"] as readonly string[];
  if (named.length > 0) return runSuper(args);
  const { root } = config.paths;
  const all = globSync("test/**/*.test.ts", { cwd: root }).map((file) => path.join(root, file));
  return runSuper({ ...args, testFiles: all.filter((file) => needsChain(file)).sort() });
};
