import type { PriceFile } from "../../market/simulated/price-file.ts";
import { toUnits } from "../../decimal.ts";
import { FIXING_PERIOD } from "../../signer/agreement/timing.ts";
import { UsageError } from "../../usage-error.ts";

/** Prices up to 2^46 have room for options and shocks of hundreds of times as much below the 2^55 of a price on chain. */
const ROOM = 2n ** 46n;
/** Of a feed. */
const MOST_DECIMALS = 18;

/**
 * Seconds from tick to tick where a file is replayed: the file's step; steps of more than a fixing period skip the fixings
 * between.
 * @throws UsageError where the step does not divide the fixing period
 */
export function tickOf({ cadence }: Pick<PriceFile, "cadence">): number {
  if (cadence.kind === "trades") return 10;
  if (cadence.kind !== "bars") return FIXING_PERIOD;
  const step = cadence.stepMs / 1000;
  if (step >= FIXING_PERIOD) return FIXING_PERIOD;
  if (Number.isInteger(step) && FIXING_PERIOD % step === 0) return step;
  throw new UsageError(
    `the file has a price every ${step} s, but ticks must divide the fixing period of ${FIXING_PERIOD} s; bring prices every ${nearestDivisor(step)} s`,
  );
}

/**
 * When signers observe: at every step of bars, in gaps too; whenever a rate comes to be known; every ten seconds of trades.
 * Always at a multiple of the tick. Unix seconds, ascending.
 */
export function ticksOf({ cadence, points }: Pick<PriceFile, "cadence" | "points">, tick: number): number[] {
  const known = points.map(({ knownAt }) => Math.ceil(knownAt / 1000 / tick) * tick);
  const [first = 0, last = 0] = [known[0], known.at(-1)];
  if (cadence.kind !== "bars" && cadence.kind !== "trades") return [...new Set(known)];
  const step = cadence.kind === "trades" ? tick : Math.max(tick, cadence.stepMs / 1000);
  const end = cadence.kind === "trades" ? last - tick : last; // the last trade, rounded up, is not the file's any more
  const times = new Set<number>();
  for (let time = first; time <= end; time += step) times.add(Math.ceil(time / tick) * tick);
  return [...times];
}

/**
 * The oldest input a price may rest on: half a step, so that a gap is a gap at the very next step, and as much more as the
 * file's stamps are off the ticks; a minute for trades.
 */
export function maxInputAge(file: Pick<PriceFile, "cadence" | "points">): number {
  const { cadence, points } = file;
  switch (cadence.kind) {
    case "bars": {
      const tick = tickOf(file);
      const known = (points[0]?.knownAt ?? 0) / 1000;
      const old = Math.ceil(Math.ceil(known / tick) * tick - known);
      return Math.min(86_400, Math.max(5, Math.floor(cadence.stepMs / 2000)) + old);
    }
    case "business-days":
    case "months":
      return 43_200;
    case "trades":
      return 60;
  }
}

/**
 * Decimals of a feed of the file's prices: the file's own, or as many as leave the greatest price below `ROOM`. Digits beyond
 * them are noise of floating point, or of more than a price can be told to.
 */
export function decimalsOf({ decimals, points }: Pick<PriceFile, "decimals" | "points">): number {
  let least = Math.min(decimals, MOST_DECIMALS);
  for (const { price } of points) while (least > 0 && toUnits(price, least) >= ROOM) least--;
  return least;
}

function nearestDivisor(step: number): number {
  let best = 1;
  for (let divisor = 1; divisor <= FIXING_PERIOD; divisor++)
    if (FIXING_PERIOD % divisor === 0 && Math.abs(divisor - step) < Math.abs(best - step)) best = divisor;
  return best;
}
