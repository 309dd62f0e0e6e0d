/**
 * What every pricing function is told, in the words of the field.
 *
 * Pricing is research: models with estimated inputs, so it is done in floating point. Settlement is not: what a
 * holder is paid is computed in integers, on chain and wherever it is recomputed, and nothing here takes part in it.
 */
export interface Market {
  /** Price of the underlying now, above 0. */
  spot: number;
  /** Risk-free rate per year, continuously compounded: 0.05 is 5 %. May be negative. */
  rate: number;
  /** Yield of the underlying per year, continuously compounded; the foreign rate for a currency pair. May be negative. */
  dividendYield: number;
  /** Standard deviation of log returns per square root of a year, 0 or more: 0.6 is 60 %. */
  volatility: number;
}

export type OptionType = "call" | "put";

/** A European or American option on one underlying. */
export interface VanillaTerms extends Market {
  type: OptionType;
  /** In units of `spot`, above 0. */
  strike: number;
  /** In years, 0 or more. */
  timeToExpiry: number;
}
