import { Worker } from "node:worker_threads";

import type { EthereumSignature } from "./ethereum-signature.ts";
import type { PublicKeyPoint } from "./public-key.ts";
import { DIGEST, readReleased, SLOT, writeSlot } from "./release-slots.ts";

interface Waiting {
  readonly digest: Uint8Array;
  readonly der: Uint8Array;
  readonly settle: (signature: EthereumSignature | undefined) => void;
}

/**
 * Proves that signatures recover to a key, in a thread of its own: where many signatures are under way, the proofs would
 * take a third of the thread that talks to KMS. What comes in one turn of the event loop goes over together.
 */
export class ReleaseThread {
  readonly #worker: Worker;
  #gathered: Waiting[] = [];
  /** Batches that the thread has not answered, oldest first. */
  readonly #sent: Waiting[][] = [];
  #ended = false;

  constructor(key: PublicKeyPoint) {
    this.#worker = new Worker(new URL("./release-worker.ts", import.meta.url), {
      workerData: key.toBytes(false),
    });
    this.#worker.unref();
    this.#worker.on("message", (answers: Uint8Array) => {
      const batch = this.#sent.shift() ?? [];
      if (this.#sent.length === 0) this.#worker.unref();
      for (const [i, { settle }] of batch.entries()) settle(readReleased(answers, i));
    });
    this.#worker.on("error", () => {
      this.#end();
    });
    this.#worker.on("exit", () => {
      this.#end();
    });
  }

  /**
   * @param digest 32 bytes
   * @returns the signature to release; undefined where there is none, or nobody to ask: the caller finds out which itself
   */
  check(digest: Uint8Array, der: Uint8Array): Promise<EthereumSignature | undefined> {
    if (this.#ended || digest.length !== DIGEST || der.length > SLOT - DIGEST - 1)
      return Promise.resolve(undefined);
    return new Promise((settle) => {
      if (this.#gathered.length === 0)
        setImmediate(() => {
          this.#send();
        });
      this.#gathered.push({ digest, der, settle });
    });
  }

  /** Ends the thread; whatever it has not answered is undefined. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(): void {
    const batch = this.#gathered;
    this.#gathered = [];
    if (this.#ended) {
      for (const { settle } of batch) settle(undefined);
      return;
    }
    const slots = new Uint8Array(SLOT * batch.length);
    for (const [i, { digest, der }] of batch.entries()) writeSlot(slots, i, digest, der);
    this.#sent.push(batch);
    this.#worker.ref(); // or the process might end before the answer
    this.#worker.postMessage(slots, [slots.buffer]);
  }

  #end(): void {
    this.#ended = true;
    for (const batch of this.#sent.splice(0)) for (const { settle } of batch) settle(undefined);
  }
}
