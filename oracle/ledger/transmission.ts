import type { Reason } from "./decision/reason.ts";

/** What a transmission is for. */
export interface TransmissionIntent {
  readonly chainId: number;
  /** Addresses in mixed case. */
  readonly sender: string;
  readonly to: string;
  /** The report's time and root. A transmission for latest prices may come to carry a newer one. */
  readonly observedAt: number;
  readonly root: string;
  /** Whether it stores fixings: then its report is never replaced by a newer one. */
  readonly fixing: boolean;
  readonly bundles: readonly { readonly bundle: number; readonly mask: bigint }[];
  /** Why, feed by feed (ids). */
  readonly reasons: readonly { readonly feed: number; readonly reason: Reason }[];
  /** 0x-prefixed calldata. */
  readonly data: string;
}

/** One signed transaction of a transmission. All of them have its nonce; any of them may be the one that is mined. */
export interface Attempt {
  /** 0x-prefixed. */
  readonly hash: string;
  readonly raw: string;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly gasLimit: bigint;
  /** Unix milliseconds. */
  readonly signedAt: number;
  /** KMS's id of the request that signed it. */
  readonly kmsRequestId: string;
}

/** How a transmission ended. */
export type Inclusion =
  | {
      readonly kind: "included";
      readonly hash: string;
      readonly block: number;
      readonly blockHash: string;
      /** Unix seconds. */
      readonly blockTime: number;
      readonly gasUsed: bigint;
      readonly effectiveGasPrice: bigint;
    }
  /** Mined, but reverted. */
  | { readonly kind: "reverted"; readonly hash: string; readonly block: number; readonly reason: string }
  /** Never sent, and never will be; the nonce is free again only through another transmission with it. */
  | { readonly kind: "abandoned"; readonly reason: string };

/** A report on its way to a chain. */
export interface Transmission extends TransmissionIntent {
  readonly id: number;
  readonly nonce: number;
  /** Unix milliseconds. */
  readonly openedAt: number;
  /** In the order in which they were signed. */
  readonly attempts: readonly Attempt[];
  readonly outcome: Inclusion | null;
}
