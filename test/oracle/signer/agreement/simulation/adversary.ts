import { NO_PRICE } from "../../../../../oracle/report/word.ts";
import type { Cryptography } from "../../../../../oracle/signer/agreement/cryptography.ts";
import { sealMessage } from "../../../../../oracle/signer/agreement/encode-message.ts";
import { type Epoch, leaderOf } from "../../../../../oracle/signer/agreement/epoch.ts";
import { fromHex } from "../../../../../oracle/signer/agreement/hex.ts";
import { reportDigest } from "../../../../../oracle/report/digest.ts";
import {
  type Content,
  FRESH,
  NIL,
  type Obs,
  type Prop,
} from "../../../../../oracle/signer/agreement/message.ts";
import { priceReport } from "../../../../../oracle/signer/agreement/price-report.ts";
import { isFixing } from "../../../../../oracle/signer/agreement/timing.ts";
import { cheapReportSignature } from "./cheap-cryptography.ts";
import type { Random } from "./random.ts";
import type { Watch } from "./watch.ts";
import type { World } from "./world.ts";

/** How a liar's observation lies. */
export const PRICE_LIES = [
  "x1000",
  "/10",
  "frozen",
  "stale",
  "malformed",
  "another feed",
  "edge of tolerance",
  "abstains",
  "two-faced",
  "honest",
] as const;
export type PriceLie = (typeof PRICE_LIES)[number];

/** What a liar does with its votes and proposals. */
export interface Temper {
  readonly prices: PriceLie;
  /** Votes for every value it hears of, and for nothing, to everybody or to some. */
  readonly votesForAll: number;
  /** Proposes two values at once, each to a part of the others. */
  readonly twoProposals: number;
  /** Proposes what nobody may vote for. */
  readonly badProposals: number;
  /** Says nothing as a leader. */
  readonly silentLeader: number;
  /** Leaves observations of honest signers out of its proposals. */
  readonly censors: boolean;
  /** Dissents from everything, at every value. */
  readonly dissents: number;
  /** Claims to be in rounds far ahead. */
  readonly runsAhead: number;
  /** Has its key sign any root it hears of. */
  readonly signsAnything: boolean;
}

/** Random tempers: each extreme comes often. */
export function temperOf(random: Random): Temper {
  const often = () => random.pick([0, 0.3, 1]);
  return {
    prices: random.pick(PRICE_LIES),
    votesForAll: random.pick([0, 0.5, 1, 1]),
    twoProposals: often(),
    badProposals: random.pick([0, 0, 0.3]),
    silentLeader: random.pick([0, 0, 0.5, 1]),
    censors: random.chance(0.5),
    dissents: often(),
    runsAhead: random.pick([0, 0, 0.1]),
    signsAnything: random.chance(0.5),
  };
}

/** All liars of a run: they hear everything, know each other's keys, and act together. */
export class Adversary {
  readonly #world: World;
  readonly #watch: Watch;
  readonly #epoch: Epoch;
  readonly #tempers: ReadonlyMap<number, Temper>;
  readonly #random: Random;
  readonly #observe: (time: number, signer: number) => BigInt64Array;
  readonly #heard = new WeakSet<Uint8Array>();
  readonly #done = new Set<string>();
  readonly #observations = new Map<number, Map<string, Obs>>();
  readonly #props = new Map<string, Prop>();

  constructor(
    world: World,
    tempers: ReadonlyMap<number, Temper>,
    random: Random,
    observe: (time: number, signer: number) => BigInt64Array,
  ) {
    this.#world = world;
    this.#watch = world.options.watch;
    this.#epoch = world.options.epoch;
    this.#tempers = tempers;
    this.#random = random;
    this.#observe = observe;
  }

  hear(messages: readonly Uint8Array[]): void {
    for (const bytes of messages) {
      if (this.#heard.has(bytes)) continue;
      this.#heard.add(bytes);
      const message = this.#watch.decode(bytes);
      if (!message) continue;
      const { time } = message;
      if (this.#first(`begin ${time}`)) this.#begin(time);
      switch (message.kind) {
        case "obs":
          this.#pool(time).set(message.hash, message);
          this.#round(time, 0);
          break;
        case "prop":
          this.#props.set(message.value, message);
          this.#round(time, message.round);
          this.#value(time, message.round, message.value);
          break;
        case "prevote":
        case "precommit":
          this.#round(time, message.round);
          if (message.value !== NIL) this.#value(time, message.round, message.value);
          break;
        default:
          break;
      }
    }
  }

  /** A time begins: liars observe. */
  #begin(time: number): void {
    for (const [liar, { prices }] of this.#tempers) {
      if (prices === "malformed") {
        const bytes = sealMessage(this.#epoch, time, liar, obs(this.#observe(time, liar)), this.#keyOf(liar));
        this.#say(
          liar,
          this.#others(),
          [bytes.subarray(3), bytes.subarray(0, 40), new Uint8Array(90).fill(1)],
          500,
        );
        continue;
      }
      if (prices === "two-faced") {
        const [some, rest] = this.#split();
        this.#content(liar, time, some, obs(this.#lie("x1000", time, liar)));
        this.#content(liar, time, rest, obs(this.#lie("/10", time, liar)));
        continue;
      }
      this.#content(liar, time, this.#others(), obs(this.#lie(prices, time, liar)));
    }
  }

  #lie(lie: PriceLie, time: number, liar: number): BigInt64Array {
    const seen = this.#observe(time, liar);
    switch (lie) {
      case "x1000":
        return seen.map((price) => (price === NO_PRICE ? price : price * 1000n));
      case "/10":
        return seen.map((price) => (price === NO_PRICE ? price : price / 10n));
      case "frozen":
        return this.#observe(0, liar);
      case "stale":
        return this.#observe(time - 3600, liar);
      case "another feed":
        return seen.map((_, i) => seen[(i + 1) % seen.length]!);
      case "edge of tolerance":
        return seen.map((price) => (price === NO_PRICE ? price : price + price / 105n));
      case "abstains":
        return seen.map(() => NO_PRICE);
      default:
        return seen;
    }
  }

  /** A round is heard of: its leader, if a liar, proposes; dissenters dissent. */
  #round(time: number, round: number): void {
    const leader = leaderOf(this.#epoch, time, round);
    const temper = this.#tempers.get(leader);
    const enough = new Set([...this.#pool(time).values()].map(({ signer }) => signer)).size >= this.#epoch.q;
    if (temper && enough && this.#first(`lead ${time} ${round}`)) this.#lead(leader, temper, time, round);
    if (!this.#first(`round ${time} ${round}`)) return;
    for (const [liar, { dissents, runsAhead }] of this.#tempers) {
      if (this.#random.chance(dissents)) {
        const feeds = this.#epoch.feeds.map(({ id }) => id).filter(() => this.#random.chance(0.7));
        const vote = { kind: "prevote", round, value: NIL, dissent: feeds, missing: feeds } as const;
        this.#content(liar, time, this.#others(), vote);
      }
      if (this.#random.chance(runsAhead) && round < 40) {
        const ahead = round + this.#random.int(1, 20);
        this.#content(liar, time, this.#some(), { kind: "precommit", round: ahead, value: NIL });
      }
    }
  }

  #lead(leader: number, temper: Temper, time: number, round: number): void {
    const random = this.#random;
    if (random.chance(temper.silentLeader)) return;
    if (random.chance(temper.badProposals)) {
      const bad = this.#proposal(temper, time, round);
      const twisted = random.pick<Partial<typeof bad>>([
        { root: "11".repeat(32) },
        { observations: bad.observations.slice(1) },
        { observations: [...bad.observations].reverse() },
        { drop: this.#epoch.feeds.map(({ id }) => id) },
        { dissents: [new Uint8Array(80)] },
      ]);
      this.#content(leader, time, this.#others(), { ...bad, ...twisted });
      return;
    }
    if (random.chance(temper.twoProposals)) {
      const [some, rest] = this.#split();
      this.#content(leader, time, some, this.#proposal(temper, time, round));
      this.#content(leader, time, rest, this.#proposal({ ...temper, censors: true }, time, round));
      return;
    }
    this.#content(leader, time, this.#some(), this.#proposal(temper, time, round));
  }

  /** A proposal: an old value with or without a reason, or any q observations or more. */
  #proposal(temper: Temper, time: number, round: number): Content & { kind: "prop" } {
    const random = this.#random;
    const old = [...this.#props.values()].filter((prop) => prop.time === time && prop.round < round);
    if (old.length > 0 && random.chance(0.6)) {
      const { root, observations, drop, dissents, round: validRound } = random.pick(old);
      return { kind: "prop", round, validRound, root, observations, drop, dissents };
    }
    const bySigner = new Map<number, Obs>();
    for (const each of random.shuffle([...this.#pool(time).values()])) bySigner.set(each.signer, each);
    const liarsFirst = random
      .shuffle([...bySigner.values()])
      .sort((a, b) => Number(this.#tempers.has(b.signer)) - Number(this.#tempers.has(a.signer)));
    const { n, q } = this.#epoch;
    const chosen = liarsFirst.slice(0, temper.censors ? q : n).sort((a, b) => a.signer - b.signer);
    const { root } = priceReport(
      this.#epoch,
      time,
      chosen.map(({ prices }) => prices),
      new Set(),
    );
    return {
      kind: "prop",
      round,
      validRound: FRESH,
      root,
      observations: chosen.map(({ hash }) => hash),
      drop: [],
      dissents: [],
    };
  }

  /** A value is heard of: votes for it, and for nothing, go out in all directions. */
  #value(time: number, round: number, value: string): void {
    if (!this.#first(`value ${time} ${round} ${value}`)) return;
    const prop = this.#props.get(value);
    for (const [liar, { votesForAll, signsAnything }] of this.#tempers) {
      for (const kind of ["prevote", "precommit"] as const) {
        for (const voted of [value, NIL]) {
          if (!this.#random.chance(votesForAll)) continue;
          const none = { dissent: [], missing: [] };
          const vote: Content =
            kind === "prevote" ? { kind, round, value: voted, ...none } : { kind, round, value: voted };
          this.#content(liar, time, this.#some(), vote);
        }
      }
      if (signsAnything && prop) {
        const { domain, members } = this.#epoch;
        const compact = cheapReportSignature(
          members[liar]!.address,
          reportDigest(domain, time, fromHex(prop.root)),
        );
        this.#content(liar, time, this.#others(), { kind: "sig", root: prop.root, compact });
      }
    }
  }

  #content(liar: number, time: number, to: readonly number[], content: Content): void {
    const bytes = sealMessage(this.#epoch, time, liar, content, this.#keyOf(liar));
    this.#watch.said(bytes);
    this.#say(liar, to, [bytes], isFixing(time) ? 3000 : 1500);
    // What one liar says, the others know at once: an observation can go into their proposals.
    const message = this.#watch.decode(bytes);
    if (message?.kind === "obs") this.#pool(time).set(message.hash, message);
    if (message?.kind === "prop") this.#props.set(message.value, message);
    if (message?.kind === "prop") this.#value(time, message.round, message.value);
  }

  #say(liar: number, to: readonly number[], messages: readonly Uint8Array[], within: number): void {
    for (const member of to) {
      this.#world.at(this.#world.now + this.#random.int(0, within), () => {
        this.#world.send(liar, member, messages);
      });
    }
  }

  #keyOf(liar: number): Cryptography {
    return this.#world.options.cryptographyOf(liar);
  }

  #others(): number[] {
    return [...this.#epoch.members.keys()].filter((member) => !this.#tempers.has(member));
  }

  #some(): number[] {
    const all = this.#others();
    return this.#random.chance(0.3) ? all : all.filter(() => this.#random.chance(0.5));
  }

  #split(): [number[], number[]] {
    const all = this.#random.shuffle(this.#others());
    const middle = this.#random.int(0, all.length);
    return [all.slice(0, middle), all.slice(middle)];
  }

  #pool(time: number): Map<string, Obs> {
    const pool = this.#observations.get(time) ?? new Map<string, Obs>();
    this.#observations.set(time, pool);
    return pool;
  }

  #first(key: string): boolean {
    if (this.#done.has(key)) return false;
    this.#done.add(key);
    return true;
  }
}

function obs(prices: BigInt64Array): Content {
  return { kind: "obs", prices };
}
