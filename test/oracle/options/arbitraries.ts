import fc from "fast-check";

import type { Market, OptionType, VanillaTerms } from "../../../oracle/options/terms.ts";

/** Runs of a property. The seed is fixed: a run today is a run tomorrow. */
export const RUNS = { seed: 0x6e616b, numRuns: 300 };

export const real = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

const optionType: fc.Arbitrary<OptionType> = fc.constantFrom("call", "put");

const market: fc.Arbitrary<Market> = fc.record({
  spot: real(50, 200),
  rate: real(-0.03, 0.15),
  dividendYield: real(-0.03, 0.15),
  volatility: real(0.05, 1.2),
});

export const vanilla: fc.Arbitrary<VanillaTerms> = fc
  .tuple(market, fc.record({ type: optionType, strike: real(50, 200), timeToExpiry: real(0.05, 3) }))
  .map(([where, what]) => ({ ...where, ...what }));
