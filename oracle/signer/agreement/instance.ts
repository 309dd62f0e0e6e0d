import type { ReportTree } from "../../report/report-tree.ts";
import { missingFrom } from "./complete.ts";
import { decodeMessage } from "./decode-message.ts";
import { feedsToDrop, mayDrop, needlesslyDropped, type Objections, objections } from "./drop.ts";
import { sealMessage } from "./encode-message.ts";
import { leaderOf } from "./epoch.ts";
import type { Evidence } from "./evidence.ts";
import { HeldObservations } from "./held-observations.ts";
import type { Host, Seat } from "./host.ts";
import {
  bodyOf,
  type Content,
  FRESH,
  type Header,
  MAX_ROUND,
  type Message,
  NIL,
  type Obs,
  type Precommit,
  type Prevote,
  type Prop,
  roundOf,
} from "./message.ts";
import type { PricedReport } from "./price-report.ts";
import { Proposals, readMessage, type Verdict } from "./proposals.ts";
import { RoundVotes } from "./round-votes.ts";
import type { Mark } from "./rules.ts";
import { sameBytes } from "./same-bytes.ts";
import { Signing } from "./signing.ts";
import type { StoredTime } from "./store.ts";
import { isFixing, leaderWait, observableUntil, observationDelay, roundTimeout } from "./timing.ts";
import { dissentFrom } from "./vouch.ts";

type Step = "propose" | "prevote" | "precommit";

/** Rounds this far ahead are noted, but their votes are not kept: they come again when the round is near. */
const ROUNDS_AHEAD = 8;

/** A member is answered at most this often, in milliseconds. */
export const ANSWER_EVERY = 500;

/** Agreement on one time: single-shot Tendermint over a set of observations, then the signatures. */
export class Instance {
  readonly seat: Seat;
  readonly signing: Signing;
  readonly #host: Host;
  readonly #held: HeldObservations;
  readonly #proposals: Proposals;
  readonly #rounds = new Map<number, RoundVotes>();
  /** By member: the highest round it was seen in; -1 where it was not seen at all. */
  readonly #seenRound: number[];
  readonly #answeredAt: number[];
  readonly #givenAt = new Map<string, number>();
  readonly #evident = new Set<string>();
  #own: Obs | undefined;
  #startedAt: number | undefined;
  #round = 0;
  #step: Step = "propose";
  #roundSince = 0;
  #prevoteDue = Infinity;
  #precommitDue = Infinity;
  #resendAt = Infinity;
  #wanted = new Map<Prop, number>();
  #locked: Mark | undefined;
  #valid: { mark: Mark; prop: Prop } | undefined;
  #reportedAt = Infinity;
  #restoring = false;

  /** @param previous the tree of an earlier report, which saves hashing what did not change */
  constructor(host: Host, seat: Seat, previous: () => ReportTree | undefined) {
    const { n } = seat.epoch;
    this.seat = seat;
    this.#host = host;
    this.signing = new Signing(host, seat);
    this.#held = new HeldObservations(n);
    this.#proposals = new Proposals(host, seat, this.#held, previous);
    this.#seenRound = new Array<number>(n).fill(-1);
    this.#answeredAt = new Array<number>(n).fill(-Infinity);
  }

  get started(): boolean {
    return this.#startedAt !== undefined;
  }

  /** When a quorum's signatures were complete, in Unix milliseconds. */
  get reportedAt(): number {
    return this.#reportedAt;
  }

  get hasOwnObservation(): boolean {
    return this.#own !== undefined;
  }

  /** Goes on from what is on disk. */
  restore(stored: StoredTime): void {
    const { observations, votes, lock, certificate, intent, sig } = stored;
    this.#restoring = true;
    for (const bytes of [
      observations,
      votes,
      lock?.messages ?? [],
      certificate ?? [],
      sig ? [sig] : [],
    ].flat()) {
      const message = readMessage(bytes, this.seat.epoch, this.#host);
      if (typeof message === "string") throw new Error(`stored message of ${this.seat.time}: ${message}`);
      this.receive(message, -Infinity);
    }
    this.#restoring = false;
    this.#locked = lock?.locked;
    const mark = lock?.valid;
    const [prop] = mark ? (this.#rounds.get(mark.round)?.propsFor(mark.value) ?? []) : [];
    if (mark && prop) this.#valid = { mark, prop };
    this.signing.restore(intent);
    const { self } = this.seat;
    for (const [round, { prevotes, precommits }] of this.#rounds) {
      if (round < this.#round) continue;
      const step: Step | undefined =
        precommits.votesOf(self).length > 0
          ? "precommit"
          : prevotes.votesOf(self).length > 0
            ? "prevote"
            : undefined;
      if (!step) continue;
      this.#round = round;
      this.#step = step;
    }
  }

  /** The own observation: stored, sent, and the instance's beginning. */
  observe(prices: BigInt64Array, now: number): void {
    const { time, self } = this.seat;
    const obs = this.#say({ kind: "obs", prices }, now) as Obs;
    this.#host.out.store({ kind: "obs", time, signer: self, hash: obs.hash, own: true, bytes: obs.bytes });
  }

  /** Takes in a message whose signature has been checked. Call `advance` after the last one. */
  receive(message: Message, now: number): void {
    const { signer } = message;
    switch (message.kind) {
      case "obs":
        this.#seen(signer, 0);
        this.#receiveObs(message, now);
        break;
      case "prop":
        if (signer !== leaderOf(this.seat.epoch, this.seat.time, message.round)) return;
        if (this.#near(message)) this.#receiveProp(message);
        break;
      case "prevote":
        if (this.#near(message)) this.#receivePrevote(message);
        break;
      case "precommit":
        if (this.#near(message)) this.#receivePrecommit(message);
        break;
      case "sig": {
        const evidence = this.signing.add(message);
        if (evidence) this.#report(evidence);
        break;
      }
      case "ask":
        this.#answer(signer, message.have, now);
        break;
      case "want":
        this.#give(signer, message.observations, now);
        break;
    }
  }

  /** Whether what these bytes say is here already, so that nobody need check their signature again. */
  knows({ kind, signer }: Header, bytes: Uint8Array): boolean {
    const body = bodyOf(bytes);
    const same = (known: { readonly bytes: Uint8Array }) => sameBytes(bodyOf(known.bytes), body);
    if (kind === "obs") {
      const first = this.#held.of(signer);
      return first !== undefined && same(first);
    }
    if (kind === "sig") return this.signing.sigs.some(same);
    if (kind === "ask" || kind === "want") return false;
    const votes = this.#rounds.get(roundOf(bytes));
    if (!votes) return false;
    if (kind === "prop") return votes.props.some(same);
    return (kind === "prevote" ? votes.prevotes : votes.precommits).votesOf(signer).some(same);
  }

  /** Does everything that is possible or due. */
  advance(now: number): void {
    if (this.#startedAt === undefined) {
      const seen = this.#seenRound.filter((round) => round >= 0).length;
      if (this.#own || seen > this.seat.epoch.f) this.#start(now);
    }
    while (this.#progress(now));
    this.signing.advance(this.#own, now);
    this.#publish(now);
    this.#resend(now);
  }

  /** When `advance` has something to do even if nothing happens, in Unix milliseconds. */
  get dueAt(): number {
    if (this.#startedAt === undefined) return this.signing.dueAt;
    const undecided = !this.signing.decision && this.seat.votes;
    return Math.min(
      this.#resendAt,
      this.signing.dueAt,
      undecided ? this.#roundDue(this.#startedAt) : Infinity,
    );
  }

  /** All prevotes of this time. */
  prevotes(): Prevote[] {
    return this.#prevotesBefore(MAX_ROUND + 1);
  }

  #roundDue(startedAt: number): number {
    if (this.#step === "propose") {
      const wait = startedAt + leaderWait(this.seat.epoch.timing, this.seat.time);
      const { epoch, time, self } = this.seat;
      const proposes = leaderOf(epoch, time, this.#round) === self && this.#held.firsts().length >= epoch.q;
      const proposed = (this.#rounds.get(this.#round)?.props.length ?? 0) > 0;
      return Math.min(proposes && !proposed ? wait : Infinity, this.#proposeDue(), this.#precommitDue);
    }
    return Math.min(this.#step === "prevote" ? this.#prevoteDue : Infinity, this.#precommitDue);
  }

  #start(now: number): void {
    this.#startedAt = now;
    this.#roundSince = now;
    this.#resendAt = now + this.seat.epoch.timing.resend;
  }

  /** One step of the rules; false where none applies. */
  #progress(now: number): boolean {
    if (this.signing.decision) return false;
    if (this.#decide(now)) return true;
    if (this.#startedAt === undefined) return false;
    const later = this.#laterRound();
    if (later > this.#round) return this.#enter(later, now);
    if (!this.seat.votes) return false;
    switch (this.#step) {
      case "propose":
        if (this.#propose(now, this.#startedAt) || this.#prevote(now)) return true;
        break;
      case "prevote":
        if (this.#precommit(now)) return true;
        break;
      case "precommit":
        break;
    }
    return this.#noteValid(now) || this.#nextRound(now);
  }

  // A value with a quorum of precommits in any round is decided.
  #decide(now: number): boolean {
    const { q } = this.seat.epoch;
    for (const [round, votes] of this.#rounds) {
      if (votes.props.length === 0 || votes.precommits.voters < q) continue;
      for (const value of votes.precommits.withSupport(q)) {
        const valid = this.#validProp(votes, value, now);
        if (!valid) continue;
        const precommits = votes.precommits.votesFor(value).slice(0, q);
        this.signing.decide({ round, ...valid, precommits });
        return true;
      }
    }
    return false;
  }

  /** A valid proposal of this value in a round, with its report. */
  #validProp(
    votes: RoundVotes,
    value: string,
    now: number,
  ): { prop: Prop; report: PricedReport } | undefined {
    for (const prop of votes.propsFor(value)) {
      const verdict = this.#judge(prop, now);
      if (verdict?.valid) return { prop, report: verdict.report };
    }
    return undefined;
  }

  // f + 1 signers in a later round: one of them is honest, and was let into it by a quorum.
  #laterRound(): number {
    const { n, f } = this.seat.epoch;
    const ascending = [...this.#seenRound].sort((a, b) => a - b);
    return ascending[n - 1 - f] ?? 0;
  }

  #enter(round: number, now: number): boolean {
    this.#round = Math.min(round, MAX_ROUND);
    this.#step = "propose";
    this.#roundSince = now;
    this.#prevoteDue = Infinity;
    this.#precommitDue = Infinity;
    return true;
  }

  #propose(now: number, startedAt: number): boolean {
    const { epoch, time, self } = this.seat;
    if (leaderOf(epoch, time, this.#round) !== self) return false;
    if (this.#votes(this.#round).props.some(({ signer }) => signer === self)) return false;
    const content = this.#valid ? this.#again(this.#valid) : this.#fresh(now, startedAt);
    if (!content) return false;
    const prop = this.#say(content, now);
    this.#host.out.store({ kind: "vote", time, round: this.#round, step: "prop", bytes: prop.bytes });
    return true;
  }

  #again({ mark, prop }: { mark: Mark; prop: Prop }): Content {
    const { root, observations, drop, dissents } = prop;
    const round = this.#round;
    return { kind: "prop", round, validRound: mark.round, root, observations, drop, dissents };
  }

  #fresh(now: number, startedAt: number): Content | undefined {
    const { epoch, time } = this.seat;
    const { n, q, timing } = epoch;
    const observations = this.#held.firsts();
    if (observations.length < q) return undefined;
    if (observations.length < n && now < startedAt + leaderWait(timing, time)) return undefined;
    const against = this.#objections();
    const drop = feedsToDrop(epoch, this.#round, against, this.#host.rules);
    const dropped = new Set(drop);
    const dissents = against.dissents.filter(({ dissent }) => dissent.some((feed) => dropped.has(feed)));
    if (!mayDrop(epoch, this.#round, drop, dissents, this.#host.rules)) return undefined;
    return {
      kind: "prop",
      round: this.#round,
      validRound: FRESH,
      root: this.#proposals.price(observations, drop).root,
      observations: observations.map(({ hash }) => hash),
      drop,
      dissents: dissents.map(({ bytes }) => bytes),
    };
  }

  #prevote(now: number): boolean {
    const { prevotes } = this.#votes(this.#round);
    if (prevotes.votesOf(this.seat.self).length > 0) return this.#to("prevote");
    for (const prop of this.#votes(this.#round).props) {
      if (prop.validRound !== FRESH && !this.#wasValid(prop)) continue;
      const verdict = this.#judge(prop, now);
      if (!verdict || (this.#mayStillObserve(now) && now < this.#proposeDue())) continue;
      const vote = this.#opinion(prop, verdict);
      return this.#cast({ kind: "prevote", round: this.#round, ...vote }, now);
    }
    if (now < this.#proposeDue()) return false;
    return this.#cast({ kind: "prevote", round: this.#round, value: NIL, dissent: [], missing: [] }, now);
  }

  /** A slow clock is no reason to vote nil. */
  #mayStillObserve(now: number): boolean {
    const { epoch, time } = this.seat;
    return !this.#own && now <= observableUntil(epoch.timing, time);
  }

  #wasValid({ validRound, value }: Prop): boolean {
    const { prevotes } = this.#votes(validRound);
    return prevotes.support(value) >= this.seat.epoch.q;
  }

  /** VALID, VOUCH, COMPLETE and the lock, in this order. */
  #opinion(prop: Prop, verdict: Verdict): Pick<Prevote, "value" | "dissent" | "missing"> {
    const { epoch, time } = this.seat;
    const no = { value: NIL, dissent: [], missing: [] };
    if (!verdict.valid || this.#host.halted() || !this.#own) return no;
    const { report, observations } = verdict;
    const dissent = dissentFrom(epoch, report.prices, this.#own.prices);
    if (dissent.length > 0) return { ...no, dissent };
    if (prop.validRound === FRESH && prop.round < epoch.n) {
      const held = this.#held.inTime();
      const left = missingFrom(epoch, time, report, prop.drop, observations, held, this.#host.rules);
      if (left.length > 0) this.#accuseOfCensorship(prop, left, observations, held);
      const needless = needlesslyDropped(epoch, prop.round, prop.drop, this.#objections());
      const missing = [...left, ...needless].sort((a, b) => a - b);
      if (missing.length > 0) return { ...no, missing };
    }
    if (!this.#host.rules.mayPrevote(this.#locked, prop.value, prop.validRound)) return no;
    return { ...no, value: prop.value };
  }

  #precommit(now: number): boolean {
    const votes = this.#votes(this.#round);
    const { prevotes, precommits } = votes;
    const { q, timing } = this.seat.epoch;
    if (precommits.votesOf(this.seat.self).length > 0) return this.#to("precommit");
    const valid = this.#validOf(votes, now);
    if (valid) {
      this.#locked = valid.mark;
      this.#valid = valid;
      this.#storeLock();
      return this.#cast({ kind: "precommit", ...valid.mark }, now);
    }
    if (prevotes.voters >= q && this.#prevoteDue === Infinity) {
      this.#prevoteDue = now + roundTimeout(timing.voteTimeout, this.#round, timing);
    }
    if (prevotes.support(NIL) < q && now < this.#prevoteDue) return false;
    return this.#cast({ kind: "precommit", round: this.#round, value: NIL }, now);
  }

  // A quorum of prevotes that came too late to lock still says what to propose next.
  #noteValid(now: number): boolean {
    if (this.#step !== "precommit" || (this.#valid && this.#valid.mark.round >= this.#round)) return false;
    const valid = this.#validOf(this.#votes(this.#round), now);
    if (!valid) return false;
    this.#valid = valid;
    this.#storeLock();
    return true;
  }

  /** The value of this round with a quorum of prevotes and a valid proposal; there is at most one. */
  #validOf(votes: RoundVotes, now: number): { mark: Mark; prop: Prop } | undefined {
    const { q } = this.seat.epoch;
    if (votes.props.length === 0 || votes.prevotes.voters < q) return undefined;
    for (const value of votes.prevotes.withSupport(q)) {
      const valid = this.#validProp(votes, value, now);
      if (valid) return { mark: { round: this.#round, value }, prop: valid.prop };
    }
    return undefined;
  }

  #nextRound(now: number): boolean {
    const { precommits } = this.#votes(this.#round);
    const { q, timing } = this.seat.epoch;
    if (precommits.voters >= q && this.#precommitDue === Infinity) {
      this.#precommitDue = now + roundTimeout(timing.voteTimeout, this.#round, timing);
    }
    if (now < this.#precommitDue || this.#round === MAX_ROUND) return false;
    return this.#enter(this.#round + 1, now);
  }

  #proposeDue(): number {
    const { timing } = this.seat.epoch;
    const base = leaderWait(timing, this.seat.time) + timing.proposeSlack;
    return this.#roundSince + roundTimeout(base, this.#round, timing);
  }

  #to(step: Step): boolean {
    this.#step = step;
    return true;
  }

  #storeLock(): void {
    const valid = this.#valid;
    if (!valid) return;
    const prevotes = this.#votes(valid.mark.round).prevotes.votesFor(valid.mark.value);
    const messages = [valid.prop.bytes, ...prevotes.map(({ bytes }) => bytes)];
    const lock = { locked: this.#locked, valid: valid.mark, messages };
    this.#host.out.store({ kind: "lock", time: this.seat.time, lock });
  }

  #cast(content: Content & { kind: "prevote" | "precommit" }, now: number): boolean {
    const { bytes } = this.#say(content, now);
    const { kind: step, round } = content;
    this.#host.out.store({ kind: "vote", time: this.seat.time, round, step, bytes });
    return this.#to(step);
  }

  /** Signs, sends, and counts like anybody's message. */
  #say(content: Content, now: number): Message {
    const { epoch, time, self } = this.seat;
    const bytes = sealMessage(epoch, time, self, content, this.#host.cryptography);
    const message = decodeMessage(bytes, epoch);
    this.#host.out.sendAll([bytes]);
    this.receive(message, now);
    return message;
  }

  #judge(prop: Prop, now: number): Verdict | undefined {
    const verdict = this.#proposals.judge(prop);
    if (!verdict) this.#fetch(prop, now);
    else if (!verdict.valid) {
      const { epoch, time } = this.seat;
      const { signer: accused, bytes } = prop;
      this.#report({
        kind: "badProposal",
        accused,
        time,
        epoch: epoch.number,
        about: verdict.why,
        messages: [bytes],
      });
    }
    return verdict;
  }

  // First from the leader, who must have them; then from everybody.
  #fetch(prop: Prop, now: number): void {
    const askedAt = this.#wanted.get(prop);
    if (askedAt !== undefined && now < askedAt + this.seat.epoch.timing.resend) return;
    this.#wanted.set(prop, now);
    const observations = this.#proposals.missing(prop);
    for (const hash of observations) this.#held.want(hash);
    const { epoch, time, self } = this.seat;
    const bytes = sealMessage(epoch, time, self, { kind: "want", observations }, this.#host.cryptography);
    if (askedAt === undefined && prop.signer !== self) this.#host.out.send(prop.signer, [bytes]);
    else this.#host.out.sendAll([bytes]);
  }

  #publish(now: number): void {
    const root = this.signing.quorumRoot();
    if (root === undefined) return;
    const { decision } = this.signing;
    if (decision?.report.root === root) this.signing.publish(decision.prop, decision.report);
    else {
      for (const { props } of this.#rounds.values()) {
        const prop = props.find((candidate) => candidate.root === root);
        const verdict = prop && this.#judge(prop, now);
        if (!prop || !verdict?.valid) continue;
        this.signing.publish(prop, verdict.report);
        break;
      }
    }
    if (this.signing.reported) this.#reportedAt = now;
  }

  #resend(now: number): void {
    if (now < this.#resendAt || this.#startedAt === undefined) return;
    if (this.signing.reported) {
      this.#resendAt = Infinity; // who lacks something asks
      return;
    }
    const { epoch, time, self } = this.seat;
    const { timing } = epoch;
    const old = now - 1000 * time - observationDelay(timing, time) > timing.patience;
    this.#resendAt = now + (isFixing(time) && old ? timing.slowResend : timing.resend);
    const ask: Content = { kind: "ask", have: this.#held.have() };
    this.#host.out.sendAll([
      ...this.#votesHeld(),
      ...this.#certificate(),
      sealMessage(epoch, time, self, ask, this.#host.cryptography),
    ]);
  }

  #answer(member: number, have: readonly boolean[], now: number): void {
    if (member === this.seat.self || now < (this.#answeredAt[member] ?? 0) + ANSWER_EVERY) return;
    this.#answeredAt[member] = now;
    const lacks = this.#held.firsts().filter(({ signer }) => !have[signer]);
    this.#host.out.send(member, [
      ...lacks.map(({ bytes }) => bytes),
      ...this.#votesHeld(),
      ...this.#certificate(),
    ]);
  }

  #give(member: number, hashes: readonly string[], now: number): void {
    const due = hashes.filter(
      (hash) => now >= (this.#givenAt.get(`${member} ${hash}`) ?? -Infinity) + ANSWER_EVERY,
    );
    const observations = due.map((hash) => this.#held.get(hash)).filter((obs) => obs !== undefined);
    for (const { hash } of observations) this.#givenAt.set(`${member} ${hash}`, now);
    this.#host.out.send(
      member,
      observations.map(({ bytes }) => bytes),
    );
  }

  /** Proposals and votes of everybody in this round, the one before, and the one of the valid value. */
  #votesHeld(): Uint8Array[] {
    const rounds = new Set([this.#round - 1, this.#round, this.#valid?.mark.round ?? -1]);
    const messages: Uint8Array[] = [];
    for (const [round, { props, prevotes, precommits }] of this.#rounds) {
      if (!rounds.has(round)) continue;
      for (const { signer, bytes } of [...props, ...prevotes.all(), ...precommits.all()]) {
        if (this.#host.rules.resends(signer, this.seat.self)) messages.push(bytes);
      }
    }
    return messages;
  }

  #certificate(): Uint8Array[] {
    const { decision } = this.signing;
    const proof = decision ? [decision.prop, ...decision.precommits].map(({ bytes }) => bytes) : [];
    return [...proof, ...this.signing.sigs.map(({ bytes }) => bytes)];
  }

  #receiveObs(obs: Obs, now: number): void {
    const { time, self, epoch } = this.seat;
    const deadline = 1000 * time + observationDelay(epoch.timing, time) + leaderWait(epoch.timing, time);
    const held = this.#held.has(obs.hash);
    const other = this.#held.add(obs, now <= deadline);
    if (other) this.#accuseOfTwo("obs", other.bytes, obs);
    if (obs.signer === self) {
      if (!other) this.#own = obs;
    } else if (isFixing(time) && !held && !this.#restoring && this.#held.has(obs.hash)) {
      const { signer, hash, bytes } = obs;
      this.#host.out.store({ kind: "obs", time, signer, hash, own: false, bytes });
    }
  }

  #receiveProp(prop: Prop): void {
    const votes = this.#votes(prop.round);
    const first = votes.addProp(prop, (kept) => this.#proposals.judge(kept)?.valid === false);
    if (first) this.#accuseOfTwo(`prop in round ${prop.round}`, first.bytes, prop);
  }

  #receivePrevote(vote: Prevote): void {
    const { prevotes } = this.#votes(vote.round);
    const counted = prevotes.add(vote);
    if (counted === "equivocation") this.#accuseOfVotes("prevote", prevotes.votesOf(vote.signer), vote);
  }

  #receivePrecommit(vote: Precommit): void {
    const { precommits } = this.#votes(vote.round);
    const counted = precommits.add(vote);
    if (counted === "equivocation") this.#accuseOfVotes("precommit", precommits.votesOf(vote.signer), vote);
  }

  /** Notes where a signer is; false where its message is of a round too far away to be kept. */
  #near(message: Prop | Prevote | Precommit): boolean {
    this.#seen(message.signer, message.round);
    return this.#isNear(message.round);
  }

  #isNear(round: number): boolean {
    return this.#restoring || round <= this.#round + ROUNDS_AHEAD;
  }

  #seen(signer: number, round: number): void {
    if ((this.#seenRound[signer] ?? 0) < round) this.#seenRound[signer] = round;
  }

  #votes(round: number): RoundVotes {
    const known = this.#rounds.get(round);
    if (known) return known;
    const votes = new RoundVotes(this.seat.epoch.n, this.#host.rules);
    this.#rounds.set(round, votes);
    return votes;
  }

  #prevotesBefore(round: number): Prevote[] {
    return [...this.#rounds].flatMap(([of, { prevotes }]) => (of < round ? prevotes.all() : []));
  }

  #objections(): Objections {
    return objections(this.#prevotesBefore(this.#round));
  }

  #accuseOfVotes(kind: string, votes: readonly { bytes: Uint8Array }[], vote: Prevote | Precommit): void {
    const [first] = votes;
    if (first) this.#accuseOfTwo(`${kind} in round ${vote.round}`, first.bytes, vote);
  }

  #accuseOfTwo(about: string, first: Uint8Array, { signer: accused, bytes }: Message): void {
    const { time, epoch } = this.seat;
    this.#report({
      kind: "equivocation",
      accused,
      time,
      epoch: epoch.number,
      about,
      messages: [first, bytes],
    });
  }

  #accuseOfCensorship(
    prop: Prop,
    feeds: readonly number[],
    proposed: readonly Obs[],
    held: readonly Obs[],
  ): void {
    const { time, epoch } = this.seat;
    const left = held.filter(({ hash }) => !proposed.some((obs) => obs.hash === hash));
    this.#report({
      kind: "censorship",
      accused: prop.signer,
      time,
      epoch: epoch.number,
      about: `round ${prop.round}, feeds ${feeds.slice(0, 8).join(", ")}`,
      messages: [prop.bytes, ...left.map(({ bytes }) => bytes)],
    });
  }

  /** Once for each kind, accused and subject. */
  #report(evidence: Evidence): void {
    const key = `${evidence.kind} ${evidence.accused} ${evidence.about}`;
    if (this.#evident.has(key)) return;
    this.#evident.add(key);
    this.#host.out.store({ kind: "evidence", evidence });
    this.#host.out.effect({ kind: "evidence", evidence });
  }
}
