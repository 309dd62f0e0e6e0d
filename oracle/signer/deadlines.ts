import type { Clock } from "../clock.ts";

/** KMS did not answer in time. */
export class KmsDeadlineError extends Error {
  override readonly name = "KmsDeadlineError";
}

interface Waiting {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly expire: () => void;
}

/**
 * Deadlines that end, whatever becomes of the work. The SDK's own `requestTimeout` is not enough: it counts from the
 * moment a socket is free, and by default only logs.
 *
 * One timer serves all work under way, set for the earliest deadline; it stands still while nothing is under way. A timer
 * for each would cost more than the rest of the race.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  #sleep: { readonly until: number; readonly end: AbortController } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Waits for `work` at most `milliseconds`; then the error is thrown.
   *
   * @param what named in the error
   * @throws KmsDeadlineError at the deadline; what `work` throws before it
   */
  async race<T>(what: string, milliseconds: number, work: () => Promise<T>): Promise<T> {
    let expire: Waiting["expire"] = () => undefined;
    const deadline = new Promise<never>((_, reject) => {
      expire = () => {
        reject(new KmsDeadlineError(`${what} took longer than ${Math.round(milliseconds)} ms`));
      };
    });
    const waiting: Waiting = { at: this.#clock.monotonic() + milliseconds, expire };
    const result = work();
    this.#waiting.add(waiting);
    this.#wakeBy(waiting.at);
    try {
      return await Promise.race([result, deadline]);
    } finally {
      this.#ended(waiting);
    }
  }

  #ended(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    // Or the timer would keep the process alive.
    if (this.#waiting.size === 0) this.#stop();
  }

  #stop(): void {
    this.#sleep?.end.abort(NOT_NEEDED);
    this.#sleep = undefined;
  }

  #wakeBy(until: number): void {
    if (this.#sleep !== undefined && this.#sleep.until <= until) return;
    this.#stop();
    const end = new AbortController();
    this.#sleep = { until, end };
    this.#clock.sleep(until - this.#clock.monotonic(), end.signal).then(
      () => {
        this.#wake();
      },
      () => undefined,
    );
  }

  #wake(): void {
    this.#sleep = undefined;
    const now = this.#clock.monotonic();
    let next = Infinity;
    for (const waiting of this.#waiting) {
      if (waiting.at > now) next = Math.min(next, waiting.at);
      else {
        this.#waiting.delete(waiting);
        waiting.expire();
      }
    }
    if (next < Infinity) this.#wakeBy(next);
  }
}

/** Made once: an error takes a stack trace, which costs more than all the rest. */
const NOT_NEEDED = new Error("nothing waits any more");
