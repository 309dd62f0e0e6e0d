import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { Addressable, AddressLike, ContractTransactionResponse } from "ethers";

import type { Chain } from "./deploy.ts";
import { YEN_DECIMALS } from "./money.ts";

/** What the rehearsal does with its yen: an ERC-20 that anyone mints. */
export interface YenToken extends Addressable {
  mint(to: AddressLike, amount: bigint): Promise<ContractTransactionResponse>;
  approve(spender: AddressLike, amount: bigint): Promise<ContractTransactionResponse>;
  balanceOf(holder: AddressLike): Promise<bigint>;
  connect(person: HardhatEthersSigner): YenToken;
}

/** Deploys the yen: the token of the tests, for which no types are generated. */
export async function deployYen(chain: Chain, deployer: HardhatEthersSigner): Promise<YenToken> {
  return (await chain.ethers.deployContract(
    "TestToken",
    ["JPYT", YEN_DECIMALS],
    deployer,
  )) as unknown as YenToken;
}
