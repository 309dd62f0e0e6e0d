import type { Band } from "./band.ts";
import type { Calendar } from "./calendar.ts";
import type { Method } from "./method.ts";
import type { Unit } from "./unit.ts";

/** Everything that is published, and from what. Read by `readCatalog`, which has checked all of it. */
export interface Catalog {
  /** In the order of their numbers. */
  readonly bundles: readonly Bundle[];
  /** All feeds, bundle by bundle, in the order of their positions. */
  readonly feeds: readonly Feed[];
  readonly sources: readonly SourceDefinition[];
}

/** Feeds that are published together. */
export interface Bundle {
  /** Below 2^24. */
  readonly bundle: number;
  /** When it is published; null for always. */
  readonly calendar: Calendar | null;
  readonly calendarName: string | null;
  /** 1 to 256, by position. */
  readonly feeds: readonly Feed[];
}

/** Something with a price. Symbol, decimals, method and maximum input age never change: another method is another feed. */
export interface Feed {
  /** `bundle << 8 | position`, as on chain. */
  readonly id: number;
  readonly symbol: string;
  readonly unit: Unit;
  /** A price of 1 is written as 10^decimals; 0 to 18. */
  readonly decimals: number;
  readonly method: Method;
  /** How the price is made, in words; on chain stands its hash. */
  readonly methodText: string;
  /** keccak-256 of `methodText`: 32 bytes. */
  readonly methodHash: Uint8Array;
  /** The oldest input a price may rest on, in seconds. */
  readonly maxInputAge: number;
  /** How far the signers' observations may lie apart. */
  readonly tolerance: Band;
  /** How far a decided price may lie from a signer's own observation before it refuses to sign. */
  readonly hardBand: Band;
  /** False for nearly everything; true for rates and spreads, which may be zero or less. */
  readonly mayBeNegative: boolean;
}

/** One endpoint of one venue that is asked again and again, and gives many quotes. */
export type SourceDefinition = VenueSourceDefinition | JsonSourceDefinition;

/** A venue that has a reader of its own (`oracle/market/venues/`). */
export interface VenueSourceDefinition {
  readonly kind: "venue";
  readonly id: string;
  readonly venue: string;
  /** `trades` quotes the newest trade: for venues whose ticker carries no time. */
  readonly endpoint: "ticker" | "trades";
  /** Symbols such as `BTC/JPY`. */
  readonly pairs: readonly string[];
  /** Seconds from one request to the next. */
  readonly everySeconds: number;
}

/** Any other endpoint that answers in JSON. */
export interface JsonSourceDefinition {
  readonly kind: "json";
  readonly id: string;
  /** Who answers: sources of one venue share its budget of requests. */
  readonly venue: string;
  readonly url: string;
  /** What the venue allows; half of it is used. */
  readonly requestsPerMinute: number;
  readonly everySeconds: number;
  readonly quotes: readonly JsonQuoteDefinition[];
}

/** Where one quote stands in a JSON answer. */
export interface JsonQuoteDefinition {
  readonly symbol: string;
  /** JSON pointer (RFC 6901) of the price: a number or a text. */
  readonly price: string;
  /** For a price written as a whole number: how many of its digits stand after the point. Absent: as written. */
  readonly decimals?: number | undefined;
  /** JSON pointer of the venue's time. Absent: the time of receipt counts, and the quote says so. */
  readonly time?: string | undefined;
  readonly timeFormat?:
    "iso" | "unix-seconds" | "unix-milliseconds" | "unix-microseconds" | "date" | undefined;
}
