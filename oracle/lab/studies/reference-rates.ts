import { toUnits } from "../../decimal.ts";
import type { Trade } from "../../market/quote.ts";

/** An exact number. The denominator is above 0. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** A window of time that ends, exclusively, at the time of the rate. */
export interface RateWindow {
  /** Unix milliseconds. */
  readonly end: number;
  /** Milliseconds. */
  readonly length: number;
  /** How many equal parts it is cut into. */
  readonly partitions: number;
}

/** Digits after the point at which sizes are added up: more than any venue gives. */
const SIZE_DECIMALS = 12;

/**
 * The CME CF Bitcoin Reference Rate's formula: the mean of the volume-weighted medians of equal parts of the window. A part
 * without trades is left out.
 *
 * Source: CME CF Cryptocurrency Reference Rates, methodology guide (BRR: 12 parts of the hour to 16:00 London).
 * @param decimals of the result's numerator over its denominator
 * @returns null where there is no trade in the window
 */
export function brr(trades: readonly Trade[], window: RateWindow, decimals: number): Rational | null {
  const medians = partitionMedians(trades, window, decimals).filter((median) => median !== null);
  if (medians.length === 0) return null;
  // Medians are halves at worst: two of them make a whole number.
  const twice = medians.reduce((sum, { numerator, denominator }) => sum + (2n * numerator) / denominator, 0n);
  return { numerator: twice, denominator: 2n * BigInt(medians.length) };
}

/** The volume-weighted median of each part, the earliest first; null for a part without trades. */
export function partitionMedians(
  trades: readonly Trade[],
  { end, length, partitions }: RateWindow,
  decimals: number,
): readonly (Rational | null)[] {
  const parts = Array.from({ length: partitions }, (): Trade[] => []);
  for (const trade of inWindow(trades, end, length)) {
    parts[Math.floor(((trade.time - (end - length)) * partitions) / length)]?.push(trade);
  }
  return parts.map((part) => volumeWeightedMedian(part, decimals));
}

/**
 * The price at which half of the volume is below and half above; where that falls exactly between two prices, their mean.
 * @returns null for no volume
 */
export function volumeWeightedMedian(trades: readonly Trade[], decimals: number): Rational | null {
  const sorted = trades
    .map(({ price, size }) => ({ price: toUnits(price, decimals), size: toUnits(size, SIZE_DECIMALS) }))
    .filter(({ size }) => size > 0n)
    .sort((a, b) => (a.price < b.price ? -1 : a.price > b.price ? 1 : 0));
  const total = sorted.reduce((sum, { size }) => sum + size, 0n);
  let below = 0n;
  for (const [i, { price, size }] of sorted.entries()) {
    below += size;
    if (2n * below === total) return { numerator: price + (sorted[i + 1]?.price ?? price), denominator: 2n };
    if (2n * below > total) return { numerator: price, denominator: 1n };
  }
  return null;
}

/** The volume-weighted mean of the window; null for no volume. */
export function vwap(
  trades: readonly Trade[],
  { end, length }: Omit<RateWindow, "partitions">,
  decimals: number,
): Rational | null {
  let [numerator, denominator] = [0n, 0n];
  for (const { price, size } of inWindow(trades, end, length)) {
    const volume = toUnits(size, SIZE_DECIMALS);
    numerator += toUnits(price, decimals) * volume;
    denominator += volume;
  }
  return denominator === 0n ? null : { numerator, denominator };
}

/** The newest trade of the window, of those of one time the last in the list; null where there is none. */
export function lastTrade(
  trades: readonly Trade[],
  { end, length }: Omit<RateWindow, "partitions">,
  decimals: number,
): Rational | null {
  let last: Trade | null = null;
  for (const trade of inWindow(trades, end, length)) if (trade.time >= (last?.time ?? 0)) last = trade;
  return last === null ? null : { numerator: toUnits(last.price, decimals), denominator: 1n };
}

/** A rational as a number of the feed's units. */
export function toNumber({ numerator, denominator }: Rational): number {
  // Six digits more than the units, before a float takes it: what a table shows.
  return Number((numerator * 1_000_000n) / denominator) / 1_000_000;
}

function inWindow(trades: readonly Trade[], end: number, length: number): readonly Trade[] {
  return trades.filter(({ time }) => time >= end - length && time < end);
}
