/** ∫₀¹ exp(yu) du = (exp(y) − 1)/y: the average of what grows by `y` in all. */
export function growthAverage(y: number): number {
  return y === 0 ? 1 : Math.expm1(y) / y;
}
