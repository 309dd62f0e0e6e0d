import { type ChainState, HALTED } from "../../ledger/decision/decide.ts";
import type { CatalogPlan } from "../../report/catalog-plan.ts";
import { type FeedId, feedId } from "../../report/feed-id.ts";
import { NO_PRICE } from "../../report/word.ts";
import { ORACLE } from "../oracle-abi.ts";
import type { RpcAnswer } from "./exchange.ts";
import { decodeLatest, decodeTryLatest, latestCalldata, tryLatestCalldata } from "./latest-codec.ts";
import { missingAnswer, readAnswer } from "./read-answer.ts";
import type { NodeError } from "./rpc-error.ts";

/**
 * Reads the latest prices of a catalog: the feeds of a bundle with one call. That reverts where one of them has none; then
 * people closed the whole bundle, or its feeds are asked one by one. Those without a price are asked alone from then on, so
 * that they hide no others.
 */
export class LatestReader {
  readonly #bundles: readonly (readonly FeedId[])[];
  /** Feeds that had no price when they were last asked. */
  readonly #unpriced = new Set<FeedId>();

  constructor(plan: CatalogPlan) {
    this.#bundles = plan.bundles.map(({ bundle, feeds }) =>
      Array.from({ length: feeds }, (_, position) => feedId(bundle, position)),
    );
  }

  /** What to call the oracle with. */
  calldata(): string[] {
    return [
      ...this.#bundles.map((feeds) => latestCalldata(this.#together(feeds))),
      ...Array.from(this.#unpriced, tryLatestCalldata),
    ];
  }

  /**
   * @param answers to `calldata`, by place
   * @param ask calls the oracle once more, at the same block
   * @throws NodeError where the node refused a call; WrongCodeError where the oracle answers what it never answers
   */
  async read(
    answers: readonly RpcAnswer[],
    ask: (calldata: string[]) => Promise<RpcAnswer[]>,
  ): Promise<Pick<ChainState, "prices" | "observedAt">> {
    const count = this.#bundles.reduce((sum, feeds) => sum + feeds.length, 0);
    const found = { prices: new BigInt64Array(count).fill(NO_PRICE), observedAt: new Uint32Array(count) };
    const alone = new Map<FeedId, number>(); // with its place
    const asked: FeedId[] = [];
    let first = 0;
    for (const [i, feeds] of this.#bundles.entries()) {
      const places = new Map(feeds.map((feed, position) => [feed, first + position]));
      first += feeds.length;
      const together = this.#together(feeds);
      const answer = answers[i] ?? missingAnswer();
      if (!answer.ok && revertName(answer.error) === "Halted") {
        found.observedAt.fill(HALTED, first - feeds.length, first);
        continue;
      }
      for (const feed of feeds) if (this.#unpriced.has(feed)) alone.set(feed, places.get(feed) ?? 0);
      if (answer.ok) {
        const { prices, times } = readAnswer("latestOf", answer, (data) =>
          decodeLatest(data, together.length),
        );
        for (const [k, feed] of together.entries()) {
          const place = places.get(feed) ?? 0;
          found.prices[place] = prices[k] ?? NO_PRICE;
          found.observedAt[place] = times[k] ?? 0;
        }
      } else if (answer.error.data === undefined) throw answer.error;
      else {
        for (const feed of together) {
          if (alone.has(feed)) continue;
          alone.set(feed, places.get(feed) ?? 0);
          asked.push(feed);
        }
      }
    }
    const known = new Map([...this.#unpriced].map((feed, i) => [feed, answers[this.#bundles.length + i]]));
    const more = asked.length === 0 ? [] : await ask(asked.map(tryLatestCalldata));
    for (const [i, feed] of asked.entries()) known.set(feed, more[i]);
    for (const [feed, place] of alone) {
      const { price, time } = readAnswer("tryLatest", known.get(feed) ?? missingAnswer(), decodeTryLatest);
      found.observedAt[place] = time;
      if (price === null) this.#unpriced.add(feed);
      else {
        found.prices[place] = price;
        this.#unpriced.delete(feed);
      }
    }
    return found;
  }

  /** The feeds of a bundle that are asked with one call: all of them where none is expected to have a price. */
  #together(feeds: readonly FeedId[]): readonly FeedId[] {
    const priced = feeds.filter((feed) => !this.#unpriced.has(feed));
    return priced.length === 0 ? feeds : priced;
  }
}

function revertName(error: NodeError): string | undefined {
  return error.data === undefined ? undefined : ORACLE.parseError(error.data)?.name;
}
