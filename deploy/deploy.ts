import type { Artifact } from "hardhat/types/artifacts";
import type { NetworkConnection } from "hardhat/types/network";
import { hexlify, Interface, keccak256 } from "ethers";
import hre from "hardhat";

import { networkSalt } from "../oracle/report/digest.ts";
import { type AddressBook, verifyAddressBook } from "../oracle/relayer/address-book.ts";
import { CREATE2_SALT, predictAddress } from "./create2.ts";
import catalogModule from "./modules/catalog.ts";
import gateModule from "./modules/gate.ts";
import oracleModule from "./modules/oracle.ts";
import type { DeploymentParameters } from "./parameters.ts";

/** The contracts of a deployment and what their constructors get. Known before anything is sent. */
export interface Plan {
  readonly gate: PlannedContract;
  readonly oracle: PlannedContract;
  readonly catalog: PlannedContract;
}

export interface PlannedContract {
  readonly address: string;
  readonly constructorArguments: AddressBook["contracts"]["gate"]["constructorArguments"];
}

/** Where everything will be, on every chain. */
export async function planDeployment(parameters: DeploymentParameters): Promise<Plan> {
  const { members, guardians, dispute, latestDelay } = parameters;
  const salt = hexlify(networkSalt(parameters.network, parameters.mode));
  const gate = await plan("TwoPersonGate", [members, guardians]);
  const oracle = await plan("Oracle", [gate.address, salt, dispute, latestDelay]);
  const catalog = await plan("Catalog", [oracle.address]);
  return { gate, oracle, catalog };
}

/**
 * Deploys gate, oracle and catalog, or finds them where they are already, and compares all that can be read back.
 * Whoever sends the transactions gets no right by it.
 * @returns the address book, verified against the chain
 * @throws Error where anything reads back differently
 */
export async function deployNakane(
  connection: NetworkConnection<string>,
  parameters: DeploymentParameters,
): Promise<AddressBook> {
  const planned = await planDeployment(parameters);
  const salt = hexlify(networkSalt(parameters.network, parameters.mode));
  const { members, guardians, dispute, latestDelay } = parameters;
  const { ignition } = connection;
  const { chainId } = await connection.ethers.provider.getNetwork();
  const options = {
    strategy: "create2",
    strategyConfig: { salt: CREATE2_SALT },
    deploymentId: `${parameters.network}-${parameters.mode}-${chainId}`,
  } as const;
  // One by one, because one may be there already: a gate may govern several oracles, and anyone may deploy ours.
  await ensure(connection, planned.gate, async () => {
    return ignition.deploy(gateModule, { ...options, parameters: { Gate: { members, guardians } } });
  });
  await ensure(connection, planned.oracle, async () => {
    const gate = planned.gate.address;
    return ignition.deploy(oracleModule, {
      ...options,
      parameters: { Oracle: { gate, salt, dispute, latestDelay } },
    });
  });
  await ensure(connection, planned.catalog, async () => {
    const oracle = planned.oracle.address;
    return ignition.deploy(catalogModule, { ...options, parameters: { Catalog: { oracle } } });
  });
  const book = await readBook(connection, parameters, planned);
  await verifyAddressBook(book, connection.ethers.provider);
  return book;
}

/** Deploys a contract unless it is there: its address says that nothing else can be. */
async function ensure(
  { ethers }: NetworkConnection<string>,
  { address }: PlannedContract,
  deploy: () => Promise<{ contract: { getAddress(): Promise<string> } }>,
): Promise<void> {
  if ((await ethers.provider.getCode(address)) !== "0x") return;
  const { contract } = await deploy();
  const given = await contract.getAddress();
  if (given !== address) throw new Error(`A contract was to be at ${address}, but is at ${given}.`);
}

async function readBook(
  { ethers }: NetworkConnection<string>,
  { network, mode }: DeploymentParameters,
  planned: Plan,
): Promise<AddressBook> {
  const describe = async ({ address, constructorArguments }: PlannedContract) => ({
    address,
    codeHash: keccak256(await ethers.provider.getCode(address)),
    constructorArguments,
  });
  return {
    format: 1,
    network,
    mode,
    chainId: Number((await ethers.provider.getNetwork()).chainId),
    salt: hexlify(networkSalt(network, mode)),
    block: await ethers.provider.getBlockNumber(),
    contracts: {
      gate: await describe(planned.gate),
      oracle: await describe(planned.oracle),
      catalog: await describe(planned.catalog),
    },
  };
}

async function plan(name: string, args: PlannedContract["constructorArguments"]): Promise<PlannedContract> {
  const artifact: Artifact = await hre.artifacts.readArtifact(name);
  const encoded = new Interface(artifact.abi).encodeDeploy(args);
  return { address: predictAddress(artifact.bytecode, encoded), constructorArguments: args };
}
