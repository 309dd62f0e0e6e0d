/**
 * exp(−x²/2) without the error of rounding x² first, which a tail would feel as x²/2 units in the last place.
 * The square is split into an exact part (x to the nearest 1/16) and a small remainder, after Cody's `CALERF`.
 */
export function expMinusHalfSquare(x: number): number {
  if (Math.abs(x) > 40) return 0;
  const coarse = Math.trunc(x * 16) / 16;
  return Math.exp(-0.5 * coarse * coarse) * Math.exp(-0.5 * (x - coarse) * (x + coarse));
}
