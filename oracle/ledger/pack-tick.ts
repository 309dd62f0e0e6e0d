import { ABSTENTION, ABSTENTIONS, EXCLUSION, EXCLUSIONS } from "../market/verdicts.ts";
import { type Reason, REASONS } from "./decision/reason.ts";
import { fromColumns, type ObservedColumns, renumber, toColumns } from "./observed-columns.ts";
import type { TickRecord } from "./tick-record.ts";

/** A tick record as it may be handed in: its observation as lists, or as columns, which cost far less for many feeds. */
export type TickInput = Omit<TickRecord, "observed"> & {
  readonly observed: TickRecord["observed"] | ObservedColumns;
};

/** A tick record as it is stored: columns, and the words that the numbers in them mean. */
export interface PackedTick extends Omit<TickRecord, "observed" | "verdicts"> {
  readonly observed: ObservedColumns;
  /** By feed of the catalog: places in `words.reasons`. */
  readonly verdicts: Uint8Array;
  readonly words: {
    readonly reasons: readonly string[];
    readonly abstentions: readonly string[];
    readonly exclusions: readonly string[];
  };
}

const WORDS = { reasons: REASONS, abstentions: ABSTENTIONS, exclusions: EXCLUSIONS };
const REASON = new Map<string, number>(REASONS.map((name, code) => [name, code]));

/** @throws RangeError for a price or units of more than 64 bits, or a time that is no whole number of seconds */
export function packTick(record: TickInput): PackedTick {
  const { time, provenance, epoch, root, observed, decision, verdicts } = record;
  if (!Number.isSafeInteger(time)) throw new RangeError(`a tick is at a whole second, not at ${time}`);
  return {
    time,
    provenance,
    epoch,
    root,
    observed: "firstInput" in observed ? observed : toColumns(observed),
    decision,
    verdicts: Uint8Array.from(verdicts, (verdict) => REASON.get(verdict) ?? REASONS.length),
    words: WORDS,
  };
}

/** @throws RangeError where the record says a word that this version does not know */
export function unpackTick(packed: PackedTick): TickRecord {
  const { time, provenance, epoch, root, observed, decision, verdicts, words } = packed;
  return {
    time,
    provenance,
    epoch,
    root,
    observed: fromColumns({
      ...observed,
      abstentions: renumber(observed.abstentions, words.abstentions, ABSTENTION),
      exclusions: renumber(observed.exclusions, words.exclusions, EXCLUSION),
    }),
    decision,
    verdicts: Array.from(verdicts, (code) => {
      const word = words.reasons[code] ?? "";
      if (!REASON.has(word))
        throw new RangeError(`a tick record says "${word}", a reason this version does not know`);
      return word as Reason;
    }),
  };
}
