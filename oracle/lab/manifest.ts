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
