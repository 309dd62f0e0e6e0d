import type { OPTION_KINDS } from "../scenario.ts";

export type OptionKind = (typeof OPTION_KINDS)[number];

/** An option that is going to be created, decided before the run begins. Times are Unix seconds. */
export interface PlannedOption {
  readonly number: number;
  readonly contract: "Options" | "OptionSeries" | "PayoffOptions";
  /** `own`: what it pays a contract of the user's says. */
  readonly kind: OptionKind | "own";
  readonly strike: bigint;
  readonly bound: bigint;
  readonly size: bigint;
  /** Decimals of its token, and whether that stands for the quote currency or for the asset itself. */
  readonly tokenDecimals: number;
  readonly asset: "quote" | "base";
  /** In the token's smallest unit. */
  readonly premium: bigint;
  /** The buyer's part of the collateral if no fixing ever counts, in hundredths of a percent: about what he paid. */
  readonly splitShare: number;
  readonly createAt: number;
  /** Null where nobody buys it; then it is cancelled. */
  readonly buyAt: number | null;
  readonly cancelAt: number | null;
  /** When the buyer hands his side on; null where he keeps it. */
  readonly transferAt: number | null;
  readonly expiry: number;
  /** The fixing times it looks at: the last one is the expiry. */
  readonly times: readonly number[];
}
