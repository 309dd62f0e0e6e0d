import type { Epoch } from "./epoch.ts";

/** An epoch is announced at least this long before it begins, in seconds. */
const ANNOUNCED = 3_600;

/**
 * Checks that an epoch may follow those known.
 * @param approvedBy the people who approved it
 * @param now Unix milliseconds
 * @throws RangeError where it may not
 */
export function checkSuccessor(
  epochs: readonly Epoch[],
  next: Epoch,
  approvedBy: readonly string[],
  now: number,
): void {
  const last = epochs.at(-1);
  const expected = (last?.number ?? -1) + 1;
  if (next.number !== expected) throw new RangeError(`epoch ${next.number} cannot follow, ${expected} can`);
  if (last && next.from <= last.from) {
    throw new RangeError(`epoch ${next.number} begins at ${next.from}, not after ${last.from}`);
  }
  const earliest = Math.ceil(now / 1000) + ANNOUNCED;
  if (next.from < earliest) {
    throw new RangeError(
      `epoch ${next.number} begins at ${next.from}; announced now it may begin at ${earliest}`,
    );
  }
  const people = new Set(approvedBy).size;
  if (people < 2) throw new RangeError(`epoch ${next.number} is approved by ${people}, but needs two people`);
}
