#!/usr/bin/env node
/** Starts the command line under the pinned Node: an older one cannot run the sources. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const cli = path.join(root, "oracle/cli.ts");
const pinned = path.join(root, "node_modules/node/bin", process.platform === "win32" ? "node.exe" : "node");

/** Not npm ci alone: it runs no install script, so it brings no Node. */
function refuse(what) {
  console.error(`nakane: ${what}. Run this first: node ${path.join(root, "scripts/ready.mjs")}`);
  process.exitCode = 1;
}

if (Number(process.versions.node.split(".")[0]) >= 24) {
  try {
    await import(pathToFileURL(cli));
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    refuse(`something is not installed (${error.message.split("\n")[0]})`);
  }
} else if (!existsSync(pinned)) {
  refuse(`this is Node ${process.versions.node}, and Node 24, which it needs, is not installed`);
} else {
  const child = spawn(pinned, [cli, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => {
      // Ctrl-C reaches both of us; sent again it would look like a second, impatient one.
      if (!(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
    });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
