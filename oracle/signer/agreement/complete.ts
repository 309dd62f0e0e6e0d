import type { FeedId } from "../../report/feed-id.ts";
import { NO_PRICE } from "../../report/word.ts";
import { type Epoch, openBundles } from "./epoch.ts";
import type { Obs } from "./message.ts";
import { priceFeed, type PricedReport } from "./price-report.ts";
import type { Rules } from "./rules.ts";

/**
 * The feeds, ascending, that a proposal leaves without a price although its observations, together with those that
 * the signer held in time, would give them one.
 */
export function missingFrom(
  epoch: Epoch,
  time: number,
  report: PricedReport,
  drop: readonly FeedId[],
  proposed: readonly Obs[],
  held: readonly Obs[],
  rules: Rules,
): FeedId[] {
  const signers = new Set(proposed.map(({ signer }) => signer));
  const more = held.filter(({ signer }) => !signers.has(signer));
  if (more.length === 0) return [];
  const observations = [...proposed, ...more].map(({ prices }) => prices);
  const dropped = new Set(drop);
  const missing: FeedId[] = [];
  let first = 0;
  const open = new Set(openBundles(epoch, time));
  for (const [place, { feeds }] of epoch.bundles.entries()) {
    for (let i = first; i < first + feeds.length && open.has(place); i++) {
      const feed = epoch.feeds[i];
      if (!feed || report.prices[i] !== NO_PRICE || dropped.has(feed.id)) continue;
      if (priceFeed(epoch, feed, i, observations, rules) !== NO_PRICE) missing.push(feed.id);
    }
    first += feeds.length;
  }
  return missing;
}
