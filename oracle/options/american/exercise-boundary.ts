import { normalCdf } from "../normal/normal-cdf.ts";
import type { Quadrature } from "../quadrature/gauss-legendre.ts";
import { integrate } from "../quadrature/integrate.ts";
import type { VanillaTerms } from "../terms.ts";
import { criticalPrice } from "./critical-price.ts";
import { quadraticExponent } from "./quadratic-exponent.ts";

const NODES = 24;
const MAX_ITERATIONS = 60;

/**
 * The spot price at which an American put is exercised, as a function of the time that is left, for times up to
 * `timeToExpiry`.
 *
 * Kept as a Chebyshev interpolation of log²(B(τ)/B(0)) in √τ, in which it is smooth, and found by iterating the
 * integral equation that says that the put leaves its payoff smoothly (the paper's fixed point system B).
 *
 * Source: L. Andersen, M. Lake & D. Offengenden, "High-performance American option pricing", J. Computational Finance
 * 20 (2016) 39–87.
 */
export function exerciseBoundary(terms: VanillaTerms, rule: Quadrature): (timeLeft: number) => number {
  const { strike, rate, dividendYield, volatility, timeToExpiry } = terms;
  const atExpiry = strike * Math.min(1, dividendYield > 0 ? rate / dividendYield : 1);
  const rootTime = Math.sqrt(timeToExpiry);
  const nodes = Array.from({ length: NODES + 1 }, (_, i) => Math.cos((Math.PI * i) / NODES));
  const times = nodes.map((node) => (timeToExpiry * (1 + node) * (1 + node)) / 4);

  // The last node is at expiry, where the boundary is known.
  let heights = times.map((time) => {
    if (time === 0) return 0;
    const shorter = { ...terms, timeToExpiry: time };
    return Math.log(criticalPrice(shorter, quadraticExponent(shorter).exponent) / atExpiry) ** 2;
  });
  const boundary = (time: number) => {
    const height = interpolate(nodes, heights, (2 * Math.sqrt(time)) / rootTime - 1);
    return atExpiry * Math.exp(-Math.sqrt(Math.max(height, 0)));
  };

  const carry = rate - dividendYield;
  const improved = (time: number, now: number) => {
    const deviation = volatility * Math.sqrt(time);
    const last = (Math.log(now / strike) + carry * time) / deviation - deviation / 2;
    // time − t = time·sin²θ makes both √t and √(time − t) smooth.
    const sum = (growth: number, high: number) =>
      integrate(rule, 0, Math.PI / 2, (angle) => {
        const shift = deviation * Math.sin(angle);
        const [passed, earlier] = [time * Math.sin(angle) ** 2, time * Math.cos(angle) ** 2];
        const d = (Math.log(now / boundary(earlier)) + carry * passed) / shift + (high - 0.5) * shift;
        return growth * Math.exp(growth * earlier) * normalCdf(d) * time * Math.sin(2 * angle);
      });
    const above = normalCdf(last) + sum(rate, 0);
    const below = normalCdf(last + deviation) + sum(dividendYield, 1);
    return strike * Math.exp(-carry * time) * (above / below);
  };

  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const next = times.map((time) =>
      time === 0 ? 0 : Math.log(Math.min(improved(time, boundary(time)) / atExpiry, 1)) ** 2,
    );
    const change = Math.max(...next.map((height, i) => Math.abs(height - (heights[i] ?? 0))));
    heights = next;
    if (change < 1e-9) break;
  }
  return boundary;
}

/** The polynomial through values at Chebyshev's extrema, by the barycentric formula (Berrut & Trefethen, 2004). */
function interpolate(nodes: readonly number[], values: readonly number[], x: number): number {
  let [above, below] = [0, 0];
  for (let i = 0; i < nodes.length; i++) {
    const distance = x - (nodes[i] ?? 0);
    const value = values[i] ?? 0;
    if (distance === 0) return value;
    const weight = ((i % 2 === 0 ? 1 : -1) * (i === 0 || i === nodes.length - 1 ? 0.5 : 1)) / distance;
    above += weight * value;
    below += weight;
  }
  return above / below;
}
