import type { ReportTree } from "../../report/report-tree.ts";
import type { Cryptography } from "./cryptography.ts";
import { decodeHeader } from "./decode-message.ts";
import type { Event, Output } from "./effects.ts";
import { type Epoch, epochAt, openBundles } from "./epoch.ts";
import type { Host } from "./host.ts";
import { sealMessage } from "./encode-message.ts";
import { ANSWER_EVERY, Instance } from "./instance.ts";
import type { Header } from "./message.ts";
import { MessageError } from "./message-error.ts";
import { ObservationSchedule } from "./observation-schedule.ts";
import { Outbox } from "./outbox.ts";
import { PermanentDissent } from "./permanent-dissent.ts";
import { readMessage } from "./proposals.ts";
import { type Rules, RULES } from "./rules.ts";
import { sameBytes } from "./same-bytes.ts";
import type { StoredState } from "./store.ts";
import { checkSuccessor } from "./successor.ts";
import { FIXING_PERIOD, isFixing, nextFixing, observableUntil } from "./timing.ts";

/** A signer farther than this from its peers' clocks does not observe, in milliseconds. */
const MAX_OFFSET = 1_000;

/** Nor does anybody take in what is said of times so far in the future, in milliseconds. */
const MAX_AHEAD = 2_000;

/** Ordinary ticks under way at once. */
const MAX_ORDINARY = 2;

/** A closed fixing stays in memory for this long, in milliseconds; after that the store answers for it. */
const LINGER = 60_000;

/** A signer that was away asks its peers for the fixings it missed: this often, after a while less often, in milliseconds. */
const INQUIRE_EVERY = 30_000;
const INQUIRE_FOR = 600_000;
const INQUIRE_SLOWLY = 300_000;

/** How long fixings are kept on disk, in seconds: a year, and a week to be on the safe side. */
const KEEP_FIXINGS = 372 * 86_400;

export interface AgreementOptions {
  /** The own identity's public key: says which member this is in each epoch. */
  readonly identity: Uint8Array;
  /** All epochs whose times may still be open, ascending. */
  readonly epochs: readonly Epoch[];
  readonly cryptography: Cryptography;
  /** What the own store remembers. */
  readonly stored: StoredState;
  /** Only tests have others. */
  readonly rules?: Rules;
}

/**
 * One signer's part in agreement, as a machine: events in, outputs out. It does no I/O, reads no clock and draws no
 * random numbers, so the same events always lead to the same outputs. The first event is `start`.
 *
 * Whoever runs it first writes an output's records to the store, in one transaction, and only then carries out
 * its effects, in order. If writing fails, nothing leaves, and the signer stops.
 */
export class Agreement {
  readonly #identity: Uint8Array;
  readonly #host: Host;
  readonly #out = new Outbox();
  readonly #instances = new Map<number, Instance>();
  readonly #closed: Set<number>;
  readonly #dissent = new PermanentDissent();
  readonly #stored: StoredState;
  #epochs: readonly Epoch[];
  #schedule: ObservationSchedule | undefined;
  #sitOutUntil: number;
  /** Ordinary ticks up to here are over. */
  #over = 0;
  #halted = false;
  #offset = 0;
  #saidOffset = false;
  #observing = new Set<number>();
  #forgotten = 0;
  readonly #servedAt = new Map<string, number>();
  readonly #missed = new Set<number>();
  #inquireAt = Infinity;
  #inquireUntil = 0;
  #latest: ReportTree | undefined;

  constructor({ identity, epochs, cryptography, stored, rules = RULES }: AgreementOptions) {
    if (epochs.length === 0) throw new RangeError("agreement needs at least one epoch");
    this.#identity = identity;
    this.#epochs = epochs;
    this.#stored = stored;
    this.#closed = new Set(stored.closed);
    this.#sitOutUntil = stored.sitOutUntil;
    this.#host = { cryptography, rules, out: this.#out, halted: () => this.#halted };
  }

  /** Takes in one event. */
  handle(event: Event): Output {
    const { now } = event;
    switch (event.kind) {
      case "start":
        this.#start(now);
        break;
      case "clock":
        break;
      case "messages":
        this.#receive(event.messages, now);
        break;
      case "observation":
        this.#observed(event.time, event.prices, now);
        break;
      case "signed":
        this.#instances.get(event.time)?.signing.signed(event.compact);
        break;
      case "signFailed":
        this.#instances.get(event.time)?.signing.failed(event.reason, now);
        break;
      case "halt":
        this.#halted = event.halted;
        break;
      case "offset":
        this.#offset = event.offset;
        break;
      case "epoch":
        checkSuccessor(this.#epochs, event.epoch, event.approvedBy, now);
        this.#epochs = [...this.#epochs, event.epoch];
        break;
    }
    if (!this.#schedule) throw new Error("the first event of a machine is start");
    this.#closeOld(now);
    this.#observe(this.#schedule, now);
    this.#inquire(now);
    let wakeAt = Math.min(this.#schedule.dueAt, this.#inquireAt);
    for (const instance of this.#instances.values()) {
      const touched = event.kind !== "messages" || this.#touched.has(instance) || instance.dueAt <= now;
      if (touched) this.#advance(instance, now);
      wakeAt = Math.min(wakeAt, instance.dueAt, this.#closeAt(instance));
    }
    this.#touched.clear();
    return this.#out.take(Math.max(wakeAt, now + 1));
  }

  /** Instances that messages of this event were for. */
  readonly #touched = new Set<Instance>();

  #start(now: number): void {
    const epoch = epochAt(this.#epochs, Math.floor(now / 1000)) ?? this.#epochs[0];
    if (!epoch) return;
    const { timing } = epoch;
    const { intact, open } = this.#stored;
    if (!intact) {
      // Votes may be forgotten: none until two ticks have gone by that this store cannot have voted in.
      this.#sitOutUntil = Math.max(this.#sitOutUntil, Math.ceil(now / 1000) + 2 * timing.tick);
      this.#out.store({ kind: "sitOut", until: this.#sitOutUntil });
      this.#out.effect({ kind: "page", page: { reason: "sitOut", until: this.#sitOutUntil } });
    }
    // A store with gaps may also have forgotten an observation that was sent.
    const delay = Math.max(timing.observeDelay, timing.fixingDelay) + timing.observeWindow;
    this.#schedule = new ObservationSchedule(timing, intact ? Math.floor((now - delay) / 1000) : now / 1000);
    for (const stored of open) {
      const { time } = stored;
      if (this.#isOver(time, now)) continue;
      this.#open(time)?.restore(stored);
    }
    const first = Math.max(this.#epochs[0]?.from ?? 0, Math.floor(now / 1000) - timing.fixingLife);
    for (let time = nextFixing(first - 1); 1000 * time < now; time += FIXING_PERIOD) {
      // One with the own observation goes on by itself; of another, only some others' observations may be on disk.
      if (!this.#closed.has(time) && !this.#instances.get(time)?.hasOwnObservation) this.#missed.add(time);
    }
    this.#inquireUntil = now + INQUIRE_FOR;
    this.#inquireAt = this.#missed.size > 0 ? now : Infinity;
  }

  /** A fixing that is not observed here: it is asked for. */
  #miss(time: number, now: number): void {
    if (!isFixing(time)) return;
    this.#missed.add(time);
    this.#inquireAt = Math.min(this.#inquireAt, now + INQUIRE_EVERY);
    this.#inquireUntil = now + INQUIRE_FOR;
  }

  /**
   * Asks everybody for the fixings that were missed: nobody observes the past, but everybody keeps its reports. A fixing
   * that is under way here asks by itself; one of which a single message has been heard, from too few to begin, does not.
   */
  #inquire(now: number): void {
    if (now < this.#inquireAt) return;
    for (const time of this.#missed) {
      const epoch = epochAt(this.#epochs, time);
      const self = epoch ? this.#selfIn(epoch) : -1;
      const known = this.#closed.has(time) || this.#instances.get(time)?.started === true;
      if (!epoch || self < 0 || known || this.#isOver(time, now)) this.#missed.delete(time);
      else {
        const ask = { kind: "ask", have: epoch.members.map(() => false) } as const;
        this.#out.sendAll([sealMessage(epoch, time, self, ask, this.#host.cryptography)]);
      }
    }
    const pause = now < this.#inquireUntil ? INQUIRE_EVERY : INQUIRE_SLOWLY;
    this.#inquireAt = this.#missed.size > 0 ? now + pause : Infinity;
  }

  #receive(messages: readonly Uint8Array[], now: number): void {
    for (const bytes of messages) {
      const header = readHeader(bytes);
      if (!header) continue;
      const epoch = epochAt(this.#epochs, header.time);
      if (epoch?.number !== header.epoch || header.signer >= epoch.n) continue;
      if (header.kind === "ask" && this.#closed.has(header.time) && !this.#instances.has(header.time)) {
        this.#serve(bytes, epoch, now);
        continue;
      }
      const isQuestion = header.kind === "ask" || header.kind === "want";
      const instance = isQuestion ? this.#instances.get(header.time) : this.#instanceFor(header, now);
      if (!instance || instance.knows(header, bytes)) continue;
      const message = readMessage(bytes, epoch, this.#host);
      if (typeof message === "string") continue;
      instance.receive(message, now);
      this.#touched.add(instance);
    }
  }

  /** A closed time is answered from the store; who has the report asks no more, so this ends. */
  #serve(bytes: Uint8Array, epoch: Epoch, now: number): void {
    const ask = readMessage(bytes, epoch, this.#host);
    if (typeof ask === "string" || ask.kind !== "ask") return;
    const key = `${ask.signer} ${ask.time}`;
    if (now < (this.#servedAt.get(key) ?? -Infinity) + ANSWER_EVERY) return;
    this.#servedAt.set(key, now);
    this.#out.effect({ kind: "serve", to: ask.signer, time: ask.time });
  }

  #observed(time: number, prices: BigInt64Array, now: number): void {
    const epoch = epochAt(this.#epochs, time);
    if (!epoch || !this.#observing.delete(time)) return;
    if (prices.length !== epoch.feeds.length) {
      throw new RangeError(`${prices.length} prices for a catalog of ${epoch.feeds.length} feeds`);
    }
    const late = observableUntil(epoch.timing, time);
    if (this.#closed.has(time)) return;
    if (now > late || now < 1000 * time || this.#isOver(time, now) || this.#isOff()) {
      this.#miss(time, now);
      return;
    }
    const instance = this.#open(time);
    if (!instance || instance.hasOwnObservation) return;
    instance.observe(prices, now);
    this.#limitOrdinary();
  }

  #observe(schedule: ObservationSchedule, now: number): void {
    for (const time of schedule.take(now)) {
      const epoch = epochAt(this.#epochs, time);
      if (!epoch || this.#selfIn(epoch) < 0 || openBundles(epoch, time).length === 0) continue;
      if (this.#isOff()) {
        if (!this.#saidOffset)
          this.#out.effect({ kind: "page", page: { reason: "clock", offset: this.#offset } });
        this.#saidOffset = true;
        this.#miss(time, now);
        continue;
      }
      this.#saidOffset = false;
      if (this.#closed.has(time) || this.#instances.get(time)?.hasOwnObservation) continue;
      this.#observing.add(time);
      this.#out.effect({ kind: "observe", time });
    }
  }

  #advance(instance: Instance, now: number): void {
    const { decision, reported } = instance.signing;
    instance.advance(now);
    const { signing, seat } = instance;
    if (!decision && signing.decision) {
      this.#latest = signing.decision.report.tree;
      for (const evidence of this.#dissent.decided(seat.epoch.number, instance.prevotes())) {
        this.#out.store({ kind: "evidence", evidence });
        this.#out.effect({ kind: "evidence", evidence });
      }
    }
    if (!reported && signing.reported) this.#closed.add(seat.time);
    if (instance.started) this.#limitOrdinary();
  }

  #instanceFor({ time }: Header, now: number): Instance | undefined {
    const known = this.#instances.get(time);
    if (known) return known;
    if (1000 * time > now + MAX_AHEAD || this.#closed.has(time) || this.#isOver(time, now)) return undefined;
    return this.#open(time);
  }

  #open(time: number): Instance | undefined {
    const known = this.#instances.get(time);
    if (known) return known;
    const epoch = epochAt(this.#epochs, time);
    if (!epoch || time % epoch.timing.tick !== 0 || openBundles(epoch, time).length === 0) return undefined;
    const self = this.#selfIn(epoch);
    if (self < 0) return undefined;
    const seat = { epoch, time, self, votes: time > this.#sitOutUntil };
    const instance = new Instance(this.#host, seat, () => this.#latest);
    this.#instances.set(time, instance);
    return instance;
  }

  /** At most two ordinary ticks at once: an older one is given up, which costs nothing, as nothing is signed. */
  #limitOrdinary(): void {
    const started = [...this.#instances.values()]
      .filter(({ seat, started: is }) => is && !isFixing(seat.time))
      .map(({ seat }) => seat.time)
      .sort((a, b) => b - a);
    const [newest] = started.slice(MAX_ORDINARY);
    if (newest === undefined) return;
    this.#over = Math.max(this.#over, newest);
    for (const time of this.#instances.keys()) {
      if (!isFixing(time) && time <= this.#over) this.#instances.delete(time);
    }
  }

  #closeOld(now: number): void {
    for (const [time, instance] of this.#instances) {
      if (now < this.#closeAt(instance)) continue;
      this.#instances.delete(time);
      if (!isFixing(time)) this.#over = Math.max(this.#over, time);
      else if (!instance.signing.reported) {
        this.#out.effect({ kind: "page", page: { reason: "absent", time } });
      }
    }
    const hour = Math.floor(now / 3_600_000);
    if (hour === this.#forgotten) return;
    this.#forgotten = hour;
    const seconds = hour * 3600;
    this.#out.store({ kind: "forget", ordinary: seconds - 3600, fixings: seconds - KEEP_FIXINGS });
    this.#servedAt.clear();
    for (const time of this.#closed) if (this.#isOver(time, now)) this.#closed.delete(time);
  }

  /** When an instance leaves memory, in Unix milliseconds. */
  #closeAt({ seat: { epoch, time }, reportedAt }: Instance): number {
    const { ordinaryLife, fixingLife } = epoch.timing;
    if (!isFixing(time)) return 1000 * (time + ordinaryLife);
    return Math.min(1000 * (time + fixingLife), reportedAt + LINGER);
  }

  #isOver(time: number, now: number): boolean {
    const { timing } = epochAt(this.#epochs, time) ?? {};
    if (!timing) return true;
    if (isFixing(time)) return now >= 1000 * (time + timing.fixingLife);
    return time <= this.#over || now >= 1000 * (time + timing.ordinaryLife);
  }

  #isOff(): boolean {
    return Math.abs(this.#offset) > MAX_OFFSET;
  }

  #selfIn({ members }: Epoch): number {
    return members.findIndex(({ identity }) => sameBytes(identity, this.#identity));
  }
}

/** The header, or undefined where the bytes are no message. */
function readHeader(bytes: Uint8Array): Header | undefined {
  try {
    return decodeHeader(bytes);
  } catch (error) {
    if (error instanceof MessageError) return undefined;
    throw error;
  }
}
