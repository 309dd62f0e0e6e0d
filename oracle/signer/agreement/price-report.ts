import { type ReportTree, reportTree } from "../../report/report-tree.ts";
import { NO_PRICE, packWords } from "../../report/word.ts";
import { bandAround } from "./band.ts";
import { type Epoch, type EpochFeed, openBundles } from "./epoch.ts";
import { toHex } from "./hex.ts";
import { type Rules, RULES } from "./rules.ts";

/** What a set of observations comes to. */
export interface PricedReport {
  /** By feed of the catalog; `NO_PRICE` also for bundles that are closed. */
  readonly prices: BigInt64Array;
  readonly tree: ReportTree;
  /** The tree's root as hexadecimal digits. */
  readonly root: string;
}

/**
 * From observations to a report: bit for bit the same everywhere, whatever their order.
 * @param observations the prices of at least q different signers, by feed of the catalog
 * @param drop places in the catalog of feeds that get no price
 * @param previous an earlier tree of this epoch: bundles that did not change are not hashed again
 * @throws RangeError where no bundle is open
 */
export function priceReport(
  epoch: Epoch,
  time: number,
  observations: readonly BigInt64Array[],
  drop: ReadonlySet<number>,
  rules: Rules = RULES,
  previous?: ReportTree,
): PricedReport {
  const prices = new BigInt64Array(epoch.feeds.length).fill(NO_PRICE);
  const open = new Set(openBundles(epoch, time));
  const words = new Map<number, Uint8Array>();
  const scratch = new Array<bigint>(observations.length).fill(NO_PRICE);
  let first = 0;
  for (const [place, { definition, feeds }] of epoch.bundles.entries()) {
    const end = first + feeds.length;
    if (open.has(place)) {
      for (let i = first; i < end; i++) {
        const feed = epoch.feeds[i];
        if (feed && !drop.has(i)) prices[i] = priceFeed(epoch, feed, i, observations, rules, scratch);
      }
      words.set(definition.bundle, packWords(prices.subarray(first, end)));
    }
    first = end;
  }
  const tree = reportTree(epoch.plan, words, previous);
  return { prices, tree, root: toHex(tree.root) };
}

/**
 * The price of one feed: `NO_PRICE` where fewer than q signers saw one, or fewer than all but f of those who did
 * are within tolerance of the median.
 * @param index the feed's place in the catalog
 */
export function priceFeed(
  { q, f }: Epoch,
  { tolerance }: EpochFeed,
  index: number,
  observations: readonly BigInt64Array[],
  rules: Rules,
  scratch: bigint[] = new Array<bigint>(observations.length),
): bigint {
  let count = 0;
  for (const prices of observations) {
    const lane = prices[index] ?? NO_PRICE;
    if (rules.isPrice(lane)) scratch[count++] = lane;
  }
  if (count < q) return NO_PRICE;
  const median = rules.median(scratch, count);
  const limit = bandAround(median, tolerance);
  let near = 0;
  for (let i = 0; i < count; i++) {
    const price = scratch[i] ?? NO_PRICE;
    if ((price < median ? median - price : price - median) <= limit) near++;
  }
  return near < count - f ? NO_PRICE : median;
}
