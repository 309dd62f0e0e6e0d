import { FIXING_PERIOD, isFixing, observationDelay, type Timing } from "./timing.ts";

/** Which times are to be observed next: ordinary ticks and fixings go side by side, as fixings wait longer. */
export class ObservationSchedule {
  readonly #timing: Timing;
  #ordinary: number;
  #fixing: number;

  /** @param after seconds: nothing up to here is observed */
  constructor(timing: Timing, after: number) {
    this.#timing = timing;
    this.#ordinary = this.#next(after, timing.tick);
    this.#fixing = this.#next(after, FIXING_PERIOD);
  }

  /** When the next observation is due, in Unix milliseconds. */
  get dueAt(): number {
    return Math.min(this.#due(this.#ordinary), this.#due(this.#fixing));
  }

  /** The times to observe now; those whose moment has passed are skipped, as nobody observes the past. */
  take(now: number): number[] {
    return [...this.#takeFixings(now), ...this.#takeOrdinary(now)];
  }

  #takeFixings(now: number): number[] {
    const times: number[] = [];
    this.#fixing = this.#skip(this.#fixing, FIXING_PERIOD, now);
    for (; this.#due(this.#fixing) <= now; this.#fixing += FIXING_PERIOD) times.push(this.#fixing);
    return times;
  }

  #takeOrdinary(now: number): number[] {
    const { tick } = this.#timing;
    const times: number[] = [];
    this.#ordinary = this.#skip(this.#ordinary, tick, now);
    for (; this.#due(this.#ordinary) <= now; this.#ordinary = this.#next(this.#ordinary, tick)) {
      times.push(this.#ordinary);
    }
    return times;
  }

  /** The first multiple of `step` behind `after` that is not a fixing in the row of ordinary ticks. */
  #next(after: number, step: number): number {
    const time = (Math.floor(after / step) + 1) * step;
    return step !== FIXING_PERIOD && isFixing(time) ? time + step : time;
  }

  #skip(time: number, step: number, now: number): number {
    const { observeWindow } = this.#timing;
    if (this.#due(time) + observeWindow >= now) return time;
    const delay = observationDelay(this.#timing, time);
    const latest = Math.floor((now - delay - observeWindow) / 1000);
    return this.#next(Math.max(latest, time - 1), step);
  }

  #due(time: number): number {
    return 1000 * time + observationDelay(this.#timing, time);
  }
}
