import { ABSTENTION, ABSTENTIONS, EXCLUSION, EXCLUSIONS } from "../market/verdicts.ts";
import { NO_PRICE } from "../report/word.ts";
import type { ObservedFeed, RecordedInput } from "./tick-record.ts";

/** What stands in `units` where an input had nothing. */
export const NO_UNITS = -(2n ** 63n);

/** What one signer saw of every feed, in columns: the same as a list of `ObservedFeed`, and cheap to hand to a thread. */
export interface ObservedColumns {
  /** By feed of the catalog, at each feed's decimals; `NO_PRICE` for an abstention. */
  readonly prices: BigInt64Array;
  /** By feed: `ABSTENTION` numbers. */
  readonly abstentions: Uint8Array;
  /** Inputs of feed f: from `firstInput[f]` up to, not including, `firstInput[f + 1]`. */
  readonly firstInput: Uint32Array;
  /** Ids of sources and symbols of components, each once. */
  readonly names: readonly string[];
  /** By input: its place in `names`. */
  readonly from: Uint32Array;
  /** By input; `NO_UNITS` where there was nothing. */
  readonly units: BigInt64Array;
  /** By input: Unix milliseconds; NaN where there was nothing. */
  readonly times: Float64Array;
  /** By input: `EXCLUSION` numbers. */
  readonly exclusions: Uint8Array;
}

/**
 * Lists to columns.
 * @throws RangeError for a price or units of more than 64 bits
 */
export function toColumns(observed: readonly ObservedFeed[]): ObservedColumns {
  const feeds = observed.length;
  const firstInput = new Uint32Array(feeds + 1);
  observed.forEach(({ inputs }, f) => {
    firstInput[f + 1] = (firstInput[f] ?? 0) + inputs.length;
  });
  const inputs = firstInput[feeds] ?? 0;
  const places = new Map<string, number>();
  const columns = {
    prices: new BigInt64Array(feeds),
    abstentions: new Uint8Array(feeds),
    firstInput,
    from: new Uint32Array(inputs),
    units: new BigInt64Array(inputs),
    times: new Float64Array(inputs),
    exclusions: new Uint8Array(inputs),
  };
  const place = (name: string): number => {
    const known = places.get(name) ?? places.size;
    if (known === places.size) places.set(name, known);
    return known;
  };
  observed.forEach((feed, f) => {
    columns.prices[f] = within64(feed.price ?? NO_PRICE, "a price");
    columns.abstentions[f] = ABSTENTION[feed.abstention];
    let at = firstInput[f] ?? 0;
    for (const { from, units, time, exclusion } of feed.inputs) {
      columns.from[at] = place(from);
      columns.units[at] = units === null ? NO_UNITS : within64(units, `what ${from} said`);
      columns.times[at] = time ?? Number.NaN;
      columns.exclusions[at++] = EXCLUSION[exclusion];
    }
  });
  return { ...columns, names: [...places.keys()] };
}

/** Columns to lists: the inverse of `toColumns`. */
export function fromColumns(columns: ObservedColumns): ObservedFeed[] {
  return Array.from(columns.prices, (price, f) => {
    const inputs: RecordedInput[] = [];
    for (let at = columns.firstInput[f] ?? 0; at < (columns.firstInput[f + 1] ?? 0); at++) {
      const units = columns.units[at] ?? NO_UNITS;
      const time = columns.times[at] ?? Number.NaN;
      inputs.push({
        from: columns.names[columns.from[at] ?? 0] ?? "",
        units: units === NO_UNITS ? null : units,
        time: Number.isNaN(time) ? null : time,
        exclusion: EXCLUSIONS[columns.exclusions[at] ?? 0] ?? "missing",
      });
    }
    const abstention = ABSTENTIONS[columns.abstentions[f] ?? 0] ?? "priced";
    return { price: price === NO_PRICE ? null : price, abstention, inputs };
  });
}

/** Columns written when names had other numbers, with today's. */
export function renumber(
  codes: Uint8Array,
  names: readonly string[],
  now: Readonly<Record<string, number>>,
): Uint8Array {
  return codes.map((code) => {
    const name = names[code] ?? "";
    const number = now[name];
    if (number === undefined)
      throw new RangeError(`a tick record says "${name}", a word this version does not know`);
    return number;
  });
}

function within64(units: bigint, what: string): bigint {
  if (units <= NO_UNITS || units >= 2n ** 63n)
    throw new RangeError(`${what} is ${units}: more than 64 bits hold`);
  return units;
}
