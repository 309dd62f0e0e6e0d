import type { Decimal } from "../../decimal.ts";
import type { PricePath } from "./price-path.ts";
import { Random, seedOf } from "./random.ts";

/** A price that goes its own way. */
export interface RandomWalkOptions {
  readonly symbol: string;
  readonly seed: number;
  /** Unix milliseconds of the first price. */
  readonly start: number;
  readonly price: Decimal;
  /** Largest of the four equally likely parts of each step, in billionths of the price. */
  readonly volatility: number;
  /** Milliseconds from one price to the next; 1000 by default. */
  readonly step?: number;
}

/**
 * A random walk in whole numbers: each step moves the price by the sum of four even draws, which is nearly normal. The
 * same seed gives the same path on every machine.
 */
export function randomWalk(options: RandomWalkOptions): PricePath {
  const { symbol, seed, start, price, volatility, step = 1000 } = options;
  const begin = () => ({ index: 0, units: price.units, random: new Random(seedOf(seed, symbol)) });
  let walk = begin();
  return {
    symbol,
    at: (time) => {
      const index = Math.floor((time - start) / step);
      if (index < 0) return null;
      if (index < walk.index) walk = begin(); // asked for the past: walk again, the way is the same
      for (; walk.index < index; walk.index++) walk.units = moved(walk.units, walk.random, volatility);
      return { price: { units: walk.units, scale: price.scale }, time: start + index * step };
    },
  };
}

function moved(units: bigint, random: Random, volatility: number): bigint {
  let billionths = 0;
  for (let draw = 0; draw < 4; draw++) billionths += random.around(volatility);
  const next = units + (units * BigInt(billionths)) / 1_000_000_000n;
  return next > 0n ? next : units;
}
