import type { Clock } from "./clock.ts";

/**
 * A clock that goes as fast as the work allows, for simulations of whole systems, and that may join the system's time
 * afterwards. Sleepers wake one after the other, each at its own time, and time does not go on while anything it was
 * told of is under way (`hold`): so what happens does not depend on how fast the machine is.
 */
export interface FastClock extends Clock {
  /** Keeps time from going on until this has settled. What does real I/O is handed to it. */
  readonly hold: <T>(work: Promise<T>) => Promise<T>;
  /** Goes on to `until` (Unix milliseconds), waking sleepers at their times. */
  readonly runTo: (until: number) => Promise<void>;
  /** Goes to `until` at one stroke, as a machine that was suspended: sleepers on the way wake late, all at `until`. */
  readonly jumpTo: (until: number) => Promise<void>;
  /** From now on this is the system's time; sleepers keep theirs. Call it where `wall` has reached the system's. */
  readonly join: (system: Clock) => void;
}

interface Sleeper {
  readonly at: number;
  readonly signal: AbortSignal | undefined;
  readonly wake: () => void;
}

/**
 * @param start where the wall time begins, in Unix milliseconds
 * @param tell hears every new wall time before anybody wakes, and whether from now on it is the system's: for other threads
 */
export function fastClock(
  start: number,
  tell: (wall: number, joined: boolean) => void = () => undefined,
): FastClock {
  /** Ascending by time; of equal times the first to sleep is the first to wake. */
  const sleepers: Sleeper[] = [];
  let now = start;
  let joined: { readonly system: Clock; readonly monotonic: number } | undefined;
  let held = 0;
  let released: (() => void) | undefined;

  const add = (sleeper: Sleeper): void => {
    let place = sleepers.length;
    while (place > 0 && (sleepers[place - 1]?.at ?? 0) > sleeper.at) place--;
    sleepers.splice(place, 0, sleeper);
  };
  const remove = (sleeper: Sleeper): void => {
    const place = sleepers.indexOf(sleeper);
    if (place >= 0) sleepers.splice(place, 1);
  };
  /** Until nothing is held and everything that was ready has run. */
  const quiet = async (): Promise<void> => {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (held === 0) return;
      await new Promise<void>((resolve) => {
        released = resolve;
      });
    }
  };
  const set = (time: number): void => {
    now = time;
    tell(now, false);
  };
  set(start);
  const ahead = (until: number): void => {
    if (joined) throw new RangeError("this clock has joined the system's time, which nobody turns");
    if (until < now) throw new RangeError(`time goes forward: it is ${now}, not to become ${until}`);
  };
  const wall = (): number => joined?.system.wall() ?? now;
  const monotonic = (): number => (joined ? joined.monotonic + joined.system.monotonic() : now - start);

  const sleepUntil = (at: number, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const abort = (): void => {
        remove(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        at,
        signal,
        wake: () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      add(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
    });

  return {
    wall,
    monotonic,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      if (milliseconds <= 0) return;
      await (joined ? joined.system.sleep(milliseconds, signal) : sleepUntil(now + milliseconds, signal));
    },
    async hold(work) {
      if (joined) return work;
      held++;
      try {
        return await work;
      } finally {
        held--;
        if (held === 0) {
          released?.();
          released = undefined;
        }
      }
    },
    async runTo(until) {
      ahead(until);
      for (;;) {
        await quiet();
        const next = sleepers[0];
        if (next === undefined || next.at > until) break;
        sleepers.shift();
        set(next.at);
        next.wake();
      }
      set(until);
    },
    async jumpTo(until) {
      ahead(until);
      await quiet();
      set(until);
      while (sleepers[0] !== undefined && sleepers[0].at <= until) sleepers.shift()?.wake();
      await quiet();
    },
    join(system) {
      ahead(now);
      joined = { system, monotonic: now - start - system.monotonic() };
      tell(system.wall(), true);
      for (const { at, signal, wake } of sleepers.splice(0))
        void system.sleep(at - system.wall(), signal).then(wake, () => undefined); // an abort has told its sleeper already
    },
  };
}

/** The same object, whose promises the clock is told of: time stands still while it works. */
export function held<T extends object>(clock: Pick<FastClock, "hold">, object: T): T {
  return new Proxy(object, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(member, target, args);
        return result instanceof Promise ? clock.hold(result) : result;
      };
    },
  });
}
