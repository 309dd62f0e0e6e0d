import type { DecisionInput } from "./decide.ts";

/** What the chain has once everything that is on its way has arrived. */
export interface Seen {
  /** By feed. */
  readonly prices: BigInt64Array;
  /** By feed. */
  readonly observedAt: Uint32Array;
  /** By the bundle's place. */
  readonly fixingStored: Uint8Array;
}

/** The chain's state with the pending reports on it, by the contract's own rule: a word gives way to a newer one only. */
export function seenWithPending({ time, catalog, chain, pending }: DecisionInput): Seen {
  if (pending.length === 0) return chain;
  const prices = chain.prices.slice();
  const observedAt = chain.observedAt.slice();
  const fixingStored = chain.fixingStored.slice();
  for (const report of pending) {
    const masks = new Map(report.parts.map(({ bundle, mask }) => [bundle, mask]));
    let first = 0;
    for (const [place, { bundle, feeds }] of catalog.entries()) {
      const mask = masks.get(bundle) ?? 0n;
      if ((mask & 1n) === 1n && report.observedAt === time) fixingStored[place] = 1;
      if (mask > 1n) {
        for (let position = 0; position < feeds; position++) {
          const feed = first + position;
          if (((mask >> BigInt(1 + (position >> 2))) & 1n) === 0n) continue;
          if ((observedAt[feed] ?? 0) >= report.observedAt) continue;
          prices[feed] = report.prices[feed] ?? 0n;
          observedAt[feed] = report.observedAt;
        }
      }
      first += feeds;
    }
  }
  return { prices, observedAt, fixingStored };
}
