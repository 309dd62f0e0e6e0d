import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import { canonicalJson } from "../ledger/canonical-json.ts";
import type { Versions } from "./result.ts";
import type { Scenario } from "./scenario.ts";
import { hardhatVersion, ROOT } from "./world/hardhat.ts";

/** Of the programs that made a result. */
export function versions(): Versions {
  const { version } = readJson("package.json") as { version: string };
  const artifact = readJson("artifacts/contracts/Oracle.sol/Oracle.json") as { buildInfoId: string };
  const build = readJson(`artifacts/build-info/${artifact.buildInfoId}.json`) as { solcVersion: string };
  return {
    nakane: version,
    commit: OWN_COMMIT,
    node: process.versions.node,
    hardhat: hardhatVersion(),
    solc: build.solcVersion,
  };
}

/**
 * The commit that a clone of a repository is at; null where the folder is no clone, as an installed package is none, or there
 * is no git to ask. Changes that are not committed are not in it: saving a file is not to change a result.
 */
export function commitOf(folder: string): string | null {
  // Git would answer for a repository around the folder.
  if (!existsSync(path.join(folder, ".git"))) return null;
  const { PATH = "" } = process.env; // what a hook of git sets would name another repository
  try {
    const args = ["-C", folder, "rev-parse", "--verify", "HEAD"];
    return execFileSync("git", args, { encoding: "utf8", env: { PATH }, stdio: "pipe" }).trim();
  } catch {
    return null;
  }
}

/** Asked once: a process runs the code that it was started from. */
const OWN_COMMIT = commitOf(ROOT);

/** sha256 of a scenario, whatever the order of its keys. */
export function scenarioSha256(scenario: Scenario): string {
  return createHash("sha256").update(canonicalJson(scenario)).digest("hex");
}

/**
 * A scenario as it is told: files by their names, without the folders of the machine that has them. So it, its hash and what
 * is made of it are the same on every machine, and it can be run again where the files lie beside it.
 */
export function portable(scenario: Scenario): Scenario {
  const { market, options } = scenario;
  const { path: source } = market;
  const { payoff } = options;
  const bare = (file: string): string => (path.isAbsolute(file) ? path.basename(file) : file);
  return {
    ...scenario,
    market: {
      ...market,
      path:
        source.kind === "file"
          ? { ...source, file: bare(source.file) }
          : source.kind === "bootstrap" && typeof source.of === "string"
            ? { ...source, of: bare(source.of) }
            : source,
    },
    options: {
      ...options,
      ...(payoff === undefined
        ? {}
        : {
            payoff: {
              ...payoff,
              artifact: bare(payoff.artifact),
              ...(payoff.reference === undefined ? {} : { reference: bare(payoff.reference) }),
            },
          }),
    },
  };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
}
