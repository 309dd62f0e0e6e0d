/** The kinds of series whose payout depends on one price; an Asian is a call or put on its mean, a touch is like a digital. */
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

/** ⌊amount · width / unit⌋, rounded up: what the contract takes in when the series is written. */
export function collateralOf(terms: CoverTerms): bigint {
  const { kind, strike, bound, amount, decimals } = terms;
  checkTerms(terms);
  if (kind !== "call" && kind !== "put") return amount;
  const width = bound > strike ? bound - strike : strike - bound;
  const unit = 10n ** BigInt(decimals);
  return (amount * width + unit - 1n) / unit;
}

/** ⌊amount · long / unit⌋: what the long side is paid at a price. At the strike nothing, but a touch everything. */
export function payoutOf(terms: CoverTerms, price: bigint): bigint {
  const { kind, strike, bound, amount, decimals } = terms;
  const unit = 10n ** BigInt(decimals);
  switch (kind) {
    case "call":
      return price <= strike ? 0n : (amount * ((price < bound ? price : bound) - strike)) / unit;
    case "put":
      return price >= strike ? 0n : (amount * (strike - (price > bound ? price : bound))) / unit;
    case "base-call":
      return price <= strike ? 0n : (amount * (price - strike)) / price;
    case "digital-call":
      return price > strike ? amount : 0n;
    case "digital-put":
      return price < strike ? amount : 0n;
    case "touch-up":
      return price >= strike ? amount : 0n;
    case "touch-down":
      return price <= strike ? amount : 0n;
  }
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
