import type { FeedId } from "../../report/feed-id.ts";
import { NO_PRICE } from "../../report/word.ts";
import { isWithin } from "./band.ts";
import type { Epoch } from "./epoch.ts";

/**
 * The feeds, ascending, whose price in a report is farther from the signer's own view than their hard band.
 * A feed that either side has no price for is no reason to dissent.
 */
export function dissentFrom(epoch: Epoch, report: BigInt64Array, own: BigInt64Array): FeedId[] {
  const feeds: FeedId[] = [];
  for (const [i, { id, hardBand }] of epoch.feeds.entries()) {
    const price = report[i] ?? NO_PRICE;
    const view = own[i] ?? NO_PRICE;
    if (price === NO_PRICE || view === NO_PRICE || price === view) continue;
    if (!isWithin(price, view, hardBand)) feeds.push(id);
  }
  return feeds;
}
