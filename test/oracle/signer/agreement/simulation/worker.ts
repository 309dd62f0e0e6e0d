/** Runs a span of seeds in a thread of its own, and tells what went wrong. */
import { parentPort, workerData } from "node:worker_threads";

import { runSeed } from "./run-seed.ts";

export interface Span {
  readonly n: number;
  readonly from: number;
  readonly until: number;
}

export interface SpanResult extends Span {
  readonly failures: readonly {
    readonly seed: number;
    readonly failure: string;
    readonly description: string;
  }[];
  readonly reports: number;
  readonly fixingsDue: number;
}

/** Runs the seeds one after the other. */
function runSpan({ n, from, until }: Span): SpanResult {
  const failures: SpanResult["failures"][number][] = [];
  let reports = 0;
  let fixingsDue = 0;
  for (let seed = from; seed < until; seed++) {
    const result = runSeed(n, seed);
    reports += result.reports;
    if (result.fixingDue) fixingsDue++;
    const { failure, scenario } = result;
    if (failure !== undefined) failures.push({ seed, failure, description: scenario.description });
  }
  return { n, from, until, failures, reports, fixingsDue };
}

if (parentPort && workerData !== null) {
  const port = parentPort;
  port.on("message", (span: Span) => {
    port.postMessage(runSpan(span));
  });
}
