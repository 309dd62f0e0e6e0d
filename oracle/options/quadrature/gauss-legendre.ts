/** Nodes on (−1, 1) and weights of a quadrature. */
export interface Quadrature {
  nodes: readonly number[];
  weights: readonly number[];
}

/**
 * The Gauss–Legendre rule with `count` nodes, ascending: exact for polynomials up to degree 2·count − 1.
 *
 * Source: Newton's method on the Legendre polynomial from the guess cos(π(i − ¼)/(n + ½)) (Abramowitz & Stegun
 * 22.16.6 and 25.4.29).
 */
export function gaussLegendre(count: number): Quadrature {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = count; i >= 1; i--) {
    let x = Math.cos((Math.PI * (i - 0.25)) / (count + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 8; iteration++) {
      let previous = 1;
      let value = x;
      for (let degree = 2; degree <= count; degree++) {
        [previous, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * previous) / degree];
      }
      slope = (count * (x * value - previous)) / (x * x - 1);
      x -= value / slope;
    }
    nodes.push(x);
    weights.push(2 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}
