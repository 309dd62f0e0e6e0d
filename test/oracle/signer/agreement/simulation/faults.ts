import { type Rules, RULES } from "../../../../../oracle/signer/agreement/rules.ts";

/** Mistakes that an implementer of the protocol could make, one rule each. The simulation must catch them all. */
export const FAULTS = {
  "no lock": { ...RULES, mayPrevote: () => true },
  "q - 1": { ...RULES, quorum: (n) => Math.max(1, RULES.quorum(n) - 1) },
  "first vote only": { ...RULES, counts: (earlier) => earlier.length === 0 },
  "own votes only": { ...RULES, resends: (signer, self) => signer === self },
  "unsorted median": { ...RULES, median: (prices, count) => prices[count >> 1]! },
  "abstention counted": { ...RULES, isPrice: () => true },
} satisfies Record<string, Rules>;
