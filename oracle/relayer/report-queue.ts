import { PERIOD } from "../report/verify.ts";
import type { RelayedReport } from "./relayed-report.ts";

/** A report that waits, or is being worked at. */
export interface Job {
  readonly report: RelayedReport;
  readonly fixing: boolean;
  /** How often it was worked at before. */
  readonly round: number;
}

/**
 * Reports that wait. Of those that only bring latest prices the newest waits, and replaces the one that waited; a fixing's
 * is never dropped. Where both wait they take turns: latest prices do not wait for a day's fixings to be caught up on, nor
 * fixings for prices that come faster than they can be carried.
 */
export class ReportQueue {
  /** With the monotonic milliseconds before which it is not ready. */
  readonly #fixings: { readonly job: Job; readonly notBefore: number }[] = [];
  #latest: Job | undefined;
  #latestIsNext = true;

  /** @returns the report that will not be worked at because of this one, which may be this one itself */
  take(report: RelayedReport): Job | undefined {
    const job: Job = { report, fixing: report.time % PERIOD === 0, round: 0 };
    if (job.fixing) {
      this.#fixings.push({ job, notBefore: 0 });
      return undefined;
    }
    const waiting = this.#latest;
    if (waiting !== undefined && waiting.report.time >= report.time) return job;
    this.#latest = job;
    return waiting;
  }

  /** Puts a fixing's report back, to be worked at again. */
  again({ report, fixing, round }: Job, notBefore: number): void {
    this.#fixings.push({ job: { report, fixing, round: round + 1 }, notBefore });
  }

  /** Takes out what is to be worked at: latest and fixings in turn, of the fixings the oldest that is ready. */
  next(now: number): Job | undefined {
    const ready = this.#fixings
      .filter(({ notBefore }) => notBefore <= now)
      .sort((a, b) => a.job.report.time - b.job.report.time)[0];
    if (ready === undefined || (this.#latest !== undefined && this.#latestIsNext)) {
      this.#latestIsNext = false;
      const job = this.#latest;
      this.#latest = undefined;
      return job;
    }
    this.#latestIsNext = true;
    this.#fixings.splice(this.#fixings.indexOf(ready), 1);
    return ready.job;
  }

  /** When the next report is ready, in monotonic milliseconds; null where none waits. */
  readyAt(): number | null {
    if (this.#latest !== undefined) return 0;
    const times = this.#fixings.map(({ notBefore }) => notBefore);
    return times.length === 0 ? null : Math.min(...times);
  }
}
