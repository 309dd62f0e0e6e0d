import { NO_PRICE } from "../../report/word.ts";
import type { DecisionInput } from "./decide.ts";
import type { Reason } from "./reason.ts";
import type { Seen } from "./seen.ts";

/**
 * Why a feed's price should become the latest one, or that it should not: all reasons but `fixing`.
 *
 * Nothing that the contract would pass over is a reason: a report that is not newer than the word (a closed bundle's is
 * newer than all), or older than the latest-delay. A feed without a price here and there has nothing to tell either;
 * only an operator may still ask for it.
 * @param feed its place in the catalog, in a bundle that the report holds
 */
export function latestReason(input: DecisionInput, seen: Seen, feed: number): Exclude<Reason, "fixing"> {
  const { time, now, rules, chain } = input;
  const observedAt = seen.observedAt[feed] ?? 0;
  if (observedAt >= time || now - time > chain.latestDelay) return "none";
  const price = input.prices[feed] ?? NO_PRICE;
  const onChain = seen.prices[feed] ?? NO_PRICE;
  if (price !== NO_PRICE) {
    if (observedAt === 0) return "initial";
    if (onChain === NO_PRICE) return "availability";
    if (deviates(price, onChain, rules.deviation[feed] ?? 0)) return "deviation";
    const heartbeat = rules.heartbeat[feed] ?? 0;
    if (heartbeat !== 0 && time - observedAt >= heartbeat) return "heartbeat";
    if ((input.scheduled[feed] ?? 0) > observedAt) return "schedule";
  } else if (onChain !== NO_PRICE) return "availability";
  return input.requested.has(feed) ? "requested" : "none";
}

/** Is the distance at least so many millionths of what is on chain? At a price of zero, any change is. */
function deviates(price: bigint, onChain: bigint, millionths: number): boolean {
  if (millionths === 0 || price === onChain) return false;
  const distance = price > onChain ? price - onChain : onChain - price;
  const size = onChain < 0n ? -onChain : onChain;
  return distance * 1_000_000n >= size * BigInt(millionths);
}
