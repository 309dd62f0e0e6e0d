/** The polynomial with these coefficients, constant term first, at `x`, by Horner's rule. */
export function horner(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let index = coefficients.length - 1; index >= 0; index--)
    value = value * x + (coefficients[index] ?? 0);
  return value;
}
