/**
 * An exact decimal: `units` × 10^-`scale`. It is what was written, digit for digit: no JS number has touched it.
 * `1.10` is `{ units: 110n, scale: 2 }`.
 */
export interface Decimal {
  readonly units: bigint;
  /** Digits after the point, 0 to 40. */
  readonly scale: number;
}

/** Why a text is not a decimal that we take. */
export type DecimalProblem = "empty" | "not-a-decimal" | "too-many-digits";

/** A text that is not a decimal; the message quotes it, shortened. */
export class DecimalError extends Error {
  override readonly name = "DecimalError";
  readonly problem: DecimalProblem;

  constructor(problem: DecimalProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** More digits than any price or amount needs; fewer than it takes to make the arithmetic slow. */
export const MAX_DIGITS = 40;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

const POWERS_OF_TEN = Array.from({ length: 4 * MAX_DIGITS + 1 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10^`exponent` for 0 to 160. */
export function powerOfTen(exponent: number): bigint {
  const power = POWERS_OF_TEN[exponent];
  if (power === undefined) throw new RangeError(`10^${exponent} is outside 10^0 to 10^${4 * MAX_DIGITS}`);
  return power;
}

/**
 * Reads a decimal exactly: `123`, `-0.5`, `1e-7`, `4.2E3`. The exponent is carried out, so `4.2E3` is 4200 at scale 0.
 * @throws DecimalError for an empty text, for NaN, infinities, signs other than a leading minus, blanks, separators,
 *   a point without digits on both sides, and for more than 40 digits once the exponent is carried out
 */
export function parseDecimal(text: string): Decimal {
  if (text === "") throw new DecimalError("empty", "expected a decimal, saw an empty text");
  const match = text.length > 200 ? null : DECIMAL.exec(text);
  if (match === null) throw new DecimalError("not-a-decimal", `expected a decimal, saw ${quoted(text)}`);
  const [, sign = "", whole = "", fraction = "", exponentText = "0"] = match;
  const exponent = exponentText.length > 4 ? Number.NaN : Number(exponentText);
  const scale = fraction.length - exponent;
  const digits = (whole + fraction).replace(/^0+/, "").length;
  const needed = Math.max(digits - Math.min(scale, 0), scale);
  if (!(needed <= MAX_DIGITS)) {
    throw new DecimalError("too-many-digits", `${quoted(text)} needs more than ${MAX_DIGITS} digits`);
  }
  const magnitude = BigInt(whole + fraction) * (scale < 0 ? powerOfTen(-scale) : 1n);
  return { units: sign === "-" ? -magnitude : magnitude, scale: Math.max(scale, 0) };
}

/**
 * A decimal as an integer at `decimals` digits after the point. Digits beyond them are rounded half to even, so that
 * rounding has no direction: 0.5 → 0, 1.5 → 2, 2.5 → 2.
 */
export function toUnits(decimal: Decimal, decimals: number): bigint {
  const excess = decimal.scale - decimals;
  if (excess === 0) return decimal.units;
  return excess < 0 ? decimal.units * powerOfTen(-excess) : divideHalfEven(decimal.units, powerOfTen(excess));
}

/** `numerator / denominator` to the nearest integer, halves to even. The denominator is not zero. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const n = numerator < 0n ? -numerator : numerator;
  const d = denominator < 0n ? -denominator : denominator;
  const floor = n / d;
  const twice = (n - floor * d) * 2n;
  const nearest = twice > d || (twice === d && (floor & 1n) === 1n) ? floor + 1n : floor;
  return negative ? -nearest : nearest;
}

/** `units` × 10^-`decimals` as text, with exactly `decimals` digits after the point: `formatUnits(110n, 2)` is `1.10`. */
export function formatUnits(units: bigint, decimals: number): string {
  const sign = units < 0n ? "-" : "";
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, "0");
  const point = digits.length - decimals;
  return sign + digits.slice(0, point) + (decimals === 0 ? "" : `.${digits.slice(point)}`);
}

/** A decimal as text, as it was written: `1.10` stays `1.10`; exponents are carried out. */
export function formatDecimal(decimal: Decimal): string {
  return formatUnits(decimal.units, decimal.scale);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
