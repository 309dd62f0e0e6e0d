import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

import type { Span, SpanResult } from "./worker.ts";

/** Runs spans of seeds on all processors; results come in any order, and are the same whatever the order. */
export async function runSpans(spans: readonly Span[]): Promise<SpanResult[]> {
  const waiting = [...spans];
  const results: SpanResult[] = [];
  const work = async (): Promise<void> => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData: {} });
    try {
      for (let span = waiting.shift(); span; span = waiting.shift()) {
        const answer = once(worker, "message") as Promise<[SpanResult]>; // rejects where the worker fails
        worker.postMessage(span);
        const [result] = await answer;
        results.push(result);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), spans.length) }, work));
  return results;
}

/** Cuts the seeds from 0 to `count` of one size into spans. */
export function spansOf(n: number, count: number, length: number): Span[] {
  return Array.from({ length: Math.ceil(count / length) }, (_, i) => ({
    n,
    from: i * length,
    until: Math.min(count, (i + 1) * length),
  }));
}
