/* eslint-disable @typescript-eslint/no-non-null-assertion --
   every index is inside its column by construction; this loop runs 70,000 times a tick */
import type { Board } from "./board.ts";
import { abstain, type Columns } from "./columns.ts";
import { ABSTENTION, EXCLUSION } from "./verdicts.ts";

/** What median feeds ask, in columns by feed, and room to sort in. */
export interface MedianRules {
  /** Milliseconds. */
  readonly maxAge: Float64Array;
  readonly minSources: Uint8Array;
  /** 1 where `spread` is in millionths of the first median, 0 where it is in the feed's units. */
  readonly relative: Uint8Array;
  readonly spread: BigInt64Array;
  /** Room for the inputs of one feed. */
  readonly sorted: BigInt64Array;
  readonly times: Float64Array;
}

const MILLION = 1_000_000n;

/**
 * `aggregate` over columns: the same rule, without making anything but numbers.
 * @param f the feed's place
 * @param now the tick, in Unix milliseconds
 */
export function priceMedian(
  f: number,
  now: number,
  board: Board,
  rules: MedianRules,
  columns: Columns,
): void {
  const { sorted, times } = rules;
  const maxAge = rules.maxAge[f]!;
  const minSources = rules.minSources[f]!;
  const end = board.firstSlot[f + 1]!;
  let validUntil = Number.POSITIVE_INFINITY;
  let count = 0;
  for (let slot = board.firstSlot[f]!; slot < end; slot++) {
    let time = board.newestTime[slot]!;
    let units = board.newestUnits[slot]!;
    let flaw = board.newestFlaw[slot]!;
    if (time > now) {
      validUntil = now; // what is in the future now counts at the next tick
      const at = board.asOf(slot, now);
      if (at < 0) continue;
      time = board.timeAt(at);
      units = board.unitsAt(at);
      flaw = board.flawAt(at);
    }
    if (time < now - maxAge || flaw !== EXCLUSION.used) continue;
    if (time + maxAge < validUntil) validUntil = time + maxAge;
    let place = count++;
    while (place > 0 && sorted[place - 1]! > units) {
      sorted[place] = sorted[place - 1]!;
      times[place] = times[place - 1]!;
      place--;
    }
    sorted[place] = units;
    times[place] = time;
  }
  columns.validUntil[f] = validUntil;
  if (count < minSources) {
    abstain(columns, f, ABSTENTION["too-few-inputs"]);
    return;
  }
  const first = sorted[count >> 1]!;
  const spread = rules.spread[f]!;
  const reach = rules.relative[f] === 1 ? ((first < 0n ? -first : first) * spread) / MILLION : spread;
  const lowest = first - reach;
  const highest = first + reach;
  let from = 0;
  let to = count;
  while (sorted[from]! < lowest) from++;
  while (sorted[to - 1]! > highest) to--;
  if (to - from < minSources) {
    abstain(columns, f, ABSTENTION["too-few-agree"]);
    return;
  }
  let oldest = Number.POSITIVE_INFINITY;
  for (let i = from; i < to; i++) if (times[i]! < oldest) oldest = times[i]!;
  columns.prices[f] = sorted[from + ((to - from) >> 1)]!;
  columns.abstentions[f] = ABSTENTION.priced;
  columns.oldest[f] = oldest;
}
