import type { DiscreteAsianTerms } from "./asian-terms.ts";
import { averagePrice } from "./average-price.ts";
import { checkDiscreteAsian } from "./check-discrete-asian.ts";
import { remainingAverage } from "./remaining-average.ts";
import { vecerEquation } from "./vecer-equation.ts";

/**
 * Price of an option on the arithmetic average of fixings by Večeř's equation, to about 1e-6 of spot: no
 * distribution is assumed for the average.
 *
 * Source: see `vecerEquation`; the holding falls by one fixing's share at each fixing.
 *
 * @throws RangeError if a field is out of its domain, or volatility·√(last fixing) is above 1.5
 */
export function vecerDiscrete(terms: DiscreteAsianTerms): number {
  checkDiscreteAsian(terms);
  const { type, spot, rate, dividendYield, volatility, fixingTimes, timeToExpiry } = terms;
  const rest = remainingAverage(terms);
  const discount = Math.exp(-rate * timeToExpiry);
  const count = Math.max(fixingTimes.length, 1);
  const growths = fixingTimes.map((time) => Math.exp((rate - dividendYield) * time) / count);
  const mean = growths.reduce((total, growth) => total + spot * growth, 0);
  const lastFixing = fixingTimes.at(-1) ?? 0;
  if (rest.strike <= 0 || volatility === 0 || lastFixing === 0)
    return discount * averagePrice(type, rest, mean, 0);

  // After the last fixing there is nothing to hold, and the equation stands still.
  const times = [...new Set([0, ...fixingTimes])];
  let held = 0;
  const heldUntil = fixingTimes
    .map((_, index) => (held += growths[fixingTimes.length - 1 - index] ?? 0))
    .reverse();
  const holding = (time: number) =>
    discount * (heldUntil[fixingTimes.findIndex((fixing) => fixing > time)] ?? 0);
  const start = (discount * (mean - rest.strike)) / spot;
  const call = vecerEquation({ volatility, start, times, holding });
  return rest.share * spot * Math.max(type === "call" ? call : call - start, 0);
}
