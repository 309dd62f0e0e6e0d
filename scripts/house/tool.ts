import { spawn } from "node:child_process";

/** Runs a tool of node_modules/.bin on this terminal; true when it ended well. */
export function runTool(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, {
    stdio: "inherit",
    env: {
      ...process.env,
      HARDHAT_DISABLE_TELEMETRY_PROMPT: "true",
      ESLINT_FLAGS: "unstable_native_nodejs_ts_config",
    },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve(code === 0);
    });
  });
}
