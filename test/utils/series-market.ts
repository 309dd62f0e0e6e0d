import { concat, keccak256, toBeHex, ZeroHash } from "ethers";

import type {
  OfferStruct,
  OptionSeries,
  SeriesTermsStruct,
} from "../../types/ethers-contracts/options/OptionSeries.ts";
import { BTC_JPY, METHOD, OptionMarket, price, yen } from "./option-market.ts";

/** The numbers of the contract's enum. */
export const SeriesKind = {
  Call: 0n,
  Put: 1n,
  BaseCall: 2n,
  DigitalCall: 3n,
  DigitalPut: 4n,
  AsianCall: 5n,
  AsianPut: 6n,
  TouchUp: 7n,
  TouchDown: 8n,
} as const;

/** What differs between the series of a test; the rest of the terms is the same everywhere. */
export interface Idea {
  readonly kind: keyof typeof SeriesKind;
  readonly strike: bigint;
  readonly bound?: bigint;
  /** Fixing times, for an Asian or a one-touch. */
  readonly times?: readonly number[];
}

/** The list of fixing times as the contract takes it. */
export const timeList = (times: readonly number[]): string => concat(times.map((time) => toBeHex(time, 4)));

/** An `OptionMarket` with a desk of series, which the seller and the buyer have approved. */
export class SeriesMarket {
  readonly market: OptionMarket;
  readonly desk: OptionSeries;

  private constructor(market: OptionMarket, desk: OptionSeries) {
    this.market = market;
    this.desk = desk;
  }

  static async open(): Promise<SeriesMarket> {
    const market = await OptionMarket.open();
    const desk = await market.rig.chain.ethers.deployContract("OptionSeries", [market.rig.catalog]);
    for (const person of [market.seller, market.buyer])
      for (const token of [market.yenToken, market.btcToken])
        await token.connect(person).approve(desk, 2n ** 255n);
    return new SeriesMarket(market, desk);
  }

  /** On BTC/JPY at `OptionMarket.EXPIRY`, or at the last of its times. */
  async terms({ kind, strike, bound = 0n, times }: Idea): Promise<SeriesTermsStruct> {
    const token = kind === "BaseCall" ? this.market.btcToken : this.market.yenToken;
    return {
      kind: SeriesKind[kind],
      feed: BTC_JPY,
      decimals: 2n,
      method: METHOD,
      strike,
      bound,
      token: await token.getAddress(),
      expiry: BigInt(times?.at(-1) ?? OptionMarket.EXPIRY),
      longShare: 2_500n,
      times: times === undefined ? ZeroHash : keccak256(timeList(times)),
    };
  }

  /** The seller's long tokens, `premium` for an amount of `lot`. */
  async offer(terms: SeriesTermsStruct, lot: bigint, premium = yen("100,000")): Promise<OfferStruct> {
    return {
      seller: this.market.seller.address,
      token: await this.desk.seriesOf(terms),
      lot,
      premium,
      premiumToken: await this.market.yenToken.getAddress(),
      buyBefore: terms.expiry,
    };
  }

  /** Records and finishes the fixing of a time that is still to come. */
  async fix(time: number, bitcoin: string): Promise<void> {
    await this.market.at(time);
    await this.market.oracle.record(this.market.report(time, price(bitcoin)));
    await this.market.rig.chain.networkHelpers.time.increaseTo(time + OptionMarket.DISPUTE);
  }
}
