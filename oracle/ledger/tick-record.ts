import type { Exclusion, Abstention } from "../market/verdicts.ts";
import type { Provenance } from "../market/quote.ts";
import type { DecisionInput, Verdict } from "./decision/decide.ts";

/** Everything that led to what was done, or not done, at one tick. `decide(record.decision)` gives `record.verdicts` again. */
export interface TickRecord {
  /** Unix seconds. */
  readonly time: number;
  readonly provenance: Provenance;
  readonly epoch: number;
  /** The agreed root, 64 hexadecimal digits; null where the tick was given up. */
  readonly root: string | null;
  /** What the own signer saw, by feed of the catalog. */
  readonly observed: readonly ObservedFeed[];
  /** What the decision to send rests on; null where nothing could be decided (no report, or no chain). */
  readonly decision: DecisionInput | null;
  /** By feed of the catalog. */
  readonly verdicts: readonly Verdict[];
}

/** One feed of the own observation. */
export interface ObservedFeed {
  /** At the feed's decimals; null for an abstention. */
  readonly price: bigint | null;
  readonly abstention: Abstention;
  readonly inputs: readonly RecordedInput[];
}

/** One input of a feed, and what became of it. */
export interface RecordedInput {
  /** Id of the source, or symbol of the component. */
  readonly from: string;
  readonly units: bigint | null;
  /** Unix milliseconds. */
  readonly time: number | null;
  readonly exclusion: Exclusion;
}
