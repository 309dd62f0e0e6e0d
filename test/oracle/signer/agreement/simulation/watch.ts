import { reportDigest } from "../../../../../oracle/report/digest.ts";
import { NO_PRICE } from "../../../../../oracle/report/word.ts";
import { decodeMessage } from "../../../../../oracle/signer/agreement/decode-message.ts";
import type { Output, QuorumReport } from "../../../../../oracle/signer/agreement/effects.ts";
import type { Epoch } from "../../../../../oracle/signer/agreement/epoch.ts";
import { isOpen } from "../../../../../oracle/signer/agreement/calendar.ts";
import { fromHex } from "../../../../../oracle/signer/agreement/hex.ts";
import { type Message, NIL, type Obs, type Prop } from "../../../../../oracle/signer/agreement/message.ts";
import { RULES } from "../../../../../oracle/signer/agreement/rules.ts";

/** Something that must never happen, has. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/**
 * Sees everything that every signer says, stores and asks for, and throws as soon as a promise of the protocol is
 * broken. It shares no state and no rule with the machines: quorums and prices are worked out here once more.
 */
export class Watch {
  readonly #epoch: Epoch;
  readonly #q: number;
  readonly #liars: ReadonlySet<number>;
  readonly #messages = new WeakMap<Uint8Array, Message | "none">();
  /** By time: what honest signers observed. */
  readonly #honest = new Map<number, Map<number, BigInt64Array>>();
  readonly #observations = new Map<string, Obs>();
  readonly #props = new Map<string, Prop>();
  /** Who really precommitted: by time, round and value. */
  readonly #precommits = new Map<string, Set<number>>();
  readonly #decidedRoots = new Map<number, Set<string>>();
  readonly #decisions = new Map<number, string>();
  /** By time: the roots that each honest key signed. */
  readonly #signed = new Map<number, Map<number, Set<string>>>();
  readonly #reports = new Map<number, Map<number, string>>();
  readonly prices = new Map<number, QuorumReport>();
  readonly decidedRound = new Map<number, number>();
  readonly venueRange: ((time: number, feed: number) => bigint[]) | undefined;

  constructor(
    epoch: Epoch,
    liars: ReadonlySet<number>,
    venueRange?: (time: number, feed: number) => bigint[],
  ) {
    this.#epoch = epoch;
    this.#q = RULES.quorum(epoch.n);
    this.#liars = liars;
    this.venueRange = venueRange;
  }

  /** Decodes once, however often the same bytes travel. */
  decode(bytes: Uint8Array): Message | undefined {
    const known = this.#messages.get(bytes);
    if (known) return known === "none" ? undefined : known;
    let message: Message | undefined;
    try {
      message = decodeMessage(bytes, this.#epoch);
    } catch {
      // malformed on purpose
    }
    this.#messages.set(bytes, message ?? "none");
    return message;
  }

  /** Anybody has said something of their own. */
  said(bytes: Uint8Array): void {
    const message = this.decode(bytes);
    if (message?.kind === "obs") this.#observations.set(message.hash, message);
    if (message?.kind === "prop") this.#noteProp(message);
    if (message?.kind !== "precommit" || message.value === NIL) return;
    const { time, round, value, signer } = message;
    const key = `${time} ${round} ${value}`;
    const signers = this.#precommits.get(key) ?? new Set();
    this.#precommits.set(key, signers.add(signer));
    if (signers.size >= this.#q) this.#noteDecision(time, value);
  }

  /** An honest signer's output is being carried out. */
  output(signer: number, { records, effects }: Output): void {
    for (const record of records) {
      if (record.kind === "vote") this.said(record.bytes);
      if (record.kind === "obs" && record.own) this.#observed(signer, record.time, record.bytes);
      if (record.kind === "decision") this.#decided(signer, record.time, record.root);
    }
    for (const effect of effects) {
      if (effect.kind === "decided") this.decidedRound.set(effect.time, effect.round);
      if (effect.kind === "sign") this.#asked(signer, effect.time, effect.root, effect.digest);
      if (effect.kind === "report") this.#reported(signer, effect.report);
    }
  }

  /** How many signers have the report of a time. */
  reportersOf(time: number): Set<number> {
    return new Set(this.#reports.get(time)?.keys());
  }

  observersOf(time: number): Set<number> {
    return new Set(this.#honest.get(time)?.keys());
  }

  /** How many honest signers saw a price of this feed. */
  honestPrices(time: number, feed: number): bigint[] {
    const all = [...(this.#honest.get(time)?.values() ?? [])].map((prices) => prices[feed]!);
    return all.filter((price) => price !== NO_PRICE);
  }

  #noteProp(prop: Prop): void {
    const known = this.#props.get(prop.value);
    this.#props.set(prop.value, known ?? prop);
    for (const [key, signers] of this.#precommits) {
      const [time, , value] = key.split(" ");
      if (value === prop.value && signers.size >= this.#q) this.#noteDecision(Number(time), prop.value);
    }
  }

  #noteDecision(time: number, value: string): void {
    const prop = this.#props.get(value);
    if (!prop) return;
    const roots = this.#decidedRoots.get(time) ?? new Set();
    this.#decidedRoots.set(time, roots.add(prop.root));
  }

  #observed(signer: number, time: number, bytes: Uint8Array): void {
    this.said(bytes);
    const message = this.decode(bytes);
    if (message?.kind !== "obs") throw new Violation(`signer ${signer} stored an observation that is none`);
    const all = this.#honest.get(time) ?? new Map<number, BigInt64Array>();
    const earlier = all.get(signer);
    if (earlier && earlier.join() !== message.prices.join()) {
      throw new Violation(`signer ${signer} observed ${time} twice`);
    }
    all.set(signer, message.prices);
    this.#honest.set(time, all);
  }

  #decided(signer: number, time: number, root: string): void {
    const first = this.#decisions.get(time);
    if (first !== undefined && first !== root) {
      throw new Violation(`disagreement at ${time}: signer ${signer} decided ${root}, another ${first}`);
    }
    this.#decisions.set(time, root);
  }

  #asked(signer: number, time: number, root: string, digest: Uint8Array): void {
    if (!this.#decidedRoots.get(time)?.has(root)) {
      throw new Violation(`signer ${signer} asked KMS to sign ${root} of ${time}, which nobody decided`);
    }
    if (digest.join() !== reportDigest(this.#epoch.domain, time, fromHex(root)).join()) {
      throw new Violation(`signer ${signer} asked KMS for another digest than that of ${time}`);
    }
    const ofTime = this.#signed.get(time) ?? new Map<number, Set<string>>();
    this.#signed.set(time, ofTime);
    const roots = ofTime.get(signer) ?? new Set();
    ofTime.set(signer, roots.add(root));
    if (roots.size > 1) throw new Violation(`signer ${signer}'s key signed two roots of ${time}`);
    // A liar's key signs anything: two roots that only lack the liars are two reports.
    const support = new Map<string, number>();
    for (const signedRoots of ofTime.values()) {
      for (const each of signedRoots) support.set(each, (support.get(each) ?? this.#liars.size) + 1);
    }
    if ([...support.values()].filter((count) => count >= this.#q).length > 1) {
      throw new Violation(`two roots of ${time} can have a quorum of signatures`);
    }
  }

  #reported(signer: number, report: QuorumReport): void {
    const { time, root, signatures } = report;
    const ofTime = this.#reports.get(time) ?? new Map<number, string>();
    this.#reports.set(time, ofTime.set(signer, root));
    if (new Set(ofTime.values()).size > 1) throw new Violation(`two quorum reports for ${time}`);
    if (new Set(signatures.map(({ index }) => index)).size !== this.#q) {
      throw new Violation(`the report of ${time} has ${signatures.length} signatures instead of ${this.#q}`);
    }
    if (this.prices.has(time)) return;
    this.prices.set(time, report);
    this.#checkRange(report);
    this.#checkArithmetic(report);
  }

  #checkRange({ time, prices }: QuorumReport): void {
    for (const [feed, price] of prices.entries()) {
      if (price === NO_PRICE) continue;
      for (const range of [this.honestPrices(time, feed), this.venueRange?.(time, feed)]) {
        if (!range) continue;
        if (!range.some((low) => low <= price) || !range.some((high) => price <= high)) {
          throw new Violation(
            `feed ${feed} at ${time}: ${price} is outside of the honest ${range.join(", ")}`,
          );
        }
      }
    }
  }

  /** The price of every feed by the letter of the specification, without a line of the code it checks. */
  #checkArithmetic({ time, root, prices }: QuorumReport): void {
    const candidates = [...this.#props.values()].filter((prop) => prop.time === time && prop.root === root);
    const computed = candidates.map((prop) => this.#priceAgain(time, prop).join());
    if (!computed.includes(prices.join())) {
      throw new Violation(`prices of ${time} are ${prices.join()}, but should be ${computed.join(" or ")}`);
    }
  }

  #priceAgain(time: number, { observations, drop }: Prop): bigint[] {
    const { n, bundles, feeds } = this.#epoch;
    const f = Math.floor((n - 1) / 3);
    const open = bundles.flatMap(({ calendar, feeds: of }) => of.map(() => isOpen(calendar, time)));
    return feeds.map(({ id, tolerance }, feed) => {
      const p = observations
        .map((hash) => this.#observations.get(hash)!.prices[feed]!)
        .filter((price) => price !== NO_PRICE)
        .sort((a, b) => Number(a - b));
      const m = p[Math.floor(p.length / 2)];
      if (!open[feed] || drop.includes(id) || p.length < this.#q || m === undefined) return NO_PRICE;
      const distance = (a: bigint) => (a < m ? m - a : a - m);
      const size = m < 0n ? -m : m;
      const near = p.filter((price) => distance(price) * 1_000_000n <= size * BigInt(tolerance.perMillion));
      return near.length < p.length - f ? NO_PRICE : m;
    });
  }
}
