import type { Quadrature } from "./gauss-legendre.ts";

/** ∫ `f` from `from` to `to` by a rule on (−1, 1). */
export function integrate(rule: Quadrature, from: number, to: number, f: (x: number) => number): number {
  const half = 0.5 * (to - from);
  const middle = 0.5 * (to + from);
  let sum = 0;
  for (const [index, node] of rule.nodes.entries())
    sum += (rule.weights[index] ?? 0) * f(middle + half * node);
  return half * sum;
}
