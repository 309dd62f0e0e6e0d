import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { ContractTransactionReceipt, BytesLike } from "ethers";
import { id } from "ethers";

import type { TwoPersonGate } from "../../types/ethers-contracts/TwoPersonGate.ts";

/** A call that two members want. */
export interface Operation {
  /** The contract to call. */
  readonly target: string;
  readonly data: BytesLike;
  /** 32 bytes; tells equal calls apart. */
  readonly salt: string;
}

/** An operation; the salt is made from `name`. */
export async function operation(
  target: { getAddress(): Promise<string> },
  data: BytesLike,
  name = "once",
): Promise<Operation> {
  return { target: await target.getAddress(), data, salt: id(name) };
}

/** Has two members consent to an operation: the first proposes, the second approves. */
export async function consent(
  gate: TwoPersonGate,
  [proposer, approver]: readonly HardhatEthersSigner[],
  { target, data, salt }: Operation,
): Promise<void> {
  await (await gate.connect(proposer).propose(target, data, salt)).wait();
  await (await gate.connect(approver).approve(target, data, salt)).wait();
}

/** Has the first member execute an approved operation, which must be due. */
export async function execute(
  gate: TwoPersonGate,
  [member]: readonly HardhatEthersSigner[],
  { target, data, salt }: Operation,
): Promise<ContractTransactionReceipt> {
  const receipt = await (await gate.connect(member).execute(target, data, salt)).wait();
  return receipt!;
}

/** Proposes, approves and executes an operation that has no delay. */
export async function operate(
  gate: TwoPersonGate,
  members: readonly HardhatEthersSigner[],
  op: Operation,
): Promise<ContractTransactionReceipt> {
  await consent(gate, members, op);
  return execute(gate, members, op);
}
