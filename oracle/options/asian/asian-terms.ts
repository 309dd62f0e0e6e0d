import type { Market, OptionType } from "../terms.ts";

/** An option on the average price at a list of fixings, against a fixed strike. */
export interface DiscreteAsianTerms extends Market {
  type: OptionType;
  /** In units of `spot`, above 0. */
  strike: number;
  /** Years from now to each fixing still to come, ascending, 0 or more. */
  fixingTimes: readonly number[];
  /** Fixings already known, in units of `spot`; each counts as much as one to come. */
  pastFixings?: readonly number[];
  /** Years to payment, not before the last fixing. */
  timeToExpiry: number;
}

/** An option on the average price over a period up to expiry, against a fixed strike. */
export interface ContinuousAsianTerms extends Market {
  type: OptionType;
  /** In units of `spot`, above 0. */
  strike: number;
  /** Years from now to expiry, above 0. The rest of the averaging period, or all of it. */
  timeToExpiry: number;
  /** Years of the averaging period already past; 0 if left out. */
  elapsedTime?: number;
  /** Average over the elapsed part; needed if there is one. */
  currentAverage?: number;
}
