import type { Transport } from "./agreement/transport.ts";

/** Joins signers that live in one process. Delivery is asynchronous and in order, as on a very good network. */
export class MemoryNetwork {
  readonly #later: (deliver: () => void) => void;
  readonly #members = new Map<number, (messages: readonly Uint8Array[]) => void>();

  /** @param later when a message arrives: as soon as the sender has done, unless told otherwise; in the order of calls */
  constructor(later: (deliver: () => void) => void = setImmediate) {
    this.#later = later;
  }

  /** The transport of one member. */
  join(member: number): Transport {
    return {
      send: (to, messages) => {
        for (const other of to === "all" ? this.#members.keys() : [to]) {
          if (other !== member) this.#deliver(other, messages);
        }
      },
      receive: (deliver) => {
        this.#members.set(member, deliver);
      },
      close: () => {
        this.#members.delete(member);
      },
    };
  }

  #deliver(to: number, messages: readonly Uint8Array[]): void {
    this.#later(() => this.#members.get(to)?.(messages));
  }
}
