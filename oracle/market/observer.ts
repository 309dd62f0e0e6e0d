import type { Feed } from "../feeds/catalog.ts";
import { NO_PRICE } from "../report/word.ts";
import { aggregate, type AggregateInput } from "./aggregate.ts";
import { Board } from "./board.ts";
import { abstain, type Columns, emptyColumns } from "./columns.ts";
import { derive } from "./derive.ts";
import { type MedianRules, priceMedian } from "./price-median.ts";
import type { Provenance, Quote } from "./quote.ts";
import { ABSTENTION, type Abstention, ABSTENTIONS, type Exclusion, EXCLUSIONS, fits } from "./verdicts.ts";

/** What one signer says of every feed as of one tick, in columns by the feed's place in the catalog. */
export interface Observation {
  /** Unix seconds. */
  readonly tick: number;
  readonly provenance: Provenance;
  /** At each feed's decimals; `NO_PRICE` for an abstention. */
  readonly prices: BigInt64Array;
  /** `ABSTENTION` numbers. */
  readonly abstentions: Uint8Array;
  /** The time of the oldest input used (Unix milliseconds); NaN without a price. */
  readonly oldest: Float64Array;
}

/** One feed of an observation, with everything that led to it. */
export interface Explanation {
  readonly symbol: string;
  readonly tick: number;
  readonly price: bigint | null;
  readonly abstention: Abstention;
  readonly oldest: number | null;
  readonly inputs: readonly ExplainedInput[];
}

/** One input of a feed: a source, or a component feed. */
export interface ExplainedInput {
  /** Id of the source, or symbol of the component. */
  readonly from: string;
  /** At the feed's decimals, or at the component's; null where there was nothing. */
  readonly units: bigint | null;
  /** Unix milliseconds; null where there was nothing. */
  readonly time: number | null;
  readonly exclusion: Exclusion;
}

/** Why a quote was not taken. */
export interface QuoteRefusal {
  readonly quote: Quote;
  /** `ahead-of-time`: its time is more than 5 s after its receipt. `not-newer`: its source has said something later, or nobody listens. */
  readonly reason: "ahead-of-time" | "not-newer" | "wrong-provenance";
}

/** A venue's clock may be this far ahead of ours, in milliseconds. */
const MAX_SKEW = 5000;

/** How many seconds back a tick may be observed: fixings are, by up to 120 s. */
const LOOKBACK = 130;

/** How an observer is set up. */
export interface ObserverOptions {
  readonly feeds: readonly Feed[];
  /** What all its quotes must be: prices of a simulation never mix with real ones. */
  readonly provenance: Provenance;
  /** Seconds; 10 by default. */
  readonly tickInterval?: number;
}

/**
 * Keeps what the venues said and makes observations of it. An observation depends on the quotes and the tick alone; a
 * feed is worked out anew only where one of its inputs changed or came of age, and the result is the same.
 */
export class Observer {
  readonly #feeds: readonly Feed[];
  readonly #provenance: Provenance;
  readonly #board: Board;
  readonly #rules: Rules;
  readonly #columns: Columns;
  readonly #changed: Uint8Array;
  #lastTick = Number.NEGATIVE_INFINITY;

  constructor({ feeds, provenance, tickInterval = 10 }: ObserverOptions) {
    this.#feeds = feeds;
    this.#provenance = provenance;
    this.#board = new Board(feeds, tickInterval * 1000, Math.ceil(LOOKBACK / tickInterval) + 2);
    this.#rules = rulesOf(feeds);
    this.#columns = emptyColumns(feeds.length);
    this.#changed = new Uint8Array(feeds.length).fill(1);
  }

  /**
   * Takes quotes in.
   * @param receivedAt Unix milliseconds
   * @returns those it did not take
   */
  accept(quotes: readonly Quote[], receivedAt: number): readonly QuoteRefusal[] {
    const refusals: QuoteRefusal[] = [];
    for (const quote of quotes) {
      if (quote.provenance !== this.#provenance) refusals.push({ quote, reason: "wrong-provenance" });
      else if (quote.time > receivedAt + MAX_SKEW) refusals.push({ quote, reason: "ahead-of-time" });
      else if (!this.#board.accept(quote, this.#touch)) refusals.push({ quote, reason: "not-newer" });
    }
    return refusals;
  }

  readonly #touch = (feed: number): void => {
    this.#changed[feed] = 1;
  };

  /**
   * Prices every feed as of a tick.
   * @param tick Unix seconds; at most `LOOKBACK` before the newest one observed
   */
  observe(tick: number): Observation {
    const now = tick * 1000;
    const inOrder = now >= this.#lastTick;
    const columns = inOrder ? this.#columns : emptyColumns(this.#feeds.length);
    const changed = inOrder ? this.#changed : new Uint8Array(this.#feeds.length).fill(1);
    for (let f = 0; f < this.#feeds.length; f++) {
      if (now > (columns.validUntil[f] ?? 0)) changed[f] = 1;
      if (changed[f] === 1 && this.#rules.derived[f] === 0)
        priceMedian(f, now, this.#board, this.#rules, columns);
    }
    for (const f of this.#rules.derivedInOrder) {
      if (this.#componentsOf(f).some((component) => changed[component] === 1)) changed[f] = 1;
      if (changed[f] === 1) this.#priceDerived(f, columns);
    }
    changed.fill(0);
    if (inOrder) this.#lastTick = now;
    return {
      tick,
      provenance: this.#provenance,
      prices: columns.prices.slice(),
      abstentions: columns.abstentions.slice(),
      oldest: columns.oldest.slice(),
    };
  }

  /**
   * Says how a feed of an observation came about, from the same quotes, by the rule as it is written down. Ask before
   * newer quotes of the same tick come in.
   * @param feed its place in the catalog
   */
  explain(observation: Observation, feed: number): Explanation {
    const { symbol, method } = this.#feed(feed);
    const now = observation.tick * 1000;
    const price = observation.prices[feed] ?? NO_PRICE;
    const result = {
      symbol,
      tick: observation.tick,
      price: price === NO_PRICE ? null : price,
      abstention: ABSTENTIONS[observation.abstentions[feed] ?? 0] ?? "priced",
      oldest: price === NO_PRICE ? null : (observation.oldest[feed] ?? null),
    };
    if (method.kind !== "median") {
      const inputs = this.#componentsOf(feed).map((component): ExplainedInput => {
        const units = observation.prices[component] ?? NO_PRICE;
        const none = units === NO_PRICE;
        return {
          from: this.#feed(component).symbol,
          units: none ? null : units,
          time: none ? null : (observation.oldest[component] ?? null),
          exclusion: none ? "missing" : "used",
        };
      });
      return { ...result, inputs };
    }
    const inputs = this.#inputsOf(feed, now);
    const { exclusions } = aggregate(inputs, method);
    return {
      ...result,
      inputs: inputs.map(({ units, time }, i) => ({
        from: method.sources[i] ?? "",
        units: Number.isNaN(time) ? null : units,
        time: Number.isNaN(time) ? null : time,
        exclusion: exclusions[i] ?? "missing",
      })),
    };
  }

  /** The inputs of a median feed as of `now`; their time is NaN where there is nothing. */
  #inputsOf(f: number, now: number): AggregateInput[] {
    const board = this.#board;
    const earliest = now - (this.#rules.maxAge[f] ?? 0);
    const inputs: AggregateInput[] = [];
    for (let slot = board.firstSlot[f] ?? 0; slot < (board.firstSlot[f + 1] ?? 0); slot++) {
      const at = board.asOf(slot, now);
      if (at < 0) {
        const exclusion = board.newestTime[slot] === Number.NEGATIVE_INFINITY ? "missing" : "future";
        inputs.push({ units: 0n, time: Number.NaN, exclusion });
      } else {
        const time = board.timeAt(at);
        const exclusion = time < earliest ? "stale" : (EXCLUSIONS[board.flawAt(at)] ?? "missing");
        inputs.push({ units: board.unitsAt(at), time, exclusion });
      }
    }
    return inputs;
  }

  #priceDerived(f: number, columns: Columns): void {
    const { method, decimals, mayBeNegative } = this.#feed(f);
    columns.validUntil[f] = Number.POSITIVE_INFINITY; // its components tell it
    if (method.kind === "median") return;
    const components = this.#componentsOf(f);
    const values = components.map((component) => ({
      units: columns.prices[component] ?? NO_PRICE,
      decimals: this.#feed(component).decimals,
    }));
    const [a, b = a] = values;
    if (a === undefined || b === undefined || values.some(({ units }) => units === NO_PRICE)) {
      abstain(columns, f, ABSTENTION["component-without-price"]);
      return;
    }
    const price = derive(method.kind, a, b, decimals);
    if (price === null || (price <= 0n && !mayBeNegative)) {
      abstain(columns, f, ABSTENTION["not-positive"]);
    } else if (!fits(price)) {
      abstain(columns, f, ABSTENTION["out-of-range"]);
    } else {
      columns.prices[f] = price;
      columns.abstentions[f] = ABSTENTION.priced;
      columns.oldest[f] = Math.min(...components.map((component) => columns.oldest[component] ?? Number.NaN));
    }
  }

  #componentsOf(f: number): readonly number[] {
    return this.#rules.components.get(f) ?? [];
  }

  #feed(f: number): Feed {
    const feed = this.#feeds[f];
    if (feed === undefined) throw new RangeError(`no feed ${f}; the catalog has ${this.#feeds.length}`);
    return feed;
  }
}

interface Rules extends MedianRules {
  /** 1 for derived feeds. */
  readonly derived: Uint8Array;
  /** Derived feeds, each after those it is made from. */
  readonly derivedInOrder: readonly number[];
  readonly components: ReadonlyMap<number, readonly number[]>;
}

function rulesOf(feeds: readonly Feed[]): Rules {
  const places = new Map(feeds.map(({ symbol }, f) => [symbol, f]));
  const medians = feeds.map(({ method }) => (method.kind === "median" ? method : undefined));
  const components = new Map<number, readonly number[]>();
  feeds.forEach(({ method }, f) => {
    if (method.kind !== "median")
      components.set(
        f,
        method.of.map((symbol) => places.get(symbol) ?? -1),
      );
  });
  const most = Math.max(1, ...medians.map((method) => method?.sources.length ?? 0));
  return {
    derived: Uint8Array.from(medians, (method) => (method === undefined ? 1 : 0)),
    derivedInOrder: inOrder(components),
    components,
    maxAge: Float64Array.from(feeds, ({ maxInputAge }) => maxInputAge * 1000),
    minSources: Uint8Array.from(medians, (method) => method?.minSources ?? 0),
    relative: Uint8Array.from(medians, (method) => (method?.maxSpread.kind === "relative" ? 1 : 0)),
    spread: BigInt64Array.from(medians, (method) =>
      method?.maxSpread.kind === "relative" ? method.maxSpread.millionths : (method?.maxSpread.units ?? 0n),
    ),
    sorted: new BigInt64Array(most),
    times: new Float64Array(most),
  };
}

/** Derived feeds, each after those it is made from; the catalog has no circles. */
function inOrder(components: ReadonlyMap<number, readonly number[]>): number[] {
  const ordered = new Set<number>();
  const visit = (f: number): void => {
    const parts = components.get(f);
    if (parts === undefined || ordered.has(f)) return;
    parts.forEach(visit);
    ordered.add(f);
  };
  for (const f of components.keys()) visit(f);
  return [...ordered];
}
