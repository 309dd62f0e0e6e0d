import type { Transport } from "./agreement/transport.ts";

/** Joins signers that live in one process. Delivery is asynchronous and in order, as on a very good network. */
export class MemoryNetwork {
  readonly #members = new Map<number, (messages: readonly Uint8Array[]) => void>();

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
    setImmediate(() => this.#members.get(to)?.(messages));
  }
}
