import type { Clock } from "../clock.ts";
import type { Catalog } from "../feeds/catalog.ts";
import { CatalogError, type CatalogProblem } from "../feeds/catalog-error.ts";
import { type Reach, urlObjection } from "./address-rules.ts";
import { type Fetcher, type FetchProblem } from "./fetch-text.ts";
import { JsonError, parseJson } from "./json.ts";
import { inMaintenance } from "./maintenance.ts";
import { type Explanation, type Observation, Observer, type QuoteRefusal } from "./observer.ts";
import { type Provenance } from "./quote.ts";
import { MARK_HEADER, markOf } from "./mark.ts";
import { RateLimiter } from "./rate-limiter.ts";
import { ReadError, type ReadProblem, type Refusal } from "./read-error.ts";
import { retryAt } from "./retry-after.ts";
import { type Origins, prepareSources, type Source } from "./source.ts";
import { VENUES } from "./venues/all.ts";

/** What came of asking a source once. */
export type SourceReport =
  | {
      readonly kind: "quotes";
      readonly source: string;
      readonly venue: string;
      /** How many quotes were taken. */
      readonly taken: number;
      /** Entries of the answer that could not be read, and quotes that were read and not taken. */
      readonly refusals: readonly Refusal[];
      readonly notTaken: readonly QuoteRefusal[];
      /** Fields that this source has never had before; each is reported once. */
      readonly newFields: readonly string[];
    }
  | {
      /** Not asked: the budget of requests is spent, or the venue asked to be left alone. */
      readonly kind: "waiting";
      readonly source: string;
      readonly venue: string;
      /** Milliseconds until it can be asked. */
      readonly wait: number;
    }
  | {
      readonly kind: "failed";
      readonly source: string;
      readonly venue: string;
      readonly problem: SourceProblem;
      /** What happened, with what was expected. */
      readonly message: string;
      /** True in a known maintenance window, or where the venue says that it is in one: no alert. */
      readonly expected: boolean;
    };

/** Why a source gave nothing. */
export type SourceProblem =
  | FetchProblem
  | ReadProblem
  /** Not JSON. */
  | "not-json"
  /** A simulated answer where a real one was wanted, or the other way round. */
  | "wrong-mark"
  /** A field the reader does not know, where the market was told to take none (`strictFields`). */
  | "unknown-field";

/** How a market is set up. */
export interface MarketOptions {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly fetcher: Fetcher;
  /** What all prices are. Only `live` asks the public; the others ask this machine and nothing else. */
  readonly provenance: Provenance;
  /** Where to ask instead of the venues' own addresses; needed unless `live`. */
  readonly origins?: Origins;
  /** Shared by everything that leaves from one address. */
  readonly limiter?: RateLimiter;
  /** Seconds from tick to tick; 10 by default. */
  readonly tickInterval?: number;
  /** Refuse an answer that has a field its reader does not know, instead of reporting the field; for checks before release. */
  readonly strictFields?: boolean;
}

/** Milliseconds for one answer, from looking the name up to the last byte. */
const ANSWER_TIMEOUT = 4000;

/** Bytes of one answer. The largest that is asked for, all tickers of Binance, is a tenth of this. */
const MAX_ANSWER = 4 * 1024 * 1024;

/** A signer's view of the market: asks the sources of a catalog when they are due, and observes. */
export class Market {
  readonly #options: MarketOptions;
  readonly #sources: readonly Source[];
  readonly #reach: Reach;
  readonly #limiter: RateLimiter;
  readonly #observer: Observer;
  readonly #due = new Map<string, number>();
  readonly #busy = new Set<string>();
  readonly #fields = new Map<string, Set<string>>();

  /** @throws CatalogError where a source cannot be asked as it is written, or must not be asked at its address */
  constructor(options: MarketOptions) {
    const { catalog, origins, provenance, tickInterval } = options;
    this.#options = options;
    this.#sources = prepareSources(catalog.sources, VENUES, origins);
    this.#reach = provenance === "live" ? "public" : "loopback";
    const problems = this.#sources.flatMap(({ id, url }): CatalogProblem[] => {
      const objection = urlObjection(new URL(url), this.#reach);
      return objection === null ? [] : [{ path: `source ${id}`, message: `${url}: ${objection}` }];
    });
    if (problems.length > 0) throw new CatalogError(problems);
    this.#limiter = options.limiter ?? new RateLimiter();
    this.#observer = new Observer({
      feeds: catalog.feeds,
      provenance,
      ...(tickInterval === undefined ? {} : { tickInterval }),
    });
  }

  /** Asks every source that is due, all at once, and takes in what they say. Never throws for what a venue does. */
  async poll(signal?: AbortSignal): Promise<readonly SourceReport[]> {
    const now = this.#options.clock.monotonic();
    const due = this.#sources.filter(({ id }) => (this.#due.get(id) ?? 0) <= now && !this.#busy.has(id));
    return Promise.all(due.map((source) => this.#ask(source, now, signal)));
  }

  /**
   * Asks and takes in for ever, each source at its own pace.
   * @param report told what came of every request
   * @throws the signal's reason once it aborts
   */
  async run(report: (report: SourceReport) => void, signal: AbortSignal): Promise<never> {
    for (;;) {
      for (const result of await this.poll(signal)) report(result);
      await this.#options.clock.sleep(this.#untilDue(), signal);
    }
  }

  /**
   * Prices every feed as of a tick (Unix seconds), from what has been heard.
   */
  observe(tick: number): Observation {
    return this.#observer.observe(tick);
  }

  /** How one feed of an observation came about. */
  explain(observation: Observation, feed: number): Explanation {
    return this.#observer.explain(observation, feed);
  }

  #untilDue(): number {
    const now = this.#options.clock.monotonic();
    const next = Math.min(...this.#sources.map(({ id }) => this.#due.get(id) ?? 0));
    return Math.max(50, next - now);
  }

  async #ask(source: Source, now: number, signal: AbortSignal | undefined): Promise<SourceReport> {
    const { id, venue } = source;
    const until = this.#limiter.take(venue, source.limit, source.cost, now, source);
    if (until !== null) {
      this.#due.set(id, until);
      return { kind: "waiting", source: id, venue, wait: until - now };
    }
    this.#busy.add(id);
    this.#due.set(id, now + source.everySeconds * 1000);
    try {
      return await this.#fetchAndTake(source, now, signal);
    } finally {
      this.#busy.delete(id);
    }
  }

  async #fetchAndTake(source: Source, now: number, signal: AbortSignal | undefined): Promise<SourceReport> {
    const { clock, fetcher, provenance } = this.#options;
    const limits = { reach: this.#reach, timeoutMs: ANSWER_TIMEOUT, maxBytes: MAX_ANSWER, signal };
    const result = await fetcher.fetchText({ url: source.url, ...limits });
    if (!result.ok) {
      if (result.problem === "rate-limited" || result.retryAfter !== null) {
        const wall = clock.wall();
        this.#limiter.pause(source.venue, now + retryAt(result.retryAfter, wall) - wall);
      }
      return this.#failed(source, result.problem, result.message);
    }
    const mark = markOf(result.header(MARK_HEADER));
    if (mark !== provenance) {
      return this.#failed(
        source,
        "wrong-mark",
        `${source.id}: expected ${provenance} prices, saw ${mark} ones`,
      );
    }
    const receivedAt = clock.wall();
    try {
      const reading = source.read(parseJson(result.body), { receivedAt, provenance });
      const newFields = this.#newFields(source.id, reading.unknownFields);
      if (newFields.length > 0 && this.#options.strictFields === true) {
        return this.#failed(
          source,
          "unknown-field",
          `${source.id}: ${newFields.join(", ")} is new to its reader; check what it means and add it to the reader`,
        );
      }
      const notTaken = this.#observer.accept(reading.items, receivedAt);
      const taken = reading.items.length - notTaken.length;
      return {
        kind: "quotes",
        source: source.id,
        venue: source.venue,
        taken,
        refusals: reading.refusals,
        notTaken,
        newFields,
      };
    } catch (error) {
      if (error instanceof ReadError) return this.#failed(source, error.problem, error.message);
      if (error instanceof JsonError)
        return this.#failed(source, "not-json", `${source.id}: ${error.message}`);
      throw error;
    }
  }

  #failed(source: Source, problem: SourceProblem, message: string): SourceReport {
    const expected = problem === "maintenance" || inMaintenance(source.venue, this.#options.clock.wall());
    return { kind: "failed", source: source.id, venue: source.venue, problem, message, expected };
  }

  #newFields(source: string, fields: readonly string[]): readonly string[] {
    const known = this.#fields.get(source) ?? new Set();
    const fresh = fields.filter((field) => !known.has(field));
    this.#fields.set(source, new Set([...known, ...fresh]));
    return fresh;
  }
}
