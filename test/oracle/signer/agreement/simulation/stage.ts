import { sealMessage } from "../../../../../oracle/signer/agreement/encode-message.ts";
import { type Epoch, leaderOf } from "../../../../../oracle/signer/agreement/epoch.ts";
import type { Content, Message } from "../../../../../oracle/signer/agreement/message.ts";
import { priceReport } from "../../../../../oracle/signer/agreement/price-report.ts";
import type { Rules } from "../../../../../oracle/signer/agreement/rules.ts";
import { FRESH, type Obs } from "../../../../../oracle/signer/agreement/message.ts";
import { cheapCryptography } from "./cheap-cryptography.ts";
import { KeptStore } from "./kept-store.ts";
import { epochOf } from "./network-of.ts";
import { Watch } from "./watch.ts";
import { World } from "./world.ts";

/** Whether a message gets through. */
export type Gate = (from: number, to: number, message: Message) => boolean;

/** Four signers, one of them a liar, and a script. Every message takes 20 ms, or never arrives. */
export class Stage {
  readonly epoch: Epoch;
  readonly world: World;
  readonly watch: Watch;
  readonly fixing = 1_700_300_100;
  readonly observations = new Map<number, Obs>();
  /** The first leader, the liar, and the two others. */
  readonly cast: {
    readonly first: number;
    readonly liar: number;
    readonly others: readonly [number, number];
  };
  gate: Gate = () => true;
  /** What the liar does when it hears something for the first time. */
  script: (message: Message) => void = () => undefined;
  readonly #heard = new WeakSet<Uint8Array>();

  /**
   * @param liarAt how many rounds after the first leader the liar leads: 0 makes it the first leader
   * @param observe what a signer sees
   */
  constructor(rules: Rules, liarAt: number, observe: (signer: number) => BigInt64Array) {
    const epoch = epochOf(4, rules, this.fixing - 300);
    const first = leaderOf(epoch, this.fixing, 0);
    const liar = (first + liarAt) % 4;
    const [a = 0, b = 0] = [0, 1, 2, 3].filter((signer) => signer !== first && signer !== liar);
    this.epoch = epoch;
    this.cast = { first, liar, others: [a, b] };
    this.watch = new Watch(epoch, new Set([liar]));
    this.world = new World(
      {
        epoch,
        rules,
        cryptographyOf: (member) => cheapCryptography(epoch.members[member]!.identity),
        watch: this.watch,
        observe: (_, signer) => observe(signer),
        kms: () => ({ delay: 100, answers: true }),
        route: (from, to, messages) => {
          const kept = messages.filter((bytes) => this.gate(from, to, this.watch.decode(bytes)!));
          return kept.length > 0 ? [{ delay: 20, messages: kept }] : [];
        },
        overhear: (messages) => {
          this.#overhear(messages);
        },
      },
      1000 * this.fixing - 1000,
    );
    for (const signer of this.honest) {
      this.world.add(signer, new KeptStore(true));
      this.world.at(this.world.now, () => {
        this.world.start(signer);
      });
    }
    // The liar observes what it should, unless its script says more.
    this.world.at(1000 * this.fixing + 5_000, () => {
      this.observation(liar, observe(liar), this.honest);
    });
  }

  get honest(): number[] {
    return [0, 1, 2, 3].filter((signer) => signer !== this.cast.liar);
  }

  /** The liar says something to some. */
  say(to: readonly number[], content: Content): Uint8Array {
    const { liar } = this.cast;
    const cryptography = cheapCryptography(this.epoch.members[liar]!.identity);
    const bytes = sealMessage(this.epoch, this.fixing, liar, content, cryptography);
    this.watch.said(bytes);
    for (const member of to) this.world.send(liar, member, [bytes]);
    return bytes;
  }

  observation(liar: number, prices: BigInt64Array, to: readonly number[]): Obs {
    const obs = this.watch.decode(this.say(to, { kind: "obs", prices })) as Obs;
    this.observations.set(liar, obs);
    return obs;
  }

  /** A fresh proposal of the liar's over these signers' observations. */
  propose(round: number, signers: readonly number[], to: readonly number[]): string {
    const chosen = [...signers].sort((a, b) => a - b).map((signer) => this.observations.get(signer)!);
    const prices = chosen.map((obs) => obs.prices);
    const { root } = priceReport(this.epoch, this.fixing, prices, new Set(), this.world.options.rules);
    const bytes = this.say(to, {
      kind: "prop",
      round,
      validRound: FRESH,
      root,
      observations: chosen.map(({ hash }) => hash),
      drop: [],
      dissents: [],
    });
    const message = this.watch.decode(bytes);
    return message?.kind === "prop" ? message.value : "";
  }

  /** A fresh proposal of the liar's that drops feeds, for which it has one prevote to show. */
  proposeDropping(
    round: number,
    signers: readonly number[],
    drop: readonly number[],
    dissent: Uint8Array,
  ): void {
    const chosen = [...signers].sort((a, b) => a - b).map((signer) => this.observations.get(signer)!);
    const places = new Set(drop.map((feed) => this.epoch.feedIndex.get(feed)!));
    const prices = chosen.map((obs) => obs.prices);
    const { root } = priceReport(this.epoch, this.fixing, prices, places);
    const observations = chosen.map(({ hash }) => hash);
    const parts = { root, observations, drop, dissents: [dissent] };
    this.say(this.honest, { kind: "prop", round, validRound: FRESH, ...parts });
  }

  prevote(round: number, value: string, to: readonly number[]): void {
    this.say(to, { kind: "prevote", round, value, dissent: [], missing: [] });
  }

  precommit(round: number, value: string, to: readonly number[]): void {
    this.say(to, { kind: "precommit", round, value });
  }

  /** Runs to so many seconds after the fixing. */
  runTo(seconds: number): void {
    this.world.run(1000 * (this.fixing + seconds));
  }

  #overhear(messages: readonly Uint8Array[]): void {
    for (const bytes of messages) {
      if (this.#heard.has(bytes)) continue;
      this.#heard.add(bytes);
      const message = this.watch.decode(bytes);
      if (message?.time !== this.fixing) continue;
      if (message.kind === "obs") this.observations.set(message.signer, message);
      this.script(message);
    }
  }
}
