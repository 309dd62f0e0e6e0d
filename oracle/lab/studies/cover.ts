import { exactCollateral, exactPayoff } from "../desk/exact-payoff.ts";
import { floor } from "../desk/fraction.ts";

/** The kinds whose payout depends on one price; an Asian is a call or put on its mean. */
export const KINDS = [
  "call",
  "put",
  "base-call",
  "digital-call",
  "digital-put",
  "touch-up",
  "touch-down",
] as const;

export type CoverKind = (typeof KINDS)[number];

/** What of a series says what it locks and pays (`contracts/options/SeriesPayoff.sol`). */
export interface CoverTerms {
  readonly kind: CoverKind;
  /** In the feed's decimals, like `bound` and every price here. */
  readonly strike: bigint;
  /** Where the payout of a call or put grows no more; 0 for the others. */
  readonly bound: bigint;
  /** In the token's smallest unit: what a difference of 1 is worth, the cash of a digital, the base asset of a base call. */
  readonly amount: bigint;
  readonly decimals: number;
}

/**
 * What is locked when the series is written. Rounded up; the contract takes no amount for which that would be needed.
 * @throws RangeError for terms that the contract would refuse
 */
export function collateralOf(terms: CoverTerms): bigint {
  checkTerms(terms);
  const { numerator, denominator } = exactCollateral({ ...terms, size: terms.amount }, terms.decimals);
  return (numerator + denominator - 1n) / denominator;
}

/** What the long side is paid at a price, rounded down. */
export function payoutOf(terms: CoverTerms, price: bigint): bigint {
  return floor(exactPayoff({ ...terms, size: terms.amount }, [price], terms.decimals));
}

/** What is missing of the payout where so much is locked: 0 or more. */
export function shortfallOf(terms: CoverTerms, price: bigint, locked: bigint): bigint {
  const payout = payoutOf(terms, price);
  return payout > locked ? payout - locked : 0n;
}

function checkTerms({ kind, strike, bound, amount }: CoverTerms): void {
  const sound =
    kind === "call"
      ? bound > strike
      : kind === "put"
        ? bound < strike
        : bound === 0n && (kind !== "base-call" || strike > 0n);
  if (!sound) throw new RangeError(`a ${kind} with the strike ${strike} and the bound ${bound} is no option`);
  if (amount < 0n) throw new RangeError(`an amount is 0 or more, got ${amount}`);
}
