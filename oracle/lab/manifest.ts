import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
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
    node: process.versions.node,
    hardhat: hardhatVersion(),
    solc: build.solcVersion,
  };
}

/** sha256 of a scenario, whatever the order of its keys. */
export function scenarioSha256(scenario: Scenario): string {
  return createHash("sha256").update(canonicalJson(scenario)).digest("hex");
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));
}
