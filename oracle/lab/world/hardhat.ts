import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package. */
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** What of Hardhat a laboratory needs: a chain in this process. */
export interface InProcessProvider {
  readonly request: (call: {
    readonly method: string;
    readonly params?: readonly unknown[];
  }) => Promise<unknown>;
}

/** A chain that nobody else uses. */
export interface OpenChain {
  readonly provider: InProcessProvider;
  readonly close: () => Promise<void>;
}

/** Why a laboratory cannot work here. */
export class LabError extends Error {
  override readonly name = "LabError";
}

const MISSING =
  "The laboratory runs the contracts on a chain of Hardhat, which is not installed here: an oracle in production does without it. Install all of the package's development dependencies (npm ci), and run it again.";

/**
 * Opens a chain of Hardhat in this process. Hardhat is a development dependency, so it is loaded here and nowhere else, and
 * only when it is needed.
 * @param begin Unix seconds of the first block
 * @throws LabError where Hardhat is not installed
 */
export async function openHardhatChain(begin: number, chainId: number): Promise<OpenChain> {
  const { createHardhatRuntimeEnvironment } = await loadHardhat();
  const hre = await createHardhatRuntimeEnvironment(
    {
      networks: {
        lab: {
          type: "edr-simulated",
          chainType: "l1",
          hardfork: "prague",
          chainId,
          initialDate: new Date(begin * 1000),
          allowBlocksWithSameTimestamp: true,
          blockGasLimit: 100_000_000n,
          mining: { mempool: { order: "fifo" } },
        },
      },
      paths: { artifacts: "artifacts/none" }, // or it would trace what every transaction does through the sources
    },
    {},
    ROOT,
  );
  const connection = await hre.network.create({ network: "lab", chainType: "l1" });
  return {
    provider: connection.provider,
    close: () => connection.close(),
  };
}

/** Hardhat's version. @throws LabError where it is not installed */
export function hardhatVersion(): string {
  try {
    const file = createRequire(import.meta.url).resolve("hardhat/package.json");
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  } catch (error) {
    throw new LabError(MISSING, { cause: error });
  }
}

/** A compiled contract. */
export interface Artifact {
  readonly name: string;
  readonly abi: readonly object[];
  /** 0x-prefixed creation code. */
  readonly bytecode: string;
}

/**
 * A contract of this package, as it was built.
 * @param source `options/Options.sol`
 * @throws LabError where it was not built
 */
export function readArtifact(source: string): Artifact {
  const name = path.basename(source, ".sol");
  const file = path.join(ROOT, "artifacts/contracts", source, `${name}.json`);
  if (!existsSync(file)) {
    throw new LabError(
      `contracts/${source} is not built yet: there is no ${path.relative(ROOT, file)}. Run npx hardhat build.`,
    );
  }
  const { abi, bytecode } = JSON.parse(readFileSync(file, "utf8")) as Omit<Artifact, "name">;
  return { name, abi, bytecode };
}

/**
 * A contract of the user's, as Hardhat or Foundry has built it.
 * @throws LabError where it is no artifact, or not of a whole contract
 */
export function readOwnArtifact(file: string): Artifact {
  let json: { abi?: unknown; bytecode?: unknown };
  try {
    json = JSON.parse(readFileSync(file, "utf8")) as typeof json;
  } catch (error) {
    throw new LabError(`${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const { abi, bytecode: found } = json;
  const bytecode =
    typeof found === "object" && found !== null ? (found as { object?: unknown }).object : found;
  if (!Array.isArray(abi) || typeof bytecode !== "string" || !/^0x([0-9a-fA-F]{2})+$/.test(bytecode)) {
    throw new LabError(
      `${file} is no artifact of a contract: it needs an abi, and a bytecode without links to libraries`,
    );
  }
  return { name: path.basename(file, ".json"), abi: abi as object[], bytecode };
}

async function loadHardhat(): Promise<typeof import("hardhat/hre")> {
  try {
    return await import("hardhat/hre");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND")
      throw new LabError(MISSING, { cause: error });
    throw error;
  }
}
