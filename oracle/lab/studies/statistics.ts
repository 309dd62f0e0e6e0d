/** What is said of a sample, in the units of its values. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  /** Of the sample: divided by count − 1; 0 for a single value. */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
  /** √(Σ x² / count). */
  readonly rootMeanSquare: number;
}

/**
 * Moments of a sample, added up in its order, so that the same sample gives the same bits.
 * @throws RangeError for an empty sample
 */
export function summary(values: ArrayLike<number>): Summary {
  const count = values.length;
  if (count === 0) throw new RangeError("a summary of 0 values was asked for; it needs 1 or more");
  let [sum, squares, least, most] = [0, 0, Infinity, -Infinity];
  for (let i = 0; i < count; i++) {
    const value = values[i] ?? 0;
    sum += value;
    squares += value * value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const mean = sum / count;
  let around = 0;
  for (let i = 0; i < count; i++) around += ((values[i] ?? 0) - mean) ** 2;
  return {
    count,
    mean,
    deviation: count === 1 ? 0 : Math.sqrt(around / (count - 1)),
    least,
    most,
    rootMeanSquare: Math.sqrt(squares / count),
  };
}

/**
 * Quantiles of a sample, each between the two nearest values in proportion.
 *
 * Source: R. Hyndman & Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996): their
 * definition 7, which R, NumPy and spreadsheets take by default.
 *
 * @param shares 0 to 1
 * @returns one for each of `shares`
 * @throws RangeError for an empty sample, or a share outside 0 to 1
 */
export function quantiles(values: ArrayLike<number>, shares: readonly number[]): number[] {
  if (values.length === 0) throw new RangeError("a quantile of 0 values was asked for; it needs 1 or more");
  const sorted = Float64Array.from(values).sort();
  return shares.map((share) => {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`a quantile is of 0 to 1, not of ${share}`);
    const place = (sorted.length - 1) * share;
    const below = Math.floor(place);
    const low = sorted[below] ?? 0;
    return low + (place - below) * ((sorted[below + 1] ?? low) - low);
  });
}

/** A number for a table: at most so many digits after the point, and never −0. */
export function rounded(value: number, digits: number): number {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? 0 : Number(text);
}
