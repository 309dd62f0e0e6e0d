import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { hexlify, id } from "ethers";
import hre from "hardhat";

import type { AddressBook } from "../../oracle/relayer/address-book.ts";
import { writeAddressBook } from "../../oracle/relayer/address-book.ts";
import { CREATE_X } from "../../deploy/create2.ts";
import { deployNakane } from "../../deploy/deploy.ts";
import type { DeploymentParameters } from "../../deploy/parameters.ts";
import type { Catalog } from "../../oracle/feeds/catalog.ts";
import { encodeSignerSet, type SignerSet } from "../../oracle/report/signer-set.ts";
import type { SampleMoney } from "../../types/ethers-contracts/samples/SampleMoney.ts";
import type { Options } from "../../types/ethers-contracts/options/Options.ts";
import type { Oracle } from "../../types/ethers-contracts/Oracle.ts";
import type { DevChain } from "./dev-chain.ts";

/** Seconds after which a report no longer becomes latest. */
const LATEST_DELAY = 120;

export interface WorldPlan {
  readonly network: string;
  readonly catalog: Catalog;
  readonly signers: SignerSet;
  /** When the signers are in force from, in Unix seconds. */
  readonly activeFrom: number;
  /** Seconds in which two people may void a fixing. */
  readonly dispute: number;
  /** Of the money that options are settled in. */
  readonly money: { readonly symbol: string; readonly decimals: number };
  /** Where the address book goes. */
  readonly book: string;
}

/** The contracts of a world, and its people. Nobody but the members and the guardian has a right. */
export interface Deployed {
  readonly book: AddressBook;
  readonly oracle: Oracle;
  readonly options: Options;
  readonly money: SampleMoney;
  readonly seller: HardhatEthersSigner;
  readonly buyer: HardhatEthersSigner;
  readonly anyone: HardhatEthersSigner;
  /** How many members the gate has. */
  readonly members: number;
}

/** The chain id to which Ignition brings the factory that it deploys through; to no other. */
const IGNITION_CHAIN = 31_337;

/** The factory's code, from a chain where Ignition has just used it. */
async function bringFactory(
  { provider }: DevChain["connection"],
  parameters: DeploymentParameters,
): Promise<void> {
  const donor = await hre.network.create();
  await deployNakane(donor, parameters);
  const code = await donor.ethers.provider.getCode(CREATE_X);
  await donor.close();
  await provider.request({ method: "hardhat_setCode", params: [CREATE_X, code] });
}

/** Deploys as for real: the gate first, the oracle with it; then bundles and signers, each by two people. */
export async function deployWorld(
  { connection, chainId }: Pick<DevChain, "connection" | "chainId">,
  plan: WorldPlan,
): Promise<Deployed> {
  const { ethers } = connection;
  const [anyone, seller, buyer, guardian, ...others] = await ethers.getSigners();
  const members = others.slice(0, 4);
  const [proposer, approver] = members;
  if (!anyone || !seller || !buyer || !guardian || !proposer || !approver || members.length < 4)
    throw new Error(`the chain has too few accounts: ${4 + members.length} of at least 8`);

  const parameters: DeploymentParameters = {
    network: plan.network,
    mode: "test",
    members: members.map(({ address }) => address),
    guardians: [guardian.address],
    dispute: plan.dispute,
    latestDelay: LATEST_DELAY,
  };
  if (chainId !== IGNITION_CHAIN) await bringFactory(connection, parameters);
  const book = await deployNakane(connection, parameters);
  writeAddressBook(plan.book, book);
  const { contracts } = book;
  const oracle = await ethers.getContractAt("Oracle", contracts.oracle.address);
  const gate = await ethers.getContractAt("TwoPersonGate", contracts.gate.address);
  const catalog = await ethers.getContractAt("Catalog", contracts.catalog.address);
  const byTwo = async (data: string): Promise<void> => {
    const operation = [contracts.oracle.address, data, id("genesis")] as const;
    await gate.connect(proposer).propose(...operation);
    await gate.connect(approver).approve(...operation);
    await gate.connect(proposer).execute(...operation);
  };
  for (const { bundle, feeds } of plan.catalog.bundles) {
    const definition = [
      bundle,
      feeds.map(({ symbol }) => symbol),
      feeds.map(({ decimals }) => decimals),
      feeds.map(({ methodHash }) => hexlify(methodHash)),
      feeds.map(({ maxInputAge }) => maxInputAge),
    ] as const;
    await byTwo(oracle.interface.encodeFunctionData("defineBundle", [...definition]));
    await catalog.connect(anyone).publish(...definition);
    for (const { methodText } of feeds) await catalog.connect(anyone).publishMethod(methodText);
  }
  await byTwo(
    oracle.interface.encodeFunctionData("setSigners", [encodeSignerSet(plan.signers), plan.activeFrom, 0]),
  );
  const options = await ethers.deployContract("Options", [contracts.catalog.address], anyone);
  const money = await ethers.deployContract("SampleMoney", [plan.money.symbol, plan.money.decimals], anyone);
  return { book, oracle, options, money, seller, buyer, anyone, members: members.length };
}
