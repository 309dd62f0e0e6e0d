import { type Clock, systemClock } from "../../oracle/clock.ts";

/** A world's time, written by the thread that turns it and read by its other threads. */
export class SharedTime {
  /** What another thread is handed to read it by. */
  readonly buffer: SharedArrayBuffer;
  /** The wall time in Unix milliseconds; then, once it goes at the system's pace, what it is ahead of the system by. */
  readonly #cells: Float64Array;

  constructor(buffer = new SharedArrayBuffer(16)) {
    this.buffer = buffer;
    this.#cells = new Float64Array(buffer);
    if (this.#cells[0] === 0) this.#cells[1] = Number.NaN;
  }

  write(wall: number, joined: boolean): void {
    this.#cells[1] = joined ? wall - systemClock().wall() : Number.NaN;
    this.#cells[0] = wall;
  }

  /** The world's wall time; elapsed time and sleep are the system's. */
  clock(): Clock {
    const system = systemClock();
    return {
      ...system,
      wall: () => {
        const ahead = this.#cells[1] ?? Number.NaN;
        return Number.isNaN(ahead) ? (this.#cells[0] ?? 0) : system.wall() + ahead;
      },
    };
  }
}
