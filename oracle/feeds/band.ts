import { formatUnits, parseDecimal, powerOfTen } from "../decimal.ts";

/**
 * How far a value may be from a reference: a share of the reference in millionths (`1%` is 10,000), or a fixed
 * distance in the feed's own units (at its decimals).
 */
export type Band =
  | { readonly kind: "relative"; readonly millionths: bigint }
  | { readonly kind: "absolute"; readonly units: bigint };

const MILLION = 1_000_000n;

/**
 * Reads `0.5%` (at most four digits after the point) or `150.25` (at most the feed's decimals).
 * @throws RangeError with what was expected
 */
export function parseBand(text: string, decimals: number): Band {
  const relative = text.endsWith("%");
  const digits = relative ? 4 : decimals;
  const decimal = parseDecimal(relative ? text.slice(0, -1) : text);
  if (decimal.units <= 0n) throw new RangeError(`expected a band above zero, saw "${text}"`);
  if (decimal.scale > digits) {
    throw new RangeError(
      `"${text}" has ${decimal.scale} digits after the point; here at most ${digits} count`,
    );
  }
  const units = decimal.units * powerOfTen(digits - decimal.scale);
  return relative ? { kind: "relative", millionths: units } : { kind: "absolute", units };
}

/** Whether `value` is further than the band from `reference`. Exact: nothing is rounded, the limit itself is inside. */
export function isBeyond(band: Band, value: bigint, reference: bigint): boolean {
  const distance = value < reference ? reference - value : value - reference;
  return band.kind === "absolute"
    ? distance > band.units
    : distance * MILLION > band.millionths * (reference < 0n ? -reference : reference);
}

/** Whether the first band is wider than the second wherever both can be compared; false where their kinds differ. */
export function isWider(band: Band, than: Band): boolean {
  return band.kind === "absolute"
    ? than.kind === "absolute" && band.units > than.units
    : than.kind === "relative" && band.millionths > than.millionths;
}

/** A band in the two numbers that signers agree by: a share in millionths, and a least distance in the feed's units. */
export function bandNumbers(band: Band): { readonly perMillion: number; readonly atLeast: bigint } {
  return band.kind === "relative"
    ? { perMillion: Number(band.millionths), atLeast: 0n }
    : { perMillion: 0, atLeast: band.units };
}

/** A band as `parseBand` reads it, in one spelling for equal bands: `0.5%`, `150.25`. */
export function formatBand(band: Band, decimals: number): string {
  return band.kind === "relative"
    ? `${withoutZeros(formatUnits(band.millionths, 4))}%`
    : withoutZeros(formatUnits(band.units, decimals));
}

function withoutZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
