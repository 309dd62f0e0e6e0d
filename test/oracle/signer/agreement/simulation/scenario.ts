import { type Temper, temperOf } from "./adversary.ts";
import type { VenueLie } from "./market.ts";
import { Random } from "./random.ts";
import { RULES } from "../../../../../oracle/signer/agreement/rules.ts";

/** What comes back after a crash. */
export type Comeback = "with its disk" | "without its disk" | "from a backup";

export interface Crash {
  readonly signer: number;
  /** True time in milliseconds. */
  readonly at: number;
  readonly until: number;
  readonly comeback: Comeback;
}

/** A span in which the network hurts in one particular way. */
export interface Weather {
  readonly until: number;
  /** By member: its side of the partition; liars are on all sides. */
  readonly side: readonly number[];
  /** Message kinds that get lost on the way to `victims`. */
  readonly loses: readonly string[];
  readonly victims: ReadonlySet<number>;
  readonly loss: number;
  readonly repeat: number;
  readonly maxDelay: number;
}

/** Everything that a seed decides about a run. */
export interface Scenario {
  readonly n: number;
  readonly seed: number;
  /** The fixing time in the middle of the run, in seconds. */
  readonly fixing: number;
  readonly start: number;
  /** From here on delays are bounded and everybody honest is up for good, in milliseconds. */
  readonly calm: number;
  readonly liars: ReadonlyMap<number, Temper>;
  /** Liars whose machines are honest and whose market view lies. */
  readonly puppets: ReadonlySet<number>;
  readonly offsets: readonly number[];
  readonly crashes: readonly Crash[];
  /** Chance that an output is cut off by a crash. */
  readonly crashChance: number;
  readonly weather: readonly Weather[];
  readonly venueLie: VenueLie;
  readonly abstain: number;
  readonly kmsFails: number;
  /** Loss that stays when the calm comes. */
  readonly calmLoss: number;
  readonly description: string;
}

/** A Saturday's fixing, and every other seed a Sunday's, when one bundle is closed. */
const SATURDAY = 1_700_300_100;
const DAY = 86_400;
const HOUR = 3_600_000;

export function scenarioOf(n: number, seed: number): Scenario {
  const random = new Random(seed * 31 + n);
  const f = RULES.faults(n);
  const fixing = SATURDAY + (seed % 2) * DAY + 300 * random.int(0, 20);
  const begin = 1000 * fixing - 5_000;
  const chaos = random.int(6, 25) * 1000;
  const outage = random.chance(0.1);
  const calm = outage ? 1000 * fixing + random.int(1, 23) * HOUR : 1000 * fixing + chaos;

  const order = random.shuffle([...Array(n).keys()]);
  const count = random.chance(0.8) ? f : random.int(0, f);
  const bad = order.slice(0, count);
  const puppets = new Set(bad.filter(() => random.chance(0.2)));
  const tempers = new Map(bad.filter((liar) => !puppets.has(liar)).map((liar) => [liar, temperOf(random)]));
  const honest = order.slice(count);

  const crashes: Crash[] = [];
  if (outage) {
    // The lights go out a little after the fixing was observed; hours later everybody comes back.
    for (const signer of [...honest, ...puppets]) {
      const at = 1000 * fixing + random.int(6_500, 14_000);
      crashes.push({ signer, at, until: calm - random.int(0, 60_000), comeback: "with its disk" });
    }
  } else {
    for (const signer of honest) {
      if (!random.chance(0.35)) continue;
      const at = begin + random.int(0, chaos + 14_000);
      const until = Math.min(at + random.int(100, 12_000), calm - 1);
      const comeback = random.chance(0.85)
        ? "with its disk"
        : random.pick<Comeback>(["without its disk", "from a backup"]);
      if (at < until) crashes.push({ signer, at, until, comeback });
    }
  }
  return {
    n,
    seed,
    fixing,
    start: begin,
    calm,
    liars: tempers,
    puppets,
    offsets: offsetsOf(random, n),
    crashes,
    crashChance: outage ? 0 : random.pick([0, 0, 0.002, 0.01]),
    weather: weatherOf(random, n, begin, 1000 * fixing + chaos),
    venueLie: random.pick<VenueLie>(["none", "to everybody", "by address"]),
    abstain: random.pick([0, 0, 0.05]),
    kmsFails: random.pick([0, 0.05, 0.3]),
    calmLoss: random.pick([0, 0, 0.05]),
    description: describe(tempers, puppets, crashes, outage),
  };
}

function offsetsOf(random: Random, n: number): number[] {
  const most = random.pick([0, 200, 900]);
  return Array.from({ length: n }, () => random.int(-most, most));
}

function weatherOf(random: Random, n: number, begin: number, end: number): Weather[] {
  const weather: Weather[] = [];
  for (let at = begin; at < end;) {
    at = Math.min(end, at + random.int(300, 8_000));
    const sides = random.pick([1, 2, 2, 3]);
    const targeted = random.chance(0.4);
    weather.push({
      until: at,
      side: Array.from({ length: n }, () => random.int(1, sides)),
      loses: targeted ? [random.pick(["obs", "prop", "prevote", "precommit", "sig"])] : [],
      victims: new Set([...Array(n).keys()].filter(() => random.chance(0.5))),
      loss: random.pick([0, 0, 0.1, 0.4]),
      repeat: random.pick([0, 0, 0.2]),
      maxDelay: random.pick([50, 300, 1_500, 4_000]),
    });
  }
  return weather;
}

function describe(
  tempers: ReadonlyMap<number, Temper>,
  puppets: ReadonlySet<number>,
  crashes: readonly Crash[],
  outage: boolean,
): string {
  const liars = [...tempers].map(([liar, { prices }]) => `${liar} lies (${prices})`);
  const puppet = [...puppets].map((each) => `${each} sees a false market`);
  const down = crashes.map(({ signer, comeback }) => `${signer} crashes, back ${comeback}`);
  return [outage ? "outage" : "storm", ...liars, ...puppet, ...down].join("; ");
}
