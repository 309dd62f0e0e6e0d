import { closeSync, constants, existsSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";

/** `generation:8 transactions:8`: short enough to be written whole or not at all. */
const BYTES = 16;

/** How far a store has come: which opening of it this is, and how many transactions it has written. */
export interface Progress {
  readonly generation: bigint;
  readonly transactions: bigint;
}

/** What a write outlives: `full`, a crash of the machine; `process`, a crash of this process only. */
export type Durability = "full" | "process";

/**
 * A small file beside a store that says how far the store has come. It is never part of a backup of the store: so a
 * store that comes back from one is behind its witness, and knows that it has forgotten something.
 */
export class Witness {
  readonly #file: number;
  readonly #existed: boolean;
  readonly #durability: Durability;

  /** Opens the file, or makes it. */
  constructor(path: string, durability: Durability) {
    this.#durability = durability;
    this.#existed = existsSync(path);
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  /** What was last written, or nothing where the file is new or not whole. */
  read(): Progress | undefined {
    const bytes = new Uint8Array(BYTES);
    if (!this.#existed || readSync(this.#file, bytes, 0, BYTES, 0) !== BYTES) return undefined;
    const view = new DataView(bytes.buffer);
    return { generation: view.getBigUint64(0), transactions: view.getBigUint64(8) };
  }

  /** On disk when it returns, where durability is full. */
  write({ generation, transactions }: Progress): void {
    const bytes = new Uint8Array(BYTES);
    const view = new DataView(bytes.buffer);
    view.setBigUint64(0, generation);
    view.setBigUint64(8, transactions);
    writeSync(this.#file, bytes, 0, BYTES, 0);
    if (this.#durability === "full") fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}
