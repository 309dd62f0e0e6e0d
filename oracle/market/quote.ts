import type { Decimal } from "../decimal.ts";

/** Where a price comes from in the end. Anything but `live` is shown with the price wherever it goes. */
export type Provenance = "live" | "simulated" | "replay";

/** What one venue said of one pair, with the time the venue said it. */
export interface Quote {
  /** Id of the source that brought it. */
  readonly source: string;
  readonly venue: string;
  /** Our name of the pair: `BTC/JPY`. */
  readonly symbol: string;
  readonly price: Decimal;
  /** Unix milliseconds: the venue's time; the time of receipt where the venue gives none. */
  readonly time: number;
  /** Whose time it is. A `received` time cannot show that a venue has frozen. */
  readonly timeFrom: "venue" | "received";
  readonly provenance: Provenance;
}

/** One trade, as a venue's list of trades has it. */
export interface Trade {
  /** The venue's number of it; null where the venue gives none (GMO Coin). */
  readonly id: string | null;
  readonly price: Decimal;
  readonly size: Decimal;
  /** Unix milliseconds, the venue's. */
  readonly time: number;
}

/** What a ticker says of one pair, in the venue's own code; `time` is null where it has none. */
export interface Ticker {
  readonly code: string;
  readonly price: Decimal;
  readonly time: number | null;
}
