/** The simulated venues of a run, in a thread of their own: like real ones they are other parties, with the world's time. */
import { parentPort, workerData } from "node:worker_threads";

import {
  type Lie,
  type SimulatedVenuesOptions,
  startSimulatedVenues,
} from "../../oracle/market/simulated/simulated-venues.ts";
import { SharedTime } from "./shared-time.ts";
import { pathsOf, type PriceSource } from "./world-plan.ts";

/** What the thread is started with. */
export interface VenuesWorkerData extends Pick<SimulatedVenuesOptions, "provenance" | "seed" | "venues"> {
  readonly prices: PriceSource;
  /** Of a `SharedTime`. */
  readonly time: SharedArrayBuffer;
}

const { prices, time, ...options } = workerData as VenuesWorkerData;
const venues = await startSimulatedVenues({
  ...options,
  paths: pathsOf(prices),
  clock: new SharedTime(time).clock(),
});
parentPort?.on("message", (message: Lie | "close") => {
  if (message === "close") void venues.close().then(() => parentPort?.close());
  else venues.lie(message);
});
parentPort?.postMessage(venues.origins);
