/**
 * The one clock. Whatever depends on time is handed a `Clock`; this file alone asks the system for the time.
 *
 * Two times: *wall* time is what venues, chains and people mean by a time, and may be corrected in either direction while
 * we run; *monotonic* time measures how long something took and never goes back.
 */

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May jump when the system's time is corrected. */
  wall(): number;
  /** Milliseconds since some moment before the process began; fractions count. Never goes back. */
  monotonic(): number;
  /**
   * Resolves when `milliseconds` of monotonic time have passed; at once for zero or less.
   * @throws the signal's reason as soon as it aborts
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** Whole seconds of wall time, rounded down: the unit of `observedAt` and of block times. */
export function seconds(clock: Clock): number {
  return Math.floor(clock.wall() / 1000);
}

/** The system's own time. */
export function systemClock(): Clock {
  return {
    wall: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (milliseconds <= 0) {
          resolve();
          return;
        }
        const wake = setTimeout(() => {
          signal?.removeEventListener("abort", abort);
          resolve();
        }, milliseconds);
        const abort = (): void => {
          clearTimeout(wake);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener("abort", abort, { once: true });
      }),
  };
}

/** A clock that stands still until it is told to move: for tests, and for simulations faster than time. */
export interface ManualClock extends Clock {
  /**
   * Moves both times on, waking sleepers in the order of their times, each at its own time. What a sleeper does until it
   * next waits for something other than this clock is done before later sleepers wake.
   */
  advance(milliseconds: number): Promise<void>;
  /** Corrects the wall time, as a time server would; monotonic time and sleepers notice nothing. */
  setWall(wall: number): void;
}

interface Sleeper {
  at: number;
  wake: () => void;
}

/**
 * @param wall where the wall time starts, in milliseconds since 1970-01-01T00:00:00Z
 */
export function manualClock(wall: number): ManualClock {
  let elapsed = 0;
  let offset = wall;
  const sleepers = new Set<Sleeper>();

  const next = (until: number): Sleeper | undefined => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers)
      if (sleeper.at <= until && (first === undefined || sleeper.at < first.at)) first = sleeper;
    return first;
  };
  /** Lets every promise that is ready run, however long the chain, before time goes on. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  return {
    wall: () => offset + elapsed,
    monotonic: () => elapsed,
    setWall(time) {
      offset = time - elapsed;
    },
    sleep: (milliseconds, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (milliseconds <= 0) {
          resolve();
          return;
        }
        const abort = (): void => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          at: elapsed + milliseconds,
          wake() {
            signal?.removeEventListener("abort", abort);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", abort, { once: true });
      }),
    async advance(milliseconds) {
      if (!(milliseconds >= 0))
        throw new RangeError(`Time goes forward: cannot advance by ${milliseconds} ms.`);
      const until = elapsed + milliseconds;
      await settle();
      for (let sleeper = next(until); sleeper !== undefined; sleeper = next(until)) {
        sleepers.delete(sleeper);
        elapsed = sleeper.at;
        sleeper.wake();
        await settle();
      }
      elapsed = until;
    },
  };
}
