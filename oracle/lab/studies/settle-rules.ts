import { FIXING_PERIOD, type RecordedReport } from "./send-reports.ts";

/** How a contract finds the price of a time. */
export const RULES = ["first-after", "last-before", "twap-30", "fixing"] as const;

export type Rule = (typeof RULES)[number];

/** What a rule found, in the feed's decimals; null where it finds nothing. A mean need not be whole. */
export type Settled = number | null;

/** A fixing time without a price is settled by the newest of so many before it: `ExpiryFixing.BEFORE`. */
const BEFORE = 12;
const TWAP_SECONDS = 30 * 60;

/** The latest price on chain, as it was at any time. */
export class ChainHistory {
  readonly #latest: readonly RecordedReport[];
  readonly #fixings: ReadonlyMap<number, number | null>;

  /** @param end Unix seconds: later blocks are not looked at, but for the fixings, for which one waits. */
  constructor(recorded: readonly RecordedReport[], end = Infinity) {
    this.#latest = recorded
      .filter(({ latest, blockTime }) => latest && blockTime <= end)
      .toSorted((a, b) => a.blockTime - b.blockTime);
    this.#fixings = new Map(
      recorded
        .filter(({ fixing }) => fixing)
        .map(({ observedAt, price }) => [observedAt, price === null ? null : Number(price)]),
    );
  }

  /** The newest price that was on chain at `time`, even where the chain has since been told that there is none; null before the first. */
  at(time: number): Settled {
    for (let i = this.#firstAfter(time + 1) - 1; i >= 0; i--) {
      const price = this.#latest[i]?.price;
      if (price !== null && price !== undefined) return Number(price);
    }
    return null;
  }

  /** The first price that arrives at `time` or later, and when; null after the last. */
  next(time: number): { readonly price: number; readonly blockTime: number } | null {
    for (let i = this.#firstAfter(time); i < this.#latest.length; i++) {
      const { price, blockTime } = this.#latest[i] ?? { price: null, blockTime: 0 };
      if (price !== null) return { price: Number(price), blockTime };
    }
    return null;
  }

  /** The fixing of `time`; null where it says that there is no price, undefined where there is none. */
  fixing(time: number): number | null | undefined {
    return this.#fixings.get(time);
  }

  /** Place of the first report at `time` or later. */
  #firstAfter(time: number): number {
    let [low, high] = [0, this.#latest.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#latest[middle]?.blockTime ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * The price that a rule settles `time` on.
 *
 * - `first-after`: the first price that arrives at the time or later (Opyn Gamma, `setExpiryPriceInOracle`; Siren).
 * - `last-before`: the last that had arrived by then (Premia v3, `getPriceAt`), however old.
 * - `twap-30`: the mean of what was on chain at each step of the 30 minutes up to then, that of the time included.
 * - `fixing`: the price of exactly that time, or of the newest of the 12 fixing times before it (`ExpiryFixing`).
 * @param step seconds from one sample of the mean to the next
 */
export function settle(rule: Rule, history: ChainHistory, time: number, step: number): Settled {
  if (rule === "last-before") return history.at(time);
  if (rule === "first-after") return history.next(time)?.price ?? null;
  if (rule === "twap-30") return timeWeightedMean((at) => history.at(at), time, step);
  for (let back = 0; back <= BEFORE; back++) {
    const price = history.fixing(time - back * FIXING_PERIOD);
    if (price !== undefined && price !== null) return price;
  }
  return null;
}

/** The mean over the 30 minutes up to `time`, one sample a step; null where one has no price. */
export function timeWeightedMean(priceAt: (time: number) => Settled, time: number, step: number): Settled {
  const samples = Math.max(1, Math.floor(TWAP_SECONDS / step));
  let sum = 0;
  for (let i = samples - 1; i >= 0; i--) {
    const price = priceAt(time - i * step);
    if (price === null) return null;
    sum += price;
  }
  return sum / samples;
}
