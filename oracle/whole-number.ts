import { UsageError } from "./usage-error.ts";

/**
 * The value of an option that takes a whole number.
 *
 * @param option as it is written, `--port`
 * @throws UsageError where the text is no whole number from `least` to `most`
 */
export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option} takes a whole number from ${least} to ${most}, got ${text}`);
}
