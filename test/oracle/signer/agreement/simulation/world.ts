import { Agreement } from "../../../../../oracle/signer/agreement/agreement.ts";
import type { Cryptography } from "../../../../../oracle/signer/agreement/cryptography.ts";
import type { Event, Output } from "../../../../../oracle/signer/agreement/effects.ts";
import type { Epoch } from "../../../../../oracle/signer/agreement/epoch.ts";
import type { Rules } from "../../../../../oracle/signer/agreement/rules.ts";
import { cheapReportSignature } from "./cheap-cryptography.ts";
import { EventQueue } from "./event-queue.ts";
import type { KeptStore } from "./kept-store.ts";
import type { Watch } from "./watch.ts";

/** When and as what a packet arrives; nothing where it is lost, several where it is repeated. */
export type Route = (
  from: number,
  to: number,
  messages: readonly Uint8Array[],
  at: number,
) => readonly { delay: number; messages: readonly Uint8Array[] }[];

/** What KMS does with a request: milliseconds until the answer, and whether the client sees it. */
export type Kms = (signer: number) => { delay: number; answers: boolean };

/** Beyond this nothing is simulated: a run that gets here is stuck. */
const MAX_EVENTS = 1_000_000;

/** Where a crash falls into the handling of an output. */
export type CrashPoint = "before storing" | "after storing" | "between effects";

export interface WorldOptions {
  readonly epoch: Epoch;
  readonly rules: Rules;
  /** A member's identity. */
  readonly cryptographyOf: (member: number) => Cryptography;
  readonly watch: Watch;
  readonly route: Route;
  readonly kms: Kms;
  /** What a signer sees of the market. */
  readonly observe: (time: number, signer: number) => BigInt64Array;
  /** Called with everything that a machine sends. */
  readonly overhear?: (messages: readonly Uint8Array[]) => void;
  /** Asked at every output: whether the signer crashes right there. */
  readonly crash?: (signer: number) => CrashPoint | undefined;
}

/** One machine with its disk, its clock and its KMS key. */
export interface SimulatedSigner {
  readonly index: number;
  store: KeptStore;
  /** How far its clock is ahead, in milliseconds. */
  offset: number;
  machine: Agreement | undefined;
  wakeAt: number;
  /** Not one of the signers whose promises are watched: its market view lies. */
  puppet: boolean;
}

/** Time, a network and machines: everything that happens is in one queue, in one order. */
export class World {
  readonly options: WorldOptions;
  readonly signers = new Map<number, SimulatedSigner>();
  readonly queue = new EventQueue();
  /** True time in Unix milliseconds. */
  now: number;
  packets = 0;
  messages = 0;
  #events = 0;

  constructor(options: WorldOptions, start: number) {
    this.options = options;
    this.now = start;
  }

  add(index: number, store: KeptStore, offset = 0, puppet = false): void {
    this.signers.set(index, { index, store, offset, machine: undefined, wakeAt: Infinity, puppet });
  }

  at(time: number, run: () => void): void {
    this.queue.add(Math.max(time, this.now), run);
  }

  /** A process begins, on whatever its store remembers. */
  start(index: number): void {
    const signer = this.signers.get(index)!;
    const { epoch, rules, cryptographyOf } = this.options;
    const identity = epoch.members[index]!.identity;
    signer.machine = new Agreement({
      identity,
      epochs: [epoch],
      cryptography: cryptographyOf(index),
      stored: signer.store.load(Math.floor((this.now + signer.offset) / 1000) - epoch.timing.fixingLife),
      rules,
    });
    signer.wakeAt = Infinity;
    this.handle(index, { kind: "start" });
  }

  /** A process ends, without a word. */
  crash(index: number): void {
    this.signers.get(index)!.machine = undefined;
  }

  isUp(index: number): boolean {
    return this.signers.get(index)?.machine !== undefined;
  }

  handle(index: number, event: EventWithoutTime): void {
    const signer = this.signers.get(index); // a liar is no machine
    const machine = signer?.machine;
    if (!signer || !machine) return;
    const output = machine.handle({ ...event, now: this.now + signer.offset });
    const crash = this.options.crash?.(index);
    if (crash === "before storing") {
      this.crash(index);
      return;
    }
    signer.store.write(output.records);
    if (!signer.puppet) this.options.watch.output(index, output);
    else for (const record of output.records) if ("bytes" in record) this.options.watch.said(record.bytes);
    if (crash === "after storing") {
      this.crash(index);
      return;
    }
    this.#carryOut(signer, machine, output, crash === "between effects");
    if (signer.machine === machine) this.#wake(signer, machine, output.wakeAt - signer.offset);
  }

  /** Somebody, honest or not, puts messages on the wire. */
  send(from: number, to: number, messages: readonly Uint8Array[]): void {
    this.packets++;
    this.messages += messages.length;
    for (const arrival of this.options.route(from, to, messages, this.now)) {
      this.queue.add(this.now + arrival.delay, () => {
        this.handle(to, { kind: "messages", messages: arrival.messages });
      });
    }
  }

  /** Lives on until a time, or until `done` says so, asked once a second. */
  run(until: number, done: () => boolean = () => false): boolean {
    let asked = this.now;
    for (;;) {
      if (this.now - asked >= 1000) {
        if (done()) return true;
        asked = this.now;
      }
      const next = this.queue.take();
      if (!next || next.at > until) {
        if (next) this.queue.add(next.at, next.run);
        this.now = until;
        return done();
      }
      this.now = next.at;
      next.run();
      if (++this.#events > MAX_EVENTS) {
        throw new Error(`too many events at ${this.now}: a loop`);
      }
    }
  }

  #carryOut(signer: SimulatedSigner, machine: Agreement, { effects }: Output, half: boolean): void {
    const { index } = signer;
    const { epoch, kms, observe, overhear } = this.options;
    let left = half ? Math.ceil(effects.length / 2) : Infinity;
    for (const effect of effects) {
      if (left-- <= 0) break;
      switch (effect.kind) {
        case "send": {
          overhear?.(effect.messages);
          const to = effect.to === "all" ? [...epoch.members.keys()] : [effect.to];
          for (const member of to) if (member !== index) this.send(index, member, effect.messages);
          break;
        }
        case "serve":
          this.send(index, effect.to, signer.store.messagesOf(effect.time));
          break;
        case "observe":
          this.#later(signer, machine, 1, {
            kind: "observation",
            time: effect.time,
            prices: observe(effect.time, index),
          });
          break;
        case "sign": {
          const { delay, answers } = kms(index);
          const compact = cheapReportSignature(epoch.members[index]!.address, effect.digest);
          const { time } = effect;
          const answer: EventWithoutTime = answers
            ? { kind: "signed", time, compact }
            : { kind: "signFailed", time, reason: "timeout" };
          this.#later(signer, machine, delay, answer);
          break;
        }
        default:
          break;
      }
    }
    if (half) this.crash(index);
  }

  #later(signer: SimulatedSigner, machine: Agreement, delay: number, event: EventWithoutTime): void {
    this.queue.add(this.now + delay, () => {
      if (signer.machine === machine) this.handle(signer.index, event);
    });
  }

  #wake(signer: SimulatedSigner, machine: Agreement, at: number): void {
    if (at >= signer.wakeAt) return;
    signer.wakeAt = at;
    this.queue.add(Math.max(at, this.now), () => {
      if (signer.machine !== machine || signer.wakeAt !== at) return;
      signer.wakeAt = Infinity;
      this.handle(signer.index, { kind: "clock" });
    });
  }
}

/** An event before the signer's own clock has stamped it. */
export type EventWithoutTime = Event extends infer E ? (E extends Event ? Omit<E, "now"> : never) : never;
