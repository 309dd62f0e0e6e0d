import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { BytesLike } from "ethers";
import { network } from "hardhat";

import type { BundleDefinition } from "../../oracle/report/definition.ts";
import { networkSalt } from "../../oracle/report/digest.ts";
import type { Catalog } from "../../types/ethers-contracts/Catalog.ts";
import type { Oracle } from "../../types/ethers-contracts/Oracle.ts";
import type { TwoPersonGate } from "../../types/ethers-contracts/TwoPersonGate.ts";
import { type Operation, consent, execute, operate, operation } from "./gate.ts";

/** 2026-01-01 00:00:00 UTC, a fixing time: when a test's chain begins. */
export const START = 1_767_225_600;

const FIXING_PERIOD = 300;
const DAY = 86_400;
const LATEST_DELAY = 120;
/** Seconds that putting the signers in force may take: a chain's clock goes on with that of the machine. */
const GENESIS_LEAD = 60;

/** A chain in this process, with its own clock. */
export type Chain = Awaited<ReturnType<typeof startChain>>;

/** What a test may choose. */
export interface OracleOptions {
  readonly bundles: readonly BundleDefinition[];
  /** From `encodeSignerSet`. */
  readonly set: BytesLike;
  /** 32 bytes; that of the local test network if left out. */
  readonly salt?: BytesLike;
  /** Seconds; an hour if left out. */
  readonly dispute?: number;
}

/** An oracle with its gate and catalog, bundles defined and published, signers in force. */
export interface OracleRig {
  readonly chain: Chain;
  readonly gate: TwoPersonGate;
  readonly oracle: Oracle;
  readonly catalog: Catalog;
  /** The gate's four members. The first two do what the rig does. */
  readonly members: readonly HardhatEthersSigner[];
  /** The gate's only guardian. */
  readonly guardian: HardhatEthersSigner;
  /** Has no right at all; deployed the contracts. */
  readonly stranger: HardhatEthersSigner;
  /** Since when the signers are in force: a fixing time, and the time of the newest block. */
  readonly activeFrom: number;
  /**
   * Has two members do something to the oracle, waiting out its delay: `govern("voidRoot", [time])`. `name` tells
   * equal calls apart.
   */
  readonly govern: (method: GovernorMethod, args: readonly unknown[], name?: string) => Promise<void>;
}

type GovernorMethod =
  "setSigners" | "defineBundle" | "halt" | "resume" | "voidFixing" | "voidRoot" | "setGovernor";

/** A fresh chain whose clock stands at `START`. */
export async function startChain() {
  return network.create({ override: { initialDate: new Date(START * 1000) } });
}

/** Deploys an oracle behind a gate and carries out its genesis: two persons, no delay. */
export async function deployOracle(options: OracleOptions): Promise<OracleRig> {
  const chain = await startChain();
  const { ethers, networkHelpers } = chain;
  const { salt = networkSalt("local", "test"), dispute = 3600 } = options;

  const [stranger, guardian, ...others] = await ethers.getSigners();
  const members = others.slice(0, 4);
  const gate = await ethers.deployContract("TwoPersonGate", [members, [guardian]], stranger);
  const oracle = await ethers.deployContract("Oracle", [gate, salt, dispute, LATEST_DELAY], stranger);
  const catalog = await ethers.deployContract("Catalog", [oracle], stranger);

  for (const bundle of options.bundles) {
    const data = oracle.interface.encodeFunctionData("defineBundle", definitionArgs(bundle));
    await operate(gate, members, await operation(oracle, data));
    await (await catalog.connect(stranger).publish(...definitionArgs(bundle))).wait();
  }
  const ready = (await networkHelpers.time.latest()) + GENESIS_LEAD;
  const activeFrom = (Math.floor(ready / FIXING_PERIOD) + 1) * FIXING_PERIOD;
  const data = oracle.interface.encodeFunctionData("setSigners", [options.set, activeFrom, 0]);
  await operate(gate, members, await operation(oracle, data));
  await networkHelpers.time.increaseTo(activeFrom);

  const govern = async (method: GovernorMethod, args: readonly unknown[], name?: string): Promise<void> => {
    const call = oracle.interface.encodeFunctionData(method as "halt", args as [bigint]);
    const op: Operation = await operation(oracle, call, name);
    await consent(gate, members, op);
    const delay = await gate.delayOf(op.target, op.data);
    if (delay !== 0n) await networkHelpers.time.increase(DAY);
    await execute(gate, members, op);
  };
  return {
    chain,
    gate,
    oracle,
    catalog,
    members,
    guardian: guardian!,
    stranger: stranger!,
    activeFrom,
    govern,
  };
}

/** A bundle as `defineBundle` and `publish` take it. */
export function definitionArgs({
  bundle,
  feeds,
}: BundleDefinition): [number, string[], number[], Uint8Array[], number[]] {
  return [
    bundle,
    feeds.map((feed) => feed.symbol),
    feeds.map((feed) => feed.decimals),
    feeds.map((feed) => feed.method),
    feeds.map((feed) => feed.maxInputAge),
  ];
}
