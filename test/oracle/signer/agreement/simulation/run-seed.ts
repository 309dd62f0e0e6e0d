import { NO_PRICE } from "../../../../../oracle/report/word.ts";
import { decodeHeader } from "../../../../../oracle/signer/agreement/decode-message.ts";
import { type Rules, RULES } from "../../../../../oracle/signer/agreement/rules.ts";
import { CHEAP } from "./identities.ts";
import { Adversary } from "./adversary.ts";
import { KeptStore } from "./kept-store.ts";
import { Market } from "./market.ts";
import { epochOf, FEEDS } from "./network-of.ts";
import { Random } from "./random.ts";
import { type Crash, type Scenario, scenarioOf } from "./scenario.ts";
import { Violation, Watch } from "./watch.ts";
import { type CrashPoint, type Route, World } from "./world.ts";

/** How long after the calm everything must be settled, in milliseconds. */
const PATIENCE = 15 * 60_000;

export interface RunResult {
  readonly scenario: Scenario;
  /** What went wrong, or undefined. */
  readonly failure: string | undefined;
  readonly packets: number;
  readonly messages: number;
  /** Reports of different times. */
  readonly reports: number;
  /** Whether enough honest signers observed the fixing, so that it had to be reported. */
  readonly fixingDue: boolean;
  /** Greatest round in which something was decided. */
  readonly rounds: number;
}

/** One run: everything follows from n and the seed. */
export function runSeed(n: number, seed: number, rules: Rules = RULES, identities = CHEAP): RunResult {
  const scenario = scenarioOf(n, seed);
  const epoch = epochOf(n, rules, scenario.fixing - 300, identities.identityAt);
  const random = new Random(seed * 131 + n);
  const market = new Market(seed, scenario.venueLie, scenario.abstain);
  const bad = new Set([...scenario.liars.keys(), ...scenario.puppets]);
  const venues = (time: number, feed: number) => market.honestQuotes(time, feed);
  const watch = new Watch(epoch, bad, venues);
  const honest = [...epoch.members.keys()].filter((member) => !bad.has(member));
  const stormy = () => world.now < scenario.calm;
  const puppetFactor = random.pick([1000n, -1n, 0n]);
  const observe = (time: number, signer: number) => {
    const prices = market.observe(time, signer);
    if (!scenario.puppets.has(signer)) return prices;
    return prices.map((price) =>
      price === NO_PRICE || puppetFactor === 0n ? NO_PRICE : price * puppetFactor,
    );
  };
  const world: World = new World(
    {
      epoch,
      rules,
      cryptographyOf: identities.cryptographyOf,
      watch,
      observe,
      route: routeOf(scenario, random, bad),
      kms: () => ({ delay: random.int(50, 500), answers: !(stormy() && random.chance(scenario.kmsFails)) }),
      overhear: (messages) => {
        adversary.hear(messages);
      },
      crash: (signer) => {
        if (bad.has(signer) || !stormy() || !random.chance(scenario.crashChance)) return undefined;
        world.at(Math.min(world.now + random.int(50, 3_000), scenario.calm - 1), () => {
          if (!world.isUp(signer)) world.start(signer);
        });
        return random.pick<CrashPoint>(["before storing", "after storing", "between effects"]);
      },
    },
    scenario.start,
  );
  const adversary = new Adversary(world, scenario.liars, random, (time, liar) => market.observe(time, liar));
  const forgetful = new Set<number>();
  const result = (failure: string | undefined): RunResult => ({
    scenario,
    failure,
    packets: world.packets,
    messages: world.messages,
    reports: watch.prices.size,
    fixingDue: fixingIsDue(),
    rounds: Math.max(0, ...watch.decidedRound.values()),
  });
  /** Whether enough honest signers that observed the fixing are there, and may vote on it. */
  const fixingIsDue = () => {
    const able = [...watch.observersOf(scenario.fixing)].filter((signer) => !forgetful.has(signer));
    return able.length >= RULES.quorum(n);
  };

  try {
    for (const member of epoch.members.keys()) {
      if (scenario.liars.has(member)) continue;
      world.add(member, new KeptStore(true), scenario.offsets[member], scenario.puppets.has(member));
      world.at(scenario.start + member, () => {
        world.start(member);
      });
    }
    for (const crash of scenario.crashes) planCrash(world, crash, random, forgetful);
    const settled = () =>
      world.now > scenario.calm && honest.every((member) => watch.reportersOf(scenario.fixing).has(member));
    // One run in three goes on for a whole ordinary tick in calm weather.
    const calmTick = Math.ceil(scenario.calm / 10_000) * 10 + 10;
    const looksAtCalm = seed % 3 === 0 && scenario.calmLoss === 0;
    world.run(Math.max(scenario.calm + 1_000, 1000 * scenario.fixing + 8_000));
    // Liars may lead the first f rounds: that many fit into the life of an ordinary tick.
    const reported = () => honest.every((member) => watch.reportersOf(calmTick).has(member));
    if (looksAtCalm) world.run(1000 * calmTick + 20_000, reported);
    world.run(scenario.calm + PATIENCE, () => settled() || !fixingIsDue());
    if (fixingIsDue() && !settled()) {
      const have = [...watch.reportersOf(scenario.fixing)].join(", ");
      throw new Violation(`the fixing is not reported everywhere, only at signers ${have || "none"}`);
    }
    if (looksAtCalm) checkCalmTick(scenario, watch, honest, forgetful, calmTick);
    return result(undefined);
  } catch (error) {
    if (error instanceof Error) return result(`${error.name}: ${error.message}`);
    throw error;
  }
}

/** The command that shows a run again. */
export function replayCommand(n: number, seed: number): string {
  return `node test/oracle/signer/agreement/simulation/replay.ts ${n} ${seed}`;
}

/** In calm weather an ordinary tick is reported, and has every feed that a quorum of honest signers priced. */
function checkCalmTick(
  scenario: Scenario,
  watch: Watch,
  honest: readonly number[],
  forgetful: ReadonlySet<number>,
  tick: number,
): void {
  const spread = Math.max(...scenario.offsets) - Math.min(...scenario.offsets);
  if (tick % 300 === 0 || forgetful.size > 0) return;
  const missing = honest.filter((member) => !watch.reportersOf(tick).has(member));
  if (missing.length > 0) {
    throw new Violation(`the calm tick ${tick} is not reported at signers ${missing.join(", ")}`);
  }
  const { n } = scenario;
  const report = watch.prices.get(tick);
  // Clocks far apart make an observation late for some: then leaving it out is no censorship.
  if (!report || (watch.decidedRound.get(tick) ?? 0) >= n || spread > 500) return;
  for (let feed = 0; feed < FEEDS; feed++) {
    const open = report.tree.words[feed < 3 ? 0 : 1] !== undefined;
    if (!open || watch.honestPrices(tick, feed).length < RULES.quorum(n)) continue;
    if (report.prices[feed] === NO_PRICE) throw new Violation(`feed ${feed} was censored at ${tick}`);
  }
}

function planCrash(world: World, crash: Crash, random: Random, forgetful: Set<number>): void {
  const { signer, at, until, comeback } = crash;
  world.at(at, () => {
    world.crash(signer);
    const { store } = world.signers.get(signer)!;
    if (comeback === "with its disk") return;
    forgetful.add(signer);
    const length = comeback === "without its disk" ? 0 : random.int(0, store.length);
    world.signers.get(signer)!.store = store.restored(length);
  });
  world.at(until, () => {
    if (!world.isUp(signer)) world.start(signer);
  });
}

function routeOf(scenario: Scenario, random: Random, bad: ReadonlySet<number>): Route {
  return (from, to, messages, at) => {
    if (at >= scenario.calm || bad.has(from) || bad.has(to)) {
      if (at >= scenario.calm && random.chance(scenario.calmLoss)) return [];
      return [{ delay: random.int(5, 200), messages }];
    }
    const weather = scenario.weather.find(({ until }) => at < until);
    if (!weather) return [{ delay: random.int(5, 500), messages }];
    if (weather.side[from] !== weather.side[to] || random.chance(weather.loss)) return [];
    const kept =
      weather.loses.length > 0 && weather.victims.has(to)
        ? messages.filter((bytes) => !weather.loses.includes(decodeHeader(bytes).kind))
        : messages;
    const arrival = () => ({ delay: random.int(5, weather.maxDelay), messages: kept });
    return random.chance(weather.repeat) ? [arrival(), arrival()] : [arrival()];
  };
}
