import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type ContractTransactionResponse, type TransactionReceipt, ZeroHash } from "ethers";

import type { Clock } from "../../oracle/clock.ts";
import type { Feed } from "../../oracle/feeds/catalog.ts";
import type { TermsStruct } from "../../types/ethers-contracts/options/Options.ts";
import type { Deployed } from "./deploy-world.ts";
import { SLOT } from "./dev-chain.ts";

/** The numbers of the contract's enums. */
const KINDS = { call: 0n, put: 1n } as const;
export type Kind = keyof typeof KINDS;
const SIDES = { buyer: 0n, seller: 1n } as const;

/** A call pays up to this many times its strike: what it can pay must be locked. */
const CAP = 10n;
/** The buyer's part of the collateral if no fixing ever counts, in hundredths of a percent. */
const BUYER_SHARE = 5_000;

/** An option that was sold, as people agreed on it. Prices are in the feed's decimals, money in the token's, which are the same. */
export interface SoldOption {
  readonly kind: Kind;
  readonly feed: Feed;
  readonly strike: bigint;
  /** Whole units of what the feed prices. */
  readonly size: bigint;
  readonly expiry: number;
  readonly premium: bigint;
  readonly collateral: bigint;
  readonly terms: TermsStruct;
}

/** How an option ended. */
export interface SettledOption extends SoldOption {
  /** The price it settled on; null where there was none and the collateral was split. */
  readonly fixing: bigint | null;
  /** Unix seconds of that fixing: the expiry, or one of the 12 before. */
  readonly fixingTime: number;
  /** What the buyer was paid, and the seller. */
  readonly payoff: bigint;
  readonly rest: bigint;
}

/** What a deal is about. */
export interface Deal {
  readonly kind: Kind;
  readonly strike: bigint;
  readonly size: bigint;
  readonly expiry: number;
  readonly premium: bigint;
}

/** A seller and a buyer, who deal in options on one feed. */
export class Desk {
  /** Gas of each kind of call, as receipts say. */
  readonly gas = new Map<string, bigint>();
  readonly #deployed: Deployed;
  readonly #clock: Clock;
  readonly #feed: Feed;

  constructor(deployed: Deployed, clock: Clock, feed: Feed) {
    this.#deployed = deployed;
    this.#clock = clock;
    this.#feed = feed;
  }

  /** The seller locks the collateral and offers the option; the buyer pays the premium. */
  async sell({ kind, strike, size, expiry, premium }: Deal): Promise<SoldOption> {
    const { options, money, seller, buyer } = this.#deployed;
    const feed = this.#feed;
    const token = await money.getAddress();
    const terms = {
      seller: seller.address,
      kind: KINDS[kind],
      feed: feed.id,
      decimals: feed.decimals,
      method: feed.methodHash,
      strike,
      bound: kind === "call" ? strike * CAP : 0n,
      size: size * 10n ** BigInt(feed.decimals), // the token has the feed's decimals: a difference of 1 is worth 1
      token,
      premium,
      premiumToken: token,
      buyBefore: expiry,
      expiry,
      buyerShare: BUYER_SHARE,
      salt: ZeroHash,
    };
    const collateral = await options.collateralOf(terms);
    await this.#fund(seller, collateral);
    await this.#fund(buyer, premium);
    this.gas.set("create", (await this.#mined(options.connect(seller).create(terms))).gasUsed);
    this.gas.set("buy", (await this.#mined(options.connect(buyer).buy(terms))).gasUsed);
    return { kind, feed, strike, size, expiry, premium, collateral, terms };
  }

  /** Anyone settles; then both sides take what is theirs. */
  async settle(option: SoldOption): Promise<SettledOption> {
    const { options, anyone, seller, buyer } = this.#deployed;
    const { terms } = option;
    this.gas.set("settle", (await this.#mined(options.connect(anyone).settle(terms, []))).gasUsed);
    const state = await options.stateOf(await options.idOf(terms));
    const payoff = await this.#claim(terms, SIDES.buyer, buyer);
    const rest = await this.#claim(terms, SIDES.seller, seller);
    const FIXED = 4n;
    return {
      ...option,
      fixing: state.phase === FIXED ? state.price : null,
      fixingTime: option.expiry - Number(state.back) * 300,
      payoff,
      rest,
    };
  }

  async #fund(person: HardhatEthersSigner, amount: bigint): Promise<void> {
    const { money, options } = this.#deployed;
    await this.#mined(money.connect(person).mint(person, amount));
    await this.#mined(money.connect(person).approve(options, amount));
  }

  async #claim(terms: TermsStruct, side: bigint, person: HardhatEthersSigner): Promise<bigint> {
    const { money, options } = this.#deployed;
    const before = await money.balanceOf(person);
    this.gas.set("claim", (await this.#mined(options.connect(person).claim(terms, side))).gasUsed);
    return (await money.balanceOf(person)) - before;
  }

  /** Waits, by the world's clock, until a transaction is in a block. */
  async #mined(sent: Promise<ContractTransactionResponse>): Promise<TransactionReceipt> {
    const response = await sent;
    for (;;) {
      await this.#clock.sleep(SLOT * 1000);
      const receipt = await response.provider.getTransactionReceipt(response.hash);
      if (receipt === null) continue;
      if (receipt.status !== 1) throw new Error(`transaction ${response.hash} was mined, but failed`);
      return receipt;
    }
  }
}
