import type { Decimal } from "../../decimal.ts";

/** The one true price of a pretended world, as it unfolds. */
export interface PricePath {
  /** `BTC/JPY`. */
  readonly symbol: string;
  /**
   * The newest price known at a time, with the time from which it was known (Unix milliseconds); null before the first.
   * What is known at a time never changes.
   */
  readonly at: (time: number) => { readonly price: Decimal; readonly time: number } | null;
}
