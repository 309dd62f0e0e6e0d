/** The thread that has the database. It does one thing after the other, in the order in which it was asked. */
import { parentPort, workerData } from "node:worker_threads";

import { LedgerStore } from "./sqlite/ledger-store.ts";
import { type FromWorker, toFailure, type ToWorker, type WorkerStart } from "./worker-messages.ts";

const port = parentPort;
if (port === null) throw new Error("ledger-worker.ts runs as a worker thread only; openLedger starts it.");

function answer(id: number, work: () => unknown): boolean {
  let message: FromWorker;
  try {
    message = { id, value: work() };
  } catch (error) {
    message = { id, failure: toFailure(error) };
  }
  port?.postMessage(message);
  return "value" in message;
}

let store: LedgerStore | undefined;
const { options, at } = workerData as WorkerStart;
const opened = answer(0, () => {
  store = new LedgerStore(options, at);
  return store.writer();
});

if (opened)
  port.on("message", (message: ToWorker) => {
    if (store === undefined) return;
    if (message.kind === "tick") {
      store.takeTick(message.record);
      return;
    }
    const { id, method, rest } = message;
    const call = store[method].bind(store) as (at: number, ...rest: readonly unknown[]) => unknown;
    answer(id, () => call(message.at, ...rest));
    if (method === "close") port.close();
  });
