import { toUnits } from "../decimal.ts";
import type { Feed } from "../feeds/catalog.ts";
import { pairSymbol } from "../feeds/unit.ts";
import type { Quote } from "./quote.ts";
import { EXCLUSION, fits } from "./verdicts.ts";

/**
 * What every source last said of every feed that listens to it, in columns, with enough of the past to be asked as of a
 * tick that is over. A *slot* is one source of one feed; the slots of a feed are neighbours.
 *
 * Of the quotes between one tick and the next only the last can ever count, so only that one is kept: the columns are
 * rings of `depth` ticks.
 */
export class Board {
  /** Slots of feed f: from `firstSlot[f]` up to, not including, `firstSlot[f + 1]`. */
  readonly firstSlot: Int32Array;
  /** By slot: the newest quote. Its time (Unix milliseconds) is -Infinity while there is none. */
  readonly newestTime: Float64Array;
  readonly newestUnits: BigInt64Array;
  /** By slot: `EXCLUSION` number of a quote that is bad at any time; `used` for a good one. */
  readonly newestFlaw: Uint8Array;

  readonly #depth: number;
  readonly #tickMs: number;
  readonly #head: Uint16Array;
  readonly #time: Float64Array;
  readonly #units: BigInt64Array;
  readonly #flaw: Uint8Array;
  /** By source, then by symbol. */
  readonly #listeners: ReadonlyMap<string, ReadonlyMap<string, readonly Listener[]>>;

  /**
   * @param feeds the catalog's
   * @param tickMs milliseconds from tick to tick
   * @param depth how many ticks back it can be asked
   */
  constructor(feeds: readonly Feed[], tickMs: number, depth: number) {
    const sourcesOf = feeds.map(({ method }) => (method.kind === "median" ? method.sources : []));
    this.firstSlot = Int32Array.from({ length: feeds.length + 1 }, () => 0);
    sourcesOf.forEach((sources, f) => {
      this.firstSlot[f + 1] = (this.firstSlot[f] ?? 0) + sources.length;
    });
    const slots = this.firstSlot[feeds.length] ?? 0;
    this.newestTime = new Float64Array(slots).fill(Number.NEGATIVE_INFINITY);
    this.newestUnits = new BigInt64Array(slots);
    this.newestFlaw = new Uint8Array(slots);
    this.#depth = depth;
    this.#tickMs = tickMs;
    this.#head = new Uint16Array(slots);
    this.#time = new Float64Array(slots * depth).fill(Number.NEGATIVE_INFINITY);
    this.#units = new BigInt64Array(slots * depth);
    this.#flaw = new Uint8Array(slots * depth);
    this.#listeners = listeners(feeds, sourcesOf, this.firstSlot);
  }

  /**
   * Takes a quote in.
   * @param touched told every feed whose inputs it changed
   * @returns false where nobody listens to it, or where its source has said something newer already
   */
  accept(quote: Quote, touched: (feed: number) => void): boolean {
    let taken = false;
    const heard = this.#listeners.get(quote.source)?.get(quote.symbol) ?? [];
    for (const { feed, slot, decimals, mayBeNegative } of heard) {
      if (quote.time < (this.newestTime[slot] ?? 0)) continue;
      const units = toUnits(quote.price, decimals);
      const flaw = !fits(units)
        ? EXCLUSION["out-of-range"]
        : units <= 0n && !mayBeNegative
          ? EXCLUSION["not-positive"]
          : EXCLUSION.used;
      this.#write(slot, quote.time, flaw === EXCLUSION["out-of-range"] ? 0n : units, flaw);
      touched(feed);
      taken = true;
    }
    return taken;
  }

  /** Where in the columns the last quote of a slot stands that is not after `tick` (Unix milliseconds); -1 where there is none. */
  asOf(slot: number, tick: number): number {
    const first = slot * this.#depth;
    const head = this.#head[slot] ?? 0;
    for (let back = 0; back < this.#depth; back++) {
      const at = first + ((head + this.#depth - back) % this.#depth);
      const time = this.#time[at] ?? 0;
      if (time === Number.NEGATIVE_INFINITY) return -1;
      if (time <= tick) return at;
    }
    return -1;
  }

  /** Columns at a place that `asOf` found. */
  timeAt(at: number): number {
    return this.#time[at] ?? Number.NaN;
  }

  unitsAt(at: number): bigint {
    return this.#units[at] ?? 0n;
  }

  flawAt(at: number): number {
    return this.#flaw[at] ?? 0;
  }

  #write(slot: number, time: number, units: bigint, flaw: number): void {
    const last = this.newestTime[slot] ?? 0;
    let head = this.#head[slot] ?? 0;
    if (
      last !== Number.NEGATIVE_INFINITY &&
      Math.ceil(last / this.#tickMs) !== Math.ceil(time / this.#tickMs)
    ) {
      head = (head + 1) % this.#depth;
      this.#head[slot] = head;
    }
    const at = slot * this.#depth + head;
    this.#time[at] = time;
    this.#units[at] = units;
    this.#flaw[at] = flaw;
    this.newestTime[slot] = time;
    this.newestUnits[slot] = units;
    this.newestFlaw[slot] = flaw;
  }
}

interface Listener {
  readonly feed: number;
  readonly slot: number;
  readonly decimals: number;
  readonly mayBeNegative: boolean;
}

function listeners(
  feeds: readonly Feed[],
  sourcesOf: readonly (readonly string[])[],
  firstSlot: Int32Array,
): Map<string, Map<string, Listener[]>> {
  const bySource = new Map<string, Map<string, Listener[]>>();
  feeds.forEach(({ symbol, decimals, mayBeNegative }, feed) => {
    sourcesOf[feed]?.forEach((source, i) => {
      const listener = { feed, slot: (firstSlot[feed] ?? 0) + i, decimals, mayBeNegative };
      const bySymbol = bySource.get(source) ?? new Map<string, Listener[]>();
      const pair = pairSymbol(symbol);
      bySource.set(source, bySymbol.set(pair, [...(bySymbol.get(pair) ?? []), listener]));
    });
  });
  return bySource;
}
