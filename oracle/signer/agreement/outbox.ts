import type { Effect, Output } from "./effects.ts";
import type { StoreRecord } from "./store.ts";

/** Gathers what one event leads to. */
export class Outbox {
  #records: StoreRecord[] = [];
  #effects: Effect[] = [];
  #toAll: Uint8Array[] = [];

  store(record: StoreRecord): void {
    this.#records.push(record);
  }

  /** Messages to all others travel together. */
  sendAll(messages: readonly Uint8Array[]): void {
    this.#toAll.push(...messages);
  }

  send(to: number, messages: readonly Uint8Array[]): void {
    if (messages.length > 0) this.#effects.push({ kind: "send", to, messages });
  }

  effect(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Empties the box. */
  take(wakeAt: number): Output {
    const messages = [...new Set(this.#toAll)];
    const broadcast: Effect[] = messages.length > 0 ? [{ kind: "send", to: "all", messages }] : [];
    const output = { records: this.#records, effects: [...broadcast, ...this.#effects], wakeAt };
    this.#records = [];
    this.#effects = [];
    this.#toAll = [];
    return output;
  }
}
