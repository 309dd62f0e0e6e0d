import type { FeedId } from "../../report/feed-id.ts";
import type { Evidence } from "./evidence.ts";
import type { Prevote } from "./message.ts";

/** So many decided times in a row make a dissent permanent: a minute of ordinary ticks. */
export const PERMANENT = 6;

/** Watches for signers who dissent from a feed at every time: their market view is broken, or they lie. */
export class PermanentDissent {
  readonly #rows = new Map<string, { first: Prevote; times: number }>();

  /**
   * Takes in all prevotes of a time that is decided.
   * @returns evidence against those whose row has just become permanent
   */
  decided(epoch: number, prevotes: readonly Prevote[]): Evidence[] {
    const dissents = new Map<string, { vote: Prevote; feed: FeedId }>();
    for (const vote of prevotes) {
      for (const feed of vote.dissent) dissents.set(`${vote.signer} ${feed}`, { vote, feed });
    }
    const voters = new Set(prevotes.map(({ signer }) => signer));
    for (const [key, { first }] of this.#rows) {
      if (voters.has(first.signer) && !dissents.has(key)) this.#rows.delete(key);
    }
    const evidence: Evidence[] = [];
    for (const [key, { vote, feed }] of dissents) {
      const row = this.#rows.get(key) ?? { first: vote, times: 0 };
      row.times++;
      this.#rows.set(key, row);
      if (row.times !== PERMANENT) continue;
      evidence.push({
        kind: "permanentDissent",
        accused: vote.signer,
        time: vote.time,
        epoch,
        about: `feed ${feed} since ${row.first.time}`,
        messages: [row.first.bytes, vote.bytes],
      });
    }
    return evidence;
  }
}
