import type { PricePath } from "../../market/simulated/price-path.ts";
import { toUnits } from "../../decimal.ts";
import { FIXING_PERIOD } from "../../signer/agreement/timing.ts";
import { uniformSource } from "../paths/uniform-source.ts";
import { millionths } from "../percent.ts";
import type { Scenario } from "../scenario.ts";
import { ScenarioError } from "../scenario-error.ts";
import { exactCollateral } from "./exact-payoff.ts";
import { floor } from "./fraction.ts";
import { fairPremium } from "./fair-premium.ts";
import type { OptionKind, PlannedOption } from "./planned-option.ts";

/** When options may be created and expire. Unix seconds. */
export interface PlanWindow {
  readonly path: PricePath;
  readonly decimals: number;
  /** When signers observe, ascending: options are traded then, and expire at those that are fixing times. */
  readonly ticks: readonly number[];
  /** Seconds from tick to tick. */
  readonly tick: number;
}

const MILLION = 1_000_000n;
/** A call without a cap of its own pays up to this many times its strike: what it can pay must be locked. */
const CAP = 10n;
/** Of the options that are sold, one in this many changes hands again. */
const TRANSFERRED = 10;
/** What `PayoffOptions` gives the buyer where no fixing counts, in hundredths of a percent. */
const OWN_SPLIT = 5_000;
/** The most fixings that an Asian or a touch looks at. */
const MOST_TIMES = 8;

/**
 * Decides, before a run begins, which options will be created in it: the same for the same seed. Strikes are about the price
 * at the time, sizes over five orders of magnitude, with all their digits. There are fewer than asked for where the run is too
 * short for so many that differ.
 * @throws ScenarioError where no option lives as long as the least that is asked for
 */
export function planOptions({ name, options, seed }: Scenario, window: PlanWindow): PlannedOption[] {
  const { count, kinds, tokens, strikes, life, unsold, volatility } = options;
  const { path, decimals, ticks, tick } = window;
  const fixings = ticks.filter((time) => time % FIXING_PERIOD === 0);
  const uniform = uniformSource(seed, "options");
  const below = (n: number): number => Math.floor(uniform() * n);
  const between = (from: bigint, to: bigint): bigint =>
    from + BigInt(Math.floor(uniform() * Number(to - from + 1n)));
  const planned: PlannedOption[] = [];
  const taken = new Set<string>();
  const lastFixing = fixings.at(-1) ?? 0;
  const least = Math.max(life.from, 3 * tick + 1);
  const open = ticks.findLastIndex((time) => time + least <= lastFixing);
  if (count === 0 && options.payoff === undefined) return planned;
  if (open < 0)
    throw new ScenarioError(name, [
      {
        path: "options.life.from",
        message: `${least} s are longer than the run, whose last fixing is ${Math.max(0, lastFixing - (ticks[0] ?? 0))} s after its beginning`,
      },
    ]);
  /** The place of an expiry among the fixings: a life between the two ends that are asked for, and within the run. */
  const expiryOf = (createAt: number): number => {
    const most = Math.max(life.from, Math.min(life.to, lastFixing - createAt));
    const wish = createAt + life.from + uniform() * (most - life.from);
    return firstAtOrAfter(fixings, Math.max(wish, createAt + 3 * tick));
  };
  for (let number = 0; planned.length < count; number++) {
    if (number > 4 * count + 100) break; // the run is too short for so many that differ
    const createAt = ticks[below(open + 1)] ?? 0;
    const place = expiryOf(createAt);
    const expiry = fixings[place] ?? lastFixing;
    const kind = kinds[below(kinds.length)] ?? "call";
    const tokenDecimals = tokens[below(tokens.length)] ?? 18;
    const known = path.at(createAt * 1000);
    const percent = between(millionths(strikes.from), millionths(strikes.to));
    const mantissa = BigInt(1 + below(999_999));
    const width = BigInt(10_000 + below(200_000));
    const [sold, moved, ownContract, list] = [
      uniform(),
      below(TRANSFERRED) === 0,
      uniform() < 0.5,
      1 + below(MOST_TIMES),
    ];
    if (known === null) continue;
    const price = toUnits(known.price, decimals);
    const strike = (price * percent) / MILLION;
    if (strike < 2n) continue;
    const contract = ownContract && isOfOptions(kind) ? "Options" : "OptionSeries";
    const scale = 10n ** BigInt(decimals);
    const amount = (mantissa * 10n ** BigInt(tokenDecimals)) / 100_000n + 1n;
    // What a series locks must be a whole number of the token's smallest unit.
    const size = contract === "OptionSeries" ? ((amount + scale - 1n) / scale) * scale : amount;
    const bound = boundOf(kind, strike, width);
    const key = `${contract} ${kind} ${strike} ${bound} ${tokenDecimals} ${expiry}`;
    if (contract === "OptionSeries" && taken.has(key)) continue;
    taken.add(key);
    const times = isOverTimes(kind)
      ? fixings
          .slice(Math.max(0, Math.min(place, fixings.length - 1) - list + 1), place + 1)
          .filter((time) => time > createAt)
      : [expiry];
    const isSold = sold >= Number(millionths(unsold)) / 1e6;
    const premium = fairPremium(
      { kind, strike, bound, size },
      price,
      times.map((time) => time - createAt),
      volatility,
      decimals,
    );
    planned.push({
      number: planned.length,
      ...{ contract, kind, strike, bound, size, tokenDecimals, premium, createAt, expiry, times },
      splitShare: shareOf(premium, floor(exactCollateral({ kind, strike, bound, size }, decimals))),
      asset: kind === "base-call" ? "base" : "quote",
      buyAt: isSold ? createAt + tick : null,
      cancelAt: isSold ? null : createAt + tick,
      transferAt: isSold && moved ? createAt + 2 * tick : null,
    });
  }
  for (let own = options.payoff?.count ?? 0; own > 0; own--) {
    const createAt = ticks[below(open + 1)] ?? 0;
    const expiry = fixings[expiryOf(createAt)] ?? lastFixing;
    const tokenDecimals = tokens[below(tokens.length)] ?? 18;
    const size = (BigInt(1 + below(999_999)) * 10n ** BigInt(tokenDecimals)) / 100_000n + 1n;
    planned.push({
      number: planned.length,
      contract: "PayoffOptions",
      kind: "own",
      ...{
        strike: 0n,
        bound: 0n,
        size,
        tokenDecimals,
        premium: size / 100n,
        splitShare: OWN_SPLIT,
        createAt,
        expiry,
        times: [expiry],
      },
      asset: "quote",
      ...{ buyAt: createAt + tick, cancelAt: null, transferAt: null },
    });
  }
  return planned;
}

/** Hundredths of a percent, to the nearest. */
function shareOf(part: bigint, whole: bigint): number {
  return whole === 0n ? 0 : Number((part * 20_000n + whole) / (2n * whole));
}

/** Kinds that the sample contract has as well. */
function isOfOptions(kind: OptionKind): boolean {
  return ["call", "put", "base-call", "call-spread", "put-spread"].includes(kind);
}

export function isOverTimes(kind: PlannedOption["kind"]): boolean {
  return ["asian-call", "asian-put", "touch-up", "touch-down"].includes(kind);
}

/** @param width millionths of the strike, for spreads */
function boundOf(kind: OptionKind, strike: bigint, width: bigint): bigint {
  const distance = (strike * width) / MILLION + 1n;
  switch (kind) {
    case "call":
    case "asian-call":
      return strike * CAP;
    case "call-spread":
      return strike + distance;
    case "put-spread":
      return strike - distance;
    default:
      return 0n;
  }
}

/** The place of the first time that is not before `time`; the list's length where there is none. */
function firstAtOrAfter(times: readonly number[], time: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
