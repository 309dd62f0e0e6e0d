import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id } from "ethers";
import { network } from "hardhat";

import { networkSalt } from "../../oracle/report/digest.ts";
import { encodeSignerSet, type SignerSet } from "../../oracle/report/signer-set.ts";
import type { Catalog } from "../../types/ethers-contracts/Catalog.ts";
import type { Oracle } from "../../types/ethers-contracts/Oracle.ts";
import type { Options } from "../../types/ethers-contracts/options/Options.ts";
import type { TwoPersonGate } from "../../types/ethers-contracts/TwoPersonGate.ts";
import { BUNDLES } from "./catalog.ts";

export const SALT = networkSalt("local", "test");
/** Seconds in which two people may void a fixing. */
export const DISPUTE = 3_600;
const LATEST_DELAY = 120;
const PERIOD = 300;

/** Everything on one chain, and the people around it. */
export interface World {
  chain: Chain;
  gate: TwoPersonGate;
  oracle: Oracle;
  catalog: Catalog;
  options: Options;
  people: People;
}

/** Each with an account of its own. Nobody here but the members and the guardian has a right. */
export interface People {
  deployer: HardhatEthersSigner;
  relayer: HardhatEthersSigner;
  seller: HardhatEthersSigner;
  buyer: HardhatEthersSigner;
  guardian: HardhatEthersSigner;
  members: readonly HardhatEthersSigner[];
}

export type Chain = Awaited<ReturnType<typeof startChain>>;

/** A chain in this process whose clock begins at `start`, in Unix seconds. */
export async function startChain(start: number) {
  return network.create({ override: { initialDate: new Date(start * 1000) } });
}

async function nameEveryone(chain: Chain): Promise<People> {
  const [deployer, relayer, seller, buyer, guardian, ...others] = await chain.ethers.getSigners();
  if (!deployer || !relayer || !seller || !buyer || !guardian || others.length < 4)
    throw new Error(`The chain has too few accounts: ${5 + others.length} of at least 9.`);
  return { deployer, relayer, seller, buyer, guardian, members: others.slice(0, 4) };
}

/** The gate first, which the core takes as its governor: no deployer ever holds a right. Then bundles and signers, by two. */
export async function deployWorld(start: number, signers: SignerSet): Promise<World> {
  const chain = await startChain(start);
  const { ethers, networkHelpers } = chain;
  const people = await nameEveryone(chain);
  const { deployer, guardian, members } = people;

  const gate = await ethers.deployContract("TwoPersonGate", [members, [guardian]], deployer);
  const oracle = await ethers.deployContract("Oracle", [gate, SALT, DISPUTE, LATEST_DELAY], deployer);
  const catalog = await ethers.deployContract("Catalog", [oracle], deployer);
  const options = await ethers.deployContract("Options", [catalog], deployer);

  const [proposer, approver] = members as [HardhatEthersSigner, HardhatEthersSigner];
  const operation = async (data: string): Promise<void> => {
    const call = [await oracle.getAddress(), data, id("genesis")] as const;
    await gate.connect(proposer).propose(...call);
    await gate.connect(approver).approve(...call);
    await gate.connect(proposer).execute(...call);
  };
  for (const { bundle, feeds } of BUNDLES) {
    const definition = [
      bundle,
      feeds.map(({ symbol }) => symbol),
      feeds.map(({ decimals }) => decimals),
      feeds.map(({ method }) => method),
      feeds.map(({ maxInputAge }) => maxInputAge),
    ] as const;
    await operation(oracle.interface.encodeFunctionData("defineBundle", [...definition]));
    await catalog.publish(...definition);
  }
  const activeFrom = (Math.floor((await networkHelpers.time.latest()) / PERIOD) + 1) * PERIOD;
  await operation(
    oracle.interface.encodeFunctionData("setSigners", [encodeSignerSet(signers), activeFrom, 0]),
  );
  await networkHelpers.time.increaseTo(activeFrom);
  return { chain, gate, oracle, catalog, options, people };
}
