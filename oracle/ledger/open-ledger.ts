import { Worker } from "node:worker_threads";

import type { Clock } from "../clock.ts";
import type { Durability } from "../signer/store/witness.ts";
import type { Ledger } from "./ledger.ts";
import { WorkerLedger } from "./worker-ledger.ts";
import type { WorkerStart } from "./worker-messages.ts";

export interface LedgerOptions {
  /** The database; it is made where there is none, its folder is not. */
  readonly file: string;
  /** The name of this instance, the same at every start. */
  readonly instance: string;
  readonly clock: Clock;
  /**
   * What a promise that resolved survives: `full` (the default), a crash of the machine; `process`, a crash of this process
   * only. The latter is for simulations whose keys are thrown away, and nothing else.
   */
  readonly durability?: Durability;
  /** Of the programs around: kept in the first audit row. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Told of tick records that could not be written yet: `LedgerError`s, as a rule. */
  readonly onBatchError?: (error: Error) => void;
  /** The most pages (of 4,096 bytes) the file may have: for tests of a full disk. */
  readonly maxPages?: number;
}

/**
 * Opens a ledger, or makes one, in a thread of its own.
 * @throws LedgerError where the file cannot be opened or written, is in use by another process, no ledger, damaged, or written
 * by a newer version
 */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { clock, onBatchError = () => undefined, file } = options;
  const worker = startLedgerWorker(options);
  return WorkerLedger.open(worker, { file, clock, onBatchError });
}

/** The thread alone. */
export function startLedgerWorker(options: Omit<LedgerOptions, "onBatchError">): Worker {
  const { file, instance, clock, durability = "full", versions = {}, maxPages } = options;
  const start: WorkerStart = {
    options: { file, instance, durability, versions, ...(maxPages === undefined ? {} : { maxPages }) },
    at: clock.wall(),
  };
  return new Worker(new URL("./ledger-worker.ts", import.meta.url), { workerData: start });
}
