import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { getBytes, id, parseUnits, ZeroHash } from "ethers";

import { planCatalog } from "../../oracle/report/catalog-plan.ts";
import type { BundleDefinition } from "../../oracle/report/definition.ts";
import { feedId } from "../../oracle/report/feed-id.ts";
import { wholeMask } from "../../oracle/report/mask.ts";
import { encodePart } from "../../oracle/report/part.ts";
import { reportPart } from "../../oracle/report/report.ts";
import { proveAbsent, type ReportTree, reportTree } from "../../oracle/report/report-tree.ts";
import { encodeSignerSet } from "../../oracle/report/signer-set.ts";
import { packWords } from "../../oracle/report/word.ts";
import type { Options, TermsStruct } from "../../types/ethers-contracts/options/Options.ts";
import type { SampleMoney } from "../../types/ethers-contracts/samples/SampleMoney.ts";
import { deployOracle, type OracleRig } from "./deploy-oracle.ts";
import { signedReport, testSigners, type TestSigners } from "./report-signers.ts";

/** The numbers of the contract's enums. */
export const Kind = { Call: 0n, Put: 1n, BaseCall: 2n } as const;
export const Phase = { Offered: 1n, Cancelled: 2n, Sold: 3n, Fixed: 4n, Split: 5n } as const;
export const Side = { Buyer: 0n, Seller: 1n } as const;

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Yen of a token with 18 decimals. */
export const yen = (text: string): bigint => parseUnits(text.replaceAll(",", ""), 18);
/** Bitcoin of a token with 8 decimals. */
export const btc = (text: string): bigint => parseUnits(text, 8);
/** A price of BTC/JPY, a feed with 2 decimals. */
export const price = (text: string): bigint => parseUnits(text.replaceAll(",", ""), 2);
/** Unix seconds of a time in Tokyo. */
const tokyo = (text: string): number => Date.parse(`${text.replace(" ", "T")}:00+09:00`) / 1000;

export const METHOD = id("median of venues, last trade in 60 s");
const CATALOG: BundleDefinition[] = [
  { bundle: 0, feeds: [feed("USD/JPY", 3)] },
  { bundle: 1, feeds: [feed("BTC/JPY", 2), feed("ETH/JPY", 2)] },
];

function feed(symbol: string, decimals: number) {
  return { symbol, decimals, method: getBytes(METHOD), maxInputAge: 60 };
}

/** BTC/JPY. */
export const BTC_JPY = BigInt(feedId(1, 0));

export type Terms = TermsStruct;

/** What the buyer and the seller agree on in a test; the rest of the terms is the same everywhere. */
export interface Deal {
  readonly strike: bigint;
  readonly size: bigint;
  readonly premium: bigint;
}

/**
 * An oracle of four signers (three sign) behind its gate, with a dispute window of an hour; options on its fixings; a
 * seller and a buyer with 20,000,000 yen and 10 BTC each. Time moves where a test says so.
 */
export class OptionMarket {
  /** Four in the afternoon in Tokyo. */
  static readonly EXPIRY = tokyo("2026-02-27 16:00");
  static readonly DISPUTE = HOUR;

  readonly rig: OracleRig;
  readonly oracle: OracleRig["oracle"];
  readonly options: Options;
  readonly yenToken: SampleMoney;
  readonly btcToken: SampleMoney;
  readonly seller: HardhatEthersSigner;
  readonly buyer: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly #signers: TestSigners;
  readonly #plan = planCatalog(CATALOG);

  private constructor(
    rig: OracleRig,
    signers: TestSigners,
    contracts: { options: Options; yenToken: SampleMoney; btcToken: SampleMoney },
    [seller, buyer]: readonly [HardhatEthersSigner, HardhatEthersSigner],
  ) {
    this.rig = rig;
    this.oracle = rig.oracle;
    this.stranger = rig.stranger;
    this.#signers = signers;
    this.options = contracts.options;
    this.yenToken = contracts.yenToken;
    this.btcToken = contracts.btcToken;
    this.seller = seller;
    this.buyer = buyer;
  }

  static async open(): Promise<OptionMarket> {
    const signers = testSigners(4);
    const rig = await deployOracle({
      bundles: CATALOG,
      set: encodeSignerSet(signers.set),
      dispute: OptionMarket.DISPUTE,
    });
    const { ethers } = rig.chain;
    const [seller, buyer] = (await ethers.getSigners()).slice(-2);
    const options = await ethers.deployContract("Options", [rig.catalog]);
    const token = async (symbol: string, decimals: number) =>
      ethers.deployContract("SampleMoney", [symbol, decimals]);
    const yenToken = await token("JPYT", 18);
    const btcToken = await token("BTCT", 8);
    for (const person of [seller!, buyer!]) {
      await yenToken.mint(person, yen("20,000,000"));
      await btcToken.mint(person, btc("10"));
      for (const one of [yenToken, btcToken]) await one.connect(person).approve(options, 2n ** 255n);
    }
    return new OptionMarket(rig, signers, { options, yenToken, btcToken }, [seller!, buyer!]);
  }

  /** A call settled in yen, which pays up to the cap. */
  async call(deal: Deal & { readonly cap: bigint }): Promise<Terms> {
    return { ...(await this.#terms(deal)), kind: Kind.Call, bound: deal.cap };
  }

  /** A put settled in yen: at a price of zero or below, the strike is paid. */
  async put(deal: Deal): Promise<Terms> {
    return { ...(await this.#terms(deal)), kind: Kind.Put };
  }

  /** A call that locks and pays bitcoin, and has no cap. */
  async baseCall(deal: Deal): Promise<Terms> {
    return { ...(await this.#terms(deal)), kind: Kind.BaseCall, token: await this.btcToken.getAddress() };
  }

  async #terms(deal: Deal) {
    const yenToken = await this.yenToken.getAddress();
    return {
      seller: this.seller.address,
      feed: BTC_JPY,
      decimals: 2n,
      method: METHOD,
      strike: deal.strike,
      bound: 0n,
      size: deal.size,
      token: yenToken,
      premium: deal.premium,
      premiumToken: yenToken,
      buyBefore: BigInt(OptionMarket.EXPIRY - HOUR),
      expiry: BigInt(OptionMarket.EXPIRY),
      buyerShare: 2_500n,
      salt: ZeroHash,
    };
  }

  /** The seller offers, the buyer buys. */
  async sell(terms: Terms): Promise<void> {
    await this.options.connect(this.seller).create(terms);
    await this.options.connect(this.buyer).buy(terms);
  }

  /** Both sides take what is theirs. Answers how much that is. */
  async claimBoth(terms: Terms): Promise<{ buyer: bigint; seller: bigint }> {
    const take = async (side: bigint, person: HardhatEthersSigner) => {
      const token = terms.token === (await this.btcToken.getAddress()) ? this.btcToken : this.yenToken;
      const before = await token.balanceOf(person);
      await this.options.connect(person).claim(terms, side);
      return (await token.balanceOf(person)) - before;
    };
    return { buyer: await take(Side.Buyer, this.buyer), seller: await take(Side.Seller, this.seller) };
  }

  /** The next transaction happens at `time`. */
  async at(time: number): Promise<void> {
    await this.rig.chain.networkHelpers.time.setNextBlockTimestamp(time);
  }

  /** Whoever it is has nothing left of either token. */
  async empty(person: HardhatEthersSigner): Promise<void> {
    for (const token of [this.yenToken, this.btcToken])
      await token.connect(person).transfer(this.stranger, await token.balanceOf(person));
  }

  /**
   * An hour in which BTC/JPY is closed: the fixing an hour before `time` has a price, the twelve after it leave it out. Ends
   * when all of them are final. Answers the proofs that a settlement at `time` needs.
   */
  async closeBefore(time: number, bitcoin: bigint) {
    const hour = Array.from({ length: 13 }, (_, back) => time - back * 5 * MINUTE);
    for (const one of hour.toReversed()) {
      await this.at(one);
      await this.oracle.record(this.report(one, one === hour.at(-1) ? bitcoin : undefined));
    }
    await this.at(time + OptionMarket.DISPUTE);
    return hour.map((one) => (one === hour.at(-1) ? this.nothing : this.absence()));
  }

  /** A report of `time` that stores the fixing of BTC/JPY; without a price, one that leaves BTC/JPY out. */
  report(time: number, bitcoin?: bigint): Uint8Array {
    return this.#report(time, bitcoin, bitcoin === undefined ? 0 : 1);
  }

  /** A report of `time` that stores the fixing of USD/JPY only; its root vouches for BTC/JPY too. */
  reportOfOthers(time: number, bitcoin: bigint): Uint8Array {
    return this.#report(time, bitcoin, 0);
  }

  #report(time: number, bitcoin: bigint | undefined, bundle: number): Uint8Array {
    const tree = this.#tree(bitcoin);
    return signedReport(this.#signers, tree, time, [{ bundle, mask: wholeMask(1, true) }]);
  }

  /** Where a settlement needs no proof of a time. */
  readonly nothing = { part: "0x", siblings: [] };

  /** What anyone with an archive of reports can bring: the part of a report that holds BTC/JPY. */
  proof(bitcoin: bigint) {
    return { part: encodePart(reportPart(this.#tree(bitcoin), 1, 0n)), siblings: [] };
  }

  /** The same for a report without BTC/JPY: its siblings prove that. */
  absence() {
    return { part: "0x", siblings: proveAbsent(this.#tree(undefined), 1) };
  }

  #tree(bitcoin: bigint | undefined): ReportTree {
    const words = new Map([[0, packWords([150_123n])]]);
    if (bitcoin !== undefined) words.set(1, packWords([bitcoin, 500_000_00n]));
    return reportTree(this.#plan, words);
  }
}
