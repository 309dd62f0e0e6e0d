import { NO_PRICE } from "../report/word.ts";

/** Results by feed. They hold for every tick up to `validUntil` as long as no input changes. */
export interface Columns {
  /** At each feed's decimals; `NO_PRICE` for none. */
  readonly prices: BigInt64Array;
  /** `ABSTENTION` numbers. */
  readonly abstentions: Uint8Array;
  /** The time of the oldest input used (Unix milliseconds); NaN without a price. */
  readonly oldest: Float64Array;
  /** Unix milliseconds. */
  readonly validUntil: Float64Array;
}

/** Columns in which nothing has been worked out. */
export function emptyColumns(feeds: number): Columns {
  return {
    prices: new BigInt64Array(feeds).fill(NO_PRICE),
    abstentions: new Uint8Array(feeds),
    oldest: new Float64Array(feeds).fill(Number.NaN),
    validUntil: new Float64Array(feeds).fill(Number.NEGATIVE_INFINITY),
  };
}

/** Notes that a feed has no price, and why. */
export function abstain(columns: Columns, f: number, abstention: number): void {
  columns.prices[f] = NO_PRICE;
  columns.abstentions[f] = abstention;
  columns.oldest[f] = Number.NaN;
}
