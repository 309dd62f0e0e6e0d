import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";

/** What a solver says to one SMT-LIB query: what its command line would print, "unsat" or "sat" and the values asked for. */
export type Answer = { readonly contents: string } | { readonly error: string };

/** Answers one query. At once, as solc wants it: nothing else happens meanwhile. */
export type Solve = (query: string) => Answer;

/** How long an answer may take, in milliseconds. */
const PATIENCE = 120_000;

/** Z3, in a thread of its own, for which the caller waits. The threads live on until the process exits. */
export function z3(): Solve {
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const { port1: ours, port2: theirs } = new MessageChannel();
  const worker = new Worker(new URL("./z3-thread.ts", import.meta.url), {
    workerData: { answered, port: theirs },
    transferList: [theirs],
  });
  worker.unref();
  return (query) => {
    const before = Atomics.load(answered, 0);
    ours.postMessage(query);
    if (Atomics.wait(answered, 0, before, PATIENCE) === "timed-out")
      throw new Error(`Z3 had no answer after ${PATIENCE / 1000} s.`);
    return receiveMessageOnPort(ours)?.message as Answer;
  };
}
