import { type Band, isBeyond } from "../feeds/band.ts";
import type { Abstention, Exclusion } from "./verdicts.ts";

/** One input as it enters the aggregation: null where the source has said nothing by the tick. */
export interface AggregateInput {
  /** At the feed's decimals. */
  readonly units: bigint;
  /** Unix milliseconds. */
  readonly time: number;
  /** Set where the input was found bad before; it is then not looked at. */
  readonly exclusion: Exclusion;
}

/** What of a feed its aggregation asks. */
export interface AggregateRule {
  readonly minSources: number;
  readonly maxSpread: Band;
}

/** A price or the reason for none, and what became of each input, in their order. */
export interface Aggregate {
  readonly price: bigint | null;
  readonly abstention: Abstention;
  /** The time of the oldest input that was used; null without a price. */
  readonly oldest: number | null;
  readonly exclusions: readonly Exclusion[];
}

/**
 * The rule, in full: enough inputs; their median; without those too far from it, still enough; their median. The median
 * is the element ⌊k/2⌋ of the ascending list, so it is always something a venue said. There is no default, no last
 * known price and no clamp.
 *
 * `Observer` computes the same for thousands of feeds at once, and is held against this one in its tests.
 */
export function aggregate(inputs: readonly AggregateInput[], rule: AggregateRule): Aggregate {
  const exclusions = inputs.map((input) => input.exclusion);
  const without = (abstention: Abstention): Aggregate => ({
    price: null,
    abstention,
    oldest: null,
    exclusions,
  });
  const valid = inputs.filter((input) => input.exclusion === "used");
  if (valid.length < rule.minSources) return without("too-few-inputs");
  const first = median(valid.map((input) => input.units));
  inputs.forEach((input, i) => {
    if (input.exclusion === "used" && isBeyond(rule.maxSpread, input.units, first)) exclusions[i] = "spread";
  });
  const agreeing = inputs.filter((_, i) => exclusions[i] === "used");
  if (agreeing.length < rule.minSources) return without("too-few-agree");
  return {
    price: median(agreeing.map((input) => input.units)),
    abstention: "priced",
    oldest: Math.min(...agreeing.map((input) => input.time)),
    exclusions,
  };
}

/**
 * The element ⌊k/2⌋ of the ascending list: the upper median of an even number.
 * @throws RangeError for an empty list
 */
export function median(values: readonly bigint[]): bigint {
  const middle = values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))[values.length >> 1];
  if (middle === undefined) throw new RangeError("the median of nothing");
  return middle;
}
