import type { Clock } from "../clock.ts";
import type { Progress } from "./simulate.ts";

const WHAT: Record<Progress["what"], string> = {
  build: "building the contracts",
  run: "running the scenario",
  sweep: "sweeping",
  studies: "studies",
};
const WIDTH = 30;
/** Milliseconds between two looks. */
const PACE = 100;

/** Shows on a terminal how far a simulation is; shows nothing where there is no terminal. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #clock: Clock;
  #shown = Number.NEGATIVE_INFINITY;
  #open = false;

  constructor(stream: NodeJS.WriteStream, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
  }

  show({ what, done, of }: Progress): void {
    if (!this.#stream.isTTY) return;
    const now = this.#clock.monotonic();
    if (done < of && now - this.#shown < PACE) return;
    this.#shown = now;
    const share = of === 0 ? 1 : done / of;
    const full = Math.round(share * WIDTH);
    const bar = `${"█".repeat(full)}${"░".repeat(WIDTH - full)}`;
    this.#stream.write(`\r\u001b[K${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${WHAT[what]}`);
    this.#open = true;
  }

  /** Leaves the line as it was found. */
  end(): void {
    if (this.#open) this.#stream.write("\r\u001b[K");
    this.#open = false;
  }
}
