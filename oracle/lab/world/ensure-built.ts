import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { promisify } from "node:util";

import { inBuildTurn } from "./build-turn.ts";
import { LabError, ROOT } from "./hardhat.ts";

/**
 * Builds the contracts where they were not built yet.
 * @throws LabError where Hardhat is not installed, or the build fails
 */
export async function ensureBuilt(tell: (done: number, of: number) => void): Promise<void> {
  if (existsSync(path.join(ROOT, "artifacts/contracts/Oracle.sol/Oracle.json"))) return;
  tell(0, 1);
  let cli: string;
  try {
    cli = createRequire(import.meta.url)
      .resolve("hardhat/package.json")
      .replace("package.json", "dist/src/cli.js");
  } catch (error) {
    throw new LabError(
      "the contracts are not built, and Hardhat, which builds them, is not installed. Run npm ci.",
      {
        cause: error,
      },
    );
  }
  try {
    const env = { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" };
    await inBuildTurn(path.join(ROOT, "cache"), () =>
      promisify(execFile)(process.execPath, [cli, "build", "--quiet", "--no-tests"], { cwd: ROOT, env }),
    );
  } catch (error) {
    throw new LabError(`the contracts could not be built: ${(error as Error).message}`, { cause: error });
  }
  tell(1, 1);
}
