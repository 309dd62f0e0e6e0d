import { mask } from "../../report/mask.ts";
import { LANES } from "../../report/word.ts";
import type { DecisionInput, PlannedPart, Verdict } from "./decide.ts";
import { latestReason } from "./latest-reason.ts";
import { seenWithPending } from "./seen.ts";

/**
 * What the chain is to keep of the report: of each bundle the words with a feed that has a reason to become latest, and
 * its fixings where they are due and not stored. A word's other feeds ride along.
 * @param verdicts what `decide` said of this input
 * @returns by ascending bundle; without those of which nothing is kept
 */
export function plan(input: DecisionInput, verdicts: readonly Verdict[]): readonly PlannedPart[] {
  const seen = seenWithPending(input);
  const held = new Set(input.bundles);
  const parts: PlannedPart[] = [];
  let first = 0;
  for (const [place, { bundle, feeds }] of input.catalog.entries()) {
    if (held.has(bundle)) {
      const words = new Set<number>();
      for (let position = 0; position < feeds; position++) {
        const feed = first + position;
        const verdict = verdicts[feed] ?? "none";
        // At a fixing time the verdict tells of the fixing, whatever else holds.
        const reason = verdict === "fixing" ? latestReason(input, seen, feed) : verdict;
        if (reason !== "none") words.add(Math.floor(position / LANES));
      }
      const bits = mask(words, seen.fixingStored[place] === 0);
      if (bits !== 0n) parts.push({ bundle, mask: bits });
    }
    first += feeds;
  }
  return parts;
}
