import type { Clock } from "../clock.ts";
import { Agreement, type AgreementOptions } from "./agreement/agreement.ts";
import type { Effect, Event, Page, QuorumReport } from "./agreement/effects.ts";
import { epochAt } from "./agreement/epoch.ts";
import type { Evidence } from "./agreement/evidence.ts";
import type { AgreementStore } from "./agreement/store.ts";
import type { Transport } from "./agreement/transport.ts";

/** What a signer is made of. */
export interface QuorumSignerOptions extends Omit<AgreementOptions, "stored"> {
  readonly store: AgreementStore;
  readonly transport: Transport;
  readonly clock: Clock;
  /** The prices as of `time` in the own market view, by feed of the catalog; `NO_PRICE` to abstain. */
  readonly observe: (time: number) => Promise<BigInt64Array>;
  /** Has KMS sign a digest, with its own deadlines and tries: 64 bytes, r then vs. Rejects where it did not. */
  readonly sign: (digest: Uint8Array) => Promise<Uint8Array>;
  readonly onReport: (report: QuorumReport) => void;
  readonly onEvidence?: (evidence: Evidence) => void;
  readonly onPage?: (page: Page) => void;
  /** The signer has stopped: its store failed, or it met a state that must not be. */
  readonly onFailure: (error: Error) => void;
}

/** A reason that is made once: the one that a bare abort makes has a stack, each time. */
const REPLACED = new Error("another wake has replaced this one");

/** Runs one machine: carries events to it and its effects out, one event at a time. */
export class QuorumSigner {
  readonly #options: QuorumSignerOptions;
  readonly #machine: Agreement;
  #timer = new AbortController();
  #running = false;

  constructor(options: QuorumSignerOptions) {
    this.#options = options;
    const now = Math.floor(options.clock.wall() / 1000);
    const life = epochAt(options.epochs, now)?.timing.fixingLife ?? 86_400;
    this.#machine = new Agreement({ ...options, stored: options.store.load(now - life) });
  }

  start(): void {
    this.#running = true;
    this.#options.transport.receive((messages) => {
      this.#handle({ kind: "messages", messages });
    });
    this.#handle({ kind: "start" });
  }

  /** Stops this signer from vouching, or lets it vouch again. */
  halt(halted: boolean): void {
    this.#handle({ kind: "halt", halted });
  }

  /** Tells the machine how far its clock is from its peers', in milliseconds. */
  setOffset(offset: number): void {
    this.#handle({ kind: "offset", offset });
  }

  /** Ends at once; what was under way goes on at the next start. */
  stop(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#timer.abort();
    this.#options.transport.close();
    this.#options.store.close();
  }

  #handle(event: EventWithoutTime): void {
    if (!this.#running) return;
    try {
      const output = this.#machine.handle({ ...event, now: Math.floor(this.#options.clock.wall()) });
      // On disk before anything leaves: nothing below is reached if this fails.
      this.#options.store.write(output.records);
      for (const effect of output.effects) this.#carryOut(effect);
      this.#wake(output.wakeAt);
    } catch (error) {
      this.stop();
      this.#options.onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #carryOut(effect: Effect): void {
    const { transport, store, onReport, onEvidence, onPage } = this.#options;
    switch (effect.kind) {
      case "send":
        transport.send(effect.to, effect.messages);
        break;
      case "serve":
        transport.send(effect.to, store.messagesOf(effect.time));
        break;
      case "observe":
        void this.#observe(effect.time);
        break;
      case "sign":
        void this.#sign(effect.time, effect.digest);
        break;
      case "report":
        onReport(effect.report);
        break;
      case "evidence":
        onEvidence?.(effect.evidence);
        break;
      case "page":
        onPage?.(effect.page);
        break;
      case "decided":
        break;
    }
  }

  /** A market that gives no answer is an abstention by silence: there is no observation of that time. */
  async #observe(time: number): Promise<void> {
    try {
      const prices = await this.#options.observe(time);
      this.#handle({ kind: "observation", time, prices });
    } catch (error) {
      this.#options.onPage?.({ reason: "market", time, detail: String(error) });
    }
  }

  async #sign(time: number, digest: Uint8Array): Promise<void> {
    try {
      const compact = await this.#options.sign(digest);
      this.#handle({ kind: "signed", time, compact });
    } catch (error) {
      this.#handle({ kind: "signFailed", time, reason: String(error) });
    }
  }

  #wake(at: number): void {
    this.#timer.abort(REPLACED);
    const timer = new AbortController();
    this.#timer = timer;
    this.#options.clock.sleep(at - this.#options.clock.wall(), timer.signal).then(
      () => {
        this.#handle({ kind: "clock" });
      },
      () => undefined, // another wake replaced this one
    );
  }
}

type EventWithoutTime = Event extends infer E ? (E extends Event ? Omit<E, "now"> : never) : never;
