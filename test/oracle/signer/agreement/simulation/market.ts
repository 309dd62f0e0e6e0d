import { NO_PRICE } from "../../../../../oracle/report/word.ts";
import { FEEDS } from "./network-of.ts";
import { Random } from "./random.ts";

/** How the one bad venue of a market lies. */
export type VenueLie = "none" | "to everybody" | "by address";

const VENUES = 5;
const LEVELS = [1_500_000_000n, 30_000_000n, 9_000n, 15_000n, 16_200n];

/** A market with five venues that disagree a little, of which one may lie. */
export class Market {
  readonly #seed: number;
  readonly #lie: VenueLie;
  readonly #abstain: number;

  constructor(seed: number, lie: VenueLie, abstain: number) {
    this.#seed = seed;
    this.#lie = lie;
    this.#abstain = abstain;
  }

  /** What the honest venues say of a feed at a time. */
  honestQuotes(time: number, feed: number): bigint[] {
    return Array.from({ length: VENUES - 1 }, (_, venue) => this.#quote(time, feed, venue));
  }

  /** What a signer observes: of each feed the upper median of the three to five venues that answered it. */
  observe(time: number, signer: number): BigInt64Array {
    const random = new Random(this.#seed ^ (time * 31 + signer * 7919));
    return BigInt64Array.from({ length: FEEDS }, (_, feed) => {
      if (random.chance(this.#abstain)) return NO_PRICE;
      const answered = random.shuffle([0, 1, 2, 3, 4]).slice(0, random.int(3, VENUES));
      const quotes = answered.map((venue) =>
        venue === VENUES - 1 ? this.#badQuote(time, feed, signer) : this.#quote(time, feed, venue),
      );
      quotes.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      return quotes[quotes.length >> 1]!;
    });
  }

  /** Every venue within a thousandth of the true price, which itself moves by up to a thousandth a tick. */
  #quote(time: number, feed: number, venue: number): bigint {
    const level = LEVELS[feed]!;
    const drift = new Random(this.#seed ^ (time * 17 + feed)).int(-1000, 1000);
    const noise = new Random(this.#seed ^ (time * 13 + feed * 101 + venue * 1009)).int(-1000, 1000);
    return level + (level * BigInt(drift + noise)) / 2_000_000n;
  }

  #badQuote(time: number, feed: number, signer: number): bigint {
    const honest = this.#quote(time, feed, VENUES - 1);
    if (this.#lie === "none") return honest;
    if (this.#lie === "to everybody") return honest * 1000n;
    return signer % 2 === 0 ? honest * 10n : honest / 10n;
  }
}
