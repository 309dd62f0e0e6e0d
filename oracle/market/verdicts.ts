import { MAX_PRICE, MIN_PRICE } from "../report/word.ts";

/** What became of an input, by its number in records. `used` is the one that says nothing went wrong. */
export const EXCLUSIONS = [
  "used",
  /** The source has said nothing of it yet. */
  "missing",
  /** The venue's time is more than the feed's maximum input age before the tick. */
  "stale",
  /** All the venue said is of after the tick. */
  "future",
  /** Zero or less, for a feed whose prices are above zero. */
  "not-positive",
  /** More than a price on chain can hold. */
  "out-of-range",
  /** Further from the first median than the feed's maximum spread. */
  "spread",
] as const;

export type Exclusion = (typeof EXCLUSIONS)[number];

/** Why a feed has no price, by its number in records. `priced` is the one that says it has. */
export const ABSTENTIONS = [
  "priced",
  /** Fewer inputs than the feed asks for. */
  "too-few-inputs",
  /** Fewer inputs than the feed asks for, once those too far from the median were dropped. */
  "too-few-agree",
  /** A feed that this one is made from has no price. */
  "component-without-price",
  /** The result is zero or less, for a feed whose prices are above zero; or it divides by zero. */
  "not-positive",
  /** The result is more than a price on chain can hold. */
  "out-of-range",
] as const;

export type Abstention = (typeof ABSTENTIONS)[number];

/** Numbers of exclusions, for columns. */
export const EXCLUSION = Object.fromEntries(EXCLUSIONS.map((name, code) => [name, code])) as Record<
  Exclusion,
  number
>;

/** Numbers of abstentions, for columns. */
export const ABSTENTION = Object.fromEntries(ABSTENTIONS.map((name, code) => [name, code])) as Record<
  Abstention,
  number
>;

/** Whether a price fits on chain. */
export function fits(units: bigint): boolean {
  return MIN_PRICE <= units && units <= MAX_PRICE;
}
