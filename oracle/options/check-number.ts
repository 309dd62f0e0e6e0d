/**
 * Refuses a number that a formula would turn into NaN or nonsense.
 *
 * @throws RangeError naming the field, what it must be and what it is
 */
export function checkNumber(
  name: string,
  value: number,
  domain: "finite" | "positive" | "not negative" | "positive integer",
): void {
  const fits =
    domain === "finite"
      ? Number.isFinite(value)
      : domain === "positive"
        ? value > 0 && value < Infinity
        : domain === "not negative"
          ? value >= 0 && value < Infinity
          : Number.isSafeInteger(value) && value > 0;
  if (!fits) {
    const wanted =
      domain === "finite" ? "a finite number" : domain === "not negative" ? "0 or more, and finite" : domain;
    throw new RangeError(`${name} must be ${wanted}, got ${value}.`);
  }
}
