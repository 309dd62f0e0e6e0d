import type { Catalog } from "../feeds/catalog.ts";
import type { StoredReport } from "../ledger/ledger.ts";
import type { Provenance } from "../market/quote.ts";
import type { CatalogPlan } from "../report/catalog-plan.ts";
import type { NetworkMode } from "../report/digest.ts";
import type { FeedId } from "../report/feed-id.ts";

/** What the chain has as a feed's latest price, read at one block. */
export type ChainLatest =
  | {
      readonly status: "recorded";
      readonly block: number;
      /** At the feed's decimals. */
      readonly price: bigint;
      /** Unix seconds. */
      readonly observedAt: number;
    }
  /** The newest report said that there is no price. */
  | { readonly status: "no-price"; readonly block: number; readonly observedAt: number }
  /** People closed the bundle. */
  | { readonly status: "halted"; readonly block: number }
  | { readonly status: "never-recorded"; readonly block: number };

/** What the contract's `tryFixing` says, in its order. */
export const FIXING_STATUSES = [
  "none",
  "unstored",
  "provisional",
  "final",
  "no-price",
  "void",
  "expired",
] as const;

export type FixingStatus = (typeof FIXING_STATUSES)[number];

/** What the chain says of one fixing, read at one block. */
export interface ChainFixing {
  readonly status: FixingStatus;
  readonly block: number;
  /** For `final`, and for `provisional` where there is one; at the feed's decimals. */
  readonly price: bigint | null;
  /** Block time at which the root of the time was kept, Unix seconds; null where none is. */
  readonly since: number | null;
  /** `since` plus the contract's dispute window. */
  readonly finalAt: number | null;
}

/** One thing that must be so before this instance is of use: `the chain answers`. */
export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  /** What is so, both sides where it is not as it should be; shown to whoever asks, so nothing secret. */
  readonly reason: string;
}

/** The chain could not be read; asking again may help. What it says is for the log, not for whoever asks. */
export class ChainUnreachable extends Error {
  override readonly name = "ChainUnreachable";
}

/** All that the read API knows of the oracle behind it. Nothing here changes anything. */
export interface OracleView {
  readonly network: string;
  readonly mode: NetworkMode;
  /** Of every price of this instance; reports of another provenance are not shown. */
  readonly provenance: Provenance;
  readonly chain: { readonly chainId: number; /** Of the oracle contract. */ readonly address: string };
  readonly catalog: Catalog;
  /** The catalog by which the reports of an epoch were made. */
  plan(epoch: number): CatalogPlan;
  newestReport(): Promise<StoredReport | null>;
  report(observedAt: number): Promise<StoredReport | null>;
  /** @throws ChainUnreachable */
  chainLatest(feed: FeedId): Promise<ChainLatest>;
  /**
   * @param time a multiple of 300 s
   * @throws ChainUnreachable
   */
  chainFixing(feed: FeedId, time: number): Promise<ChainFixing>;
  /** When the main loop last came round, in Unix milliseconds; null before it first did. */
  lastLoop(): number | null;
  readiness(): Promise<readonly ReadinessCheck[]>;
}
