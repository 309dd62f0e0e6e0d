import { reportDigest } from "../../report/digest.ts";
import type { ReportSignature } from "../../report/signature.ts";
import type { Page } from "./effects.ts";
import { sealMessage } from "./encode-message.ts";
import type { Evidence } from "./evidence.ts";
import { fromHex } from "./hex.ts";
import type { Host, Seat } from "./host.ts";
import type { Obs, Precommit, Prop, Sig } from "./message.ts";
import type { PricedReport } from "./price-report.ts";
import { observableUntil } from "./timing.ts";
import { dissentFrom } from "./vouch.ts";

/** A value with a quorum of precommits: final. */
export interface Decision {
  readonly round: number;
  readonly prop: Prop;
  readonly report: PricedReport;
  /** A quorum of precommits of the round. */
  readonly precommits: readonly Precommit[];
}

/** KMS may be down for a while: how long until it is asked again, in milliseconds. */
const ASK_AGAIN = 10_000;

/** From a decision to a report: the only part that ever asks for a KMS signature. */
export class Signing {
  readonly #host: Host;
  readonly #seat: Seat;
  readonly #sigs: Sig[] = [];
  /** The own observation may still come until then, in Unix milliseconds. */
  readonly #observesUntil: number;
  #decision: Decision | undefined;
  #judged = false;
  #vouches = false;
  #saidHalted = false;
  #intent: string | undefined;
  #asked = false;
  #askAt = Infinity;
  #reported = false;

  constructor(host: Host, seat: Seat) {
    this.#host = host;
    this.#seat = seat;
    this.#observesUntil = observableUntil(seat.epoch.timing, seat.time);
  }

  get decision(): Decision | undefined {
    return this.#decision;
  }

  get reported(): boolean {
    return this.#reported;
  }

  /** When to judge the decision or to ask KMS again, in Unix milliseconds. */
  get dueAt(): number {
    if (this.#reported) return Infinity;
    if (this.#decision && !this.#judged) return this.#observesUntil + 1;
    return this.#host.halted() ? Infinity : this.#askAt;
  }

  /** The signatures known: of each signer at most two roots, and the decided one. */
  get sigs(): readonly Sig[] {
    return this.#sigs;
  }

  /** What the store remembers of an earlier run: asked again, KMS signs the same root again. */
  restore(intent: string | undefined): void {
    this.#intent = intent;
  }

  decide(decision: Decision): void {
    this.#decision = decision;
    const { time } = this.#seat;
    const { round, prop, precommits, report } = decision;
    this.#host.out.store({
      kind: "decision",
      time,
      root: report.root,
      certificate: [prop.bytes, ...precommits.map(({ bytes }) => bytes)],
    });
    this.#host.out.effect({ kind: "decided", time, round, root: report.root });
  }

  /**
   * Takes in another's signature, or the own one from the store.
   * @returns evidence where its signer has signed another root
   */
  add(sig: Sig): Evidence | undefined {
    const { epoch, time } = this.#seat;
    const earlier = this.#sigs.filter(({ signer }) => signer === sig.signer);
    if (earlier.some(({ root }) => root === sig.root)) return undefined;
    // Two are evidence enough. But the decided one counts: who has a report with it, and did not sign, has no other to give.
    if (earlier.length > 1 && sig.root !== this.#decision?.report.root) return undefined;
    if (this.#reported && sig.root === this.#intent) return undefined; // one more is not needed
    const address = epoch.members[sig.signer]?.address ?? new Uint8Array(20);
    if (!this.#host.cryptography.signedReport(address, this.#digest(sig.root), sig.compact)) return undefined;
    this.#sigs.push(sig);
    const [first] = earlier;
    if (!first) return undefined;
    return {
      kind: "equivocation",
      accused: sig.signer,
      time,
      epoch: epoch.number,
      about: "sig",
      messages: [first.bytes, sig.bytes],
    };
  }

  /** Asks KMS where there is a decision this signer can vouch for. */
  advance(own: Obs | undefined, now: number): void {
    const decision = this.#decision;
    if (!decision || this.#reported) return;
    // Where the own clock is slow, the others decide before it is time to observe.
    if (!own && now <= this.#observesUntil) return;
    if (!this.#judged) this.#judge(decision, own);
    if (!this.#vouches) return;
    const { time } = this.#seat;
    if (this.#host.halted()) {
      if (!this.#saidHalted) this.#page({ reason: "halted", time });
      this.#saidHalted = true;
      return;
    }
    if (this.#hasOwn() || (this.#asked && now < this.#askAt)) return;
    const { root } = decision.report;
    this.#intent ??= this.#intend(root);
    if (this.#intent !== root) {
      // Beyond the assumptions: more than f signers lie. A second root of one time is never signed.
      this.#vouches = false;
      this.#page({ reason: "conflict", time, intended: this.#intent, decided: root });
      return;
    }
    this.#asked = true;
    this.#askAt = Infinity;
    this.#host.out.effect({ kind: "sign", time, root, digest: this.#digest(root) });
  }

  /** KMS has signed. */
  signed(compact: Uint8Array): void {
    const { epoch, time, self } = this.#seat;
    const root = this.#intent;
    if (root === undefined || this.#hasOwn()) return;
    const address = epoch.members[self]?.address ?? new Uint8Array(20);
    if (!this.#host.cryptography.signedReport(address, this.#digest(root), compact)) {
      this.#page({ reason: "wrongSignature", time });
      return;
    }
    const bytes = sealMessage(epoch, time, self, { kind: "sig", root, compact }, this.#host.cryptography);
    this.#sigs.push({ kind: "sig", epoch: epoch.number, time, signer: self, bytes, root, compact });
    this.#host.out.store({ kind: "sig", time, bytes });
    this.#host.out.sendAll([bytes]);
  }

  /** KMS has not signed. */
  failed(reason: string, now: number): void {
    this.#page({ reason: "kms", time: this.#seat.time, detail: reason });
    this.#askAt = now + ASK_AGAIN;
  }

  /** A root with a quorum of signatures. */
  quorumRoot(): string | undefined {
    if (this.#reported) return undefined;
    const counts = new Map<string, number>();
    for (const { root } of this.#sigs) counts.set(root, (counts.get(root) ?? 0) + 1);
    return [...counts].find(([, count]) => count >= this.#seat.epoch.q)?.[0];
  }

  /** Publishes the report of a root with a quorum of signatures. */
  publish(prop: Prop, report: PricedReport): void {
    const { epoch, time } = this.#seat;
    const sigs = this.#sigs
      .filter(({ root }) => root === report.root)
      .sort((a, b) => a.signer - b.signer)
      .slice(0, epoch.q);
    const signatures: ReportSignature[] = sigs.map(({ signer, compact }) => ({ index: signer, compact }));
    this.#reported = true;
    this.#host.out.store({
      kind: "report",
      time,
      root: report.root,
      messages: [prop.bytes, ...sigs.map(({ bytes }) => bytes)],
    });
    this.#host.out.effect({ kind: "report", report: { ...report, epoch, time, signatures } });
  }

  #judge(decision: Decision, own: Obs | undefined): void {
    const { epoch, time } = this.#seat;
    this.#judged = true;
    if (!own) {
      this.#page({ reason: "unobserved", time });
      return;
    }
    const feeds = dissentFrom(epoch, decision.report.prices, own.prices);
    this.#vouches = feeds.length === 0;
    if (!this.#vouches) this.#page({ reason: "dissent", time, feeds });
  }

  #intend(root: string): string {
    this.#host.out.store({ kind: "intent", time: this.#seat.time, root });
    return root;
  }

  #hasOwn(): boolean {
    return this.#sigs.some(({ signer, root }) => signer === this.#seat.self && root === this.#intent);
  }

  #digest(root: string): Uint8Array {
    return reportDigest(this.#seat.epoch.domain, this.#seat.time, fromHex(root));
  }

  #page(page: Page): void {
    this.#host.out.effect({ kind: "page", page });
  }
}
