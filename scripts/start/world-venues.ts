import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { Lie } from "../../oracle/market/simulated/simulated-venues.ts";
import type { Origins } from "../../oracle/market/source.ts";
import type { SharedTime } from "./shared-time.ts";
import type { VenuesWorkerData } from "./venues-worker.ts";
import type { WorldPlan } from "./world-plan.ts";

/** The simulated venues of a world. */
export interface WorldVenues {
  /** Where each venue answers. */
  readonly origins: Origins;
  /** Tells a venue to lie for a while; before the time comes. */
  readonly lie: (lie: Lie) => void;
  readonly close: () => Promise<void>;
}

/** Starts the venues of a plan, if they are simulated. */
export async function startWorldVenues(
  { prices, provenance, seed, venues }: WorldPlan,
  time: SharedTime,
): Promise<WorldVenues | undefined> {
  if (prices === undefined || provenance === "live") return undefined;
  const workerData: VenuesWorkerData = { prices, provenance, seed, venues, time: time.buffer };
  const worker = new Worker(new URL("./venues-worker.ts", import.meta.url), { workerData });
  const [origins] = (await once(worker, "message")) as [Origins];
  return {
    origins,
    lie: (lie) => {
      worker.postMessage(lie);
    },
    close: async () => {
      const exited = once(worker, "exit");
      worker.postMessage("close");
      await exited;
    },
  };
}
