#!/usr/bin/env node
/** Starts the command line under the pinned Node: an older one cannot run the sources. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const cli = fileURLToPath(new URL("../oracle/cli.ts", import.meta.url));
if (Number(process.versions.node.split(".")[0]) >= 24) {
  await import(cli);
} else {
  const pinned = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  if (!existsSync(pinned)) {
    console.error(
      `nakane needs Node 24, this is ${process.versions.node}. Run npm ci first: it brings Node 24 along.`,
    );
    process.exit(1);
  }
  const child = spawn(pinned, [cli, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
