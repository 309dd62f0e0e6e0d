import type { Pair } from "../feeds/unit.ts";
import type { JsonValue } from "./json.ts";
import type { Ticker, Trade } from "./quote.ts";
import type { Reading } from "./read-error.ts";

/** A venue that we can read: where it is, what it allows, and what its answers mean. */
export interface Venue {
  /** As catalogs write it: `bitflyer`. */
  readonly id: string;
  readonly name: string;
  /** Scheme and host of its public API. */
  readonly origin: string;
  readonly limit: RateLimit;
  /** The venue's code of a pair on its spot market: `btc_jpy`. */
  readonly code: (pair: Pair) => string;
  readonly ticker: Endpoint<Ticker>;
  readonly trades: Endpoint<Trade>;
}

/** What a venue allows one address; half of it is used. */
export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
  /** False where the venue publishes no figure for its public API and we set ourselves one. */
  readonly documented: boolean;
}

/** One kind of request. */
export interface Endpoint<T> {
  /** How many of the limit's requests one of it counts as. */
  readonly cost: (pairs: number) => number;
  /** Whether one request can ask for several pairs. */
  readonly many: boolean;
  /** Path and query for the codes: one of them where `many` is false. */
  readonly path: (codes: readonly string[]) => string;
  /**
   * Reads the answer to a request for the codes.
   * @throws ReadError where it gives nothing at all
   */
  readonly read: (body: JsonValue, codes: readonly string[]) => Reading<T>;
}
