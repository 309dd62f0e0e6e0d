import type { PlannedPart } from "../ledger/decision/decide.ts";

/** A word that was never written before, cold. */
const NEW_SLOT = 22_100;
/** The transaction itself, the signatures of a large quorum, the kept root, the event. */
const BASE = 150_000;
/** Calldata (40 a byte, EIP-7623), hashing and copying: of a word of 28 bytes, and of the rest of a part with a deep proof. */
const WORD = 1_500;
const PART = 40_000;

/**
 * The most gas one transmission may need. Since Osaka no transaction has more than 2^24 (EIP-7825), and a smaller one finds
 * its place in a block sooner.
 */
export const GAS_BUDGET = 12_000_000;

/**
 * Shares a plan among transmissions, so that each fits a block even where nothing was ever written. A bundle is never
 * divided: the largest needs about a quarter of the budget.
 * @param words how many words a bundle has
 */
export function splitParts(
  parts: readonly PlannedPart[],
  words: (bundle: number) => number,
  budget: number = GAS_BUDGET,
): (readonly PlannedPart[])[] {
  const shares: PlannedPart[][] = [];
  let left = 0;
  for (const part of parts) {
    const gas = partGas(part, words(part.bundle));
    if (shares.length === 0 || gas > left) {
      shares.push([]);
      left = budget - BASE;
    }
    shares.at(-1)?.push(part);
    left -= gas;
  }
  return shares;
}

function partGas({ mask }: PlannedPart, words: number): number {
  let kept = (mask & 1n) === 1n ? words : 0;
  for (let bits = mask >> 1n; bits !== 0n; bits >>= 1n) kept += Number(bits & 1n);
  return PART + words * WORD + kept * NEW_SLOT;
}
