import { normalPdf } from "../normal/normal-pdf.ts";
import { normalQuantile } from "../normal/normal-quantile.ts";
import { normalCdf } from "../normal/normal-cdf.ts";
import { normalisedBlack } from "./normalised-black.ts";
import { normalisedBlackComplement } from "./normalised-black-complement.ts";

const MAX_ITERATIONS = 128;

/**
 * The total volatility s = σ√T at which `normalisedBlack(x, s)` is `price`, for `x` ≤ 0 and
 * 0 < `price` < e^(x/2).
 *
 * Halley's iteration on the logarithm of the price, or of its distance from the upper bound, whichever is smaller;
 * both are nearly linear in a suitable power of s, so that three or four steps give all the digits a double has.
 * Every step stays inside the bracket known so far, or is replaced by a bisection.
 *
 * Source: P. Jäckel, "By implication", Wilmott (2006) and "Let's be rational", Wilmott (2015): the objective
 * functions and the first guesses on either side of the inflection point s = √(2|x|).
 */
export function impliedTotalVolatility(x: number, price: number): number {
  const bound = Math.exp(x / 2);
  const inflection = Math.sqrt(2 * Math.abs(x));
  const atInflection = inflection === 0 ? 0 : normalisedBlack(x, inflection);
  const fromBelow = price < 0.5 * bound;
  const rest = bound - price;
  let s: number;
  if (price < atInflection) {
    s = Math.abs(x) / Math.sqrt(Math.abs(x) / 2 + 2 * Math.log(atInflection / price));
  } else {
    const tail = (rest / (bound - atInflection)) * normalCdf(-inflection / 2);
    s = Math.max(-2 * normalQuantile(tail), price * 2.5, inflection);
  }
  let low = 0;
  let high = Infinity;
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const value = fromBelow ? normalisedBlack(x, s) : normalisedBlackComplement(x, s);
    const error = fromBelow ? Math.log(value / price) : -Math.log(value / rest);
    if (error < 0) low = s;
    else high = s;
    // Halley's step for the logarithm of a function whose slope's own logarithmic slope is `bend`.
    const slope = (normalPdf(x / s) * Math.exp((-s * s) / 8)) / value;
    const bend = ((x / s) * (x / s)) / s - s / 4 + (fromBelow ? -slope : slope);
    const newton = error / slope;
    let next = s - newton / Math.max(1 - 0.5 * newton * bend, 0.25);
    if (!(next > low && next < high))
      next = high === Infinity ? 2 * s : low === 0 ? high / 2 : Math.sqrt(low * high);
    if (Math.abs(next - s) <= Number.EPSILON * s) return next;
    s = next;
  }
  return s;
}
