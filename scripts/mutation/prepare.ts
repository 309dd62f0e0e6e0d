import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import type { Artifact } from "@nomicfoundation/edr";

import type { Unit } from "./units.ts";

interface HardhatArtifact {
  readonly contractName: string;
  readonly sourceName: string;
  readonly inputSourceName?: string;
  readonly abi: readonly { readonly type: string; readonly name?: string }[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

const SOLC = "0.8.37";

/** All compiled contracts of this project; `npx hardhat build` makes them. */
export function readArtifacts(folder: string): HardhatArtifact[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".json") && file.includes(".sol"))
    .sort()
    .map((file) => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as HardhatArtifact);
}

/** What the tests' chain must know, and which tests deploy the contract. */
export interface Prepared {
  /** Without the contract under test. */
  readonly artifacts: readonly Artifact[];
  /** The contract under test; its code is put in for each mutant. */
  readonly target: Artifact;
  readonly suites: readonly Artifact["id"][];
}

/** Code that a result depends on, beside the mutant's own: of the tests, and of other contracts that they deploy. */
export type Depends = readonly string[];

/** Tests deploy contracts by name (Test.deploy), so a mutant takes a contract's place without compiling them again. */
export function prepare(
  all: readonly HardhatArtifact[],
  unit: Unit,
): { prepared: Prepared; depends: Depends } {
  const [source, name] = unit.contract.split(":");
  const asDeployed = (contract: string) =>
    Buffer.from(contract.replace("contracts/", ""), "utf8").toString("hex");
  const deployed = asDeployed(unit.contract);
  const suites: Artifact["id"][] = [];
  const artifacts: Artifact[] = [];
  const tests: string[] = [];
  const contracts = new Map<string, string>();
  let target: Artifact | undefined;
  for (const {
    contractName,
    sourceName,
    inputSourceName = sourceName,
    abi,
    bytecode,
    deployedBytecode,
  } of all) {
    const id = { name: contractName, source: inputSourceName, solcVersion: SOLC };
    const artifact = { id, contract: { abi: JSON.stringify(abi), bytecode, deployedBytecode } };
    if (sourceName === source && contractName === name) {
      target = artifact;
      continue;
    }
    artifacts.push(artifact);
    contracts.set(asDeployed(`${sourceName}:${contractName}`), bytecode);
    const isSuite = abi.some((item) => item.type === "function" && /^(test|invariant)/.test(item.name ?? ""));
    if (!isSuite || !bytecode.includes(deployed)) continue;
    suites.push(id);
    tests.push(bytecode);
  }
  if (!target) throw new Error(`No compiled ${unit.contract}. Run \`npx hardhat build\`.`);
  if (suites.length === 0) throw new Error(`No Solidity test deploys ${unit.contract}.`);
  const others = [...contracts].filter(([as]) => tests.some((bytecode) => bytecode.includes(as)));
  return {
    prepared: { artifacts, target, suites },
    depends: [...tests, ...others.map(([, bytecode]) => bytecode)],
  };
}
