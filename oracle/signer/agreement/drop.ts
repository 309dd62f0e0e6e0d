import type { FeedId } from "../../report/feed-id.ts";
import type { Epoch } from "./epoch.ts";
import type { Prevote } from "./message.ts";
import type { Rules } from "./rules.ts";

/** What the prevotes of earlier rounds say against feeds. */
export interface Objections {
  /** Of each signer that dissents from anything, its latest such prevote. */
  readonly dissents: readonly Prevote[];
  /** How many signers prevoted at all. */
  readonly voters: number;
}

/** @param prevotes of rounds before the one that is judged, in any order */
export function objections(prevotes: readonly Prevote[]): Objections {
  const latest = new Map<number, Prevote>();
  for (const vote of prevotes) {
    const known = latest.get(vote.signer);
    if (vote.dissent.length > 0 && (!known || known.round < vote.round)) latest.set(vote.signer, vote);
  }
  return { dissents: [...latest.values()], voters: new Set(prevotes.map(({ signer }) => signer)).size };
}

/** How many different signers dissent from each feed. */
function countDissents(dissents: readonly Prevote[]): Map<FeedId, number> {
  const signers = new Map<FeedId, Set<number>>();
  for (const { signer, dissent } of dissents) {
    for (const feed of dissent) {
      const of = signers.get(feed) ?? new Set();
      signers.set(feed, of.add(signer));
    }
  }
  return new Map([...signers].map(([feed, of]) => [feed, of.size]));
}

/**
 * The feeds that an honest leader drops: those with enough dissents, but in the first lap only where the decision
 * needs it, as fewer than q signers are known to vote and not to dissent. One liar who dissents from everything
 * takes no price away as long as q others talk.
 */
export function feedsToDrop(
  { n, q }: Epoch,
  round: number,
  { dissents, voters }: Objections,
  rules: Rules,
): FeedId[] {
  const enough = rules.dissentsToDrop(n, round);
  return [...countDissents(dissents)]
    .filter(([, count]) => count >= enough && (round >= n || voters - count < q))
    .map(([feed]) => feed)
    .sort((a, b) => a - b);
}

/** Whether a proposal's dissents allow what it drops: what everybody can check. */
export function mayDrop(
  { n }: Epoch,
  round: number,
  drop: readonly FeedId[],
  dissents: readonly Prevote[],
  rules: Rules,
): boolean {
  const enough = rules.dissentsToDrop(n, round);
  const counts = countDissents(dissents);
  return drop.every((feed) => (counts.get(feed) ?? 0) >= enough);
}

/**
 * Of the feeds a proposal drops, those that the signer's own votes say it need not: like an observation left out,
 * a reason to refuse it in the first lap.
 */
export function needlesslyDropped(
  { n, q }: Epoch,
  round: number,
  drop: readonly FeedId[],
  { dissents, voters }: Objections,
): FeedId[] {
  if (round >= n || drop.length === 0) return [];
  const counts = countDissents(dissents);
  return drop.filter((feed) => voters - (counts.get(feed) ?? 0) >= q);
}
