import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { Job, Start, Verdict } from "./messages.ts";

const WORKER = fileURLToPath(import.meta.resolve("./worker.ts"));

/** One process that runs jobs, started anew after each that it did not survive. */
export class Runner {
  readonly #start: Start;
  readonly #seconds: number;
  #child: ChildProcess | undefined;

  constructor(start: Start, seconds: number) {
    this.#start = start;
    this.#seconds = seconds;
  }

  #process(): ChildProcess {
    if (this.#child?.connected !== true) {
      this.#child = fork(WORKER, {
        serialization: "advanced",
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      this.#child.send(this.#start);
    }
    return this.#child;
  }

  /** The verdict; "timeout" where none came in time; "died" where the process ended, of memory most likely. */
  run(job: Job): Promise<Verdict | "timeout" | "died"> {
    const child = this.#process();
    return new Promise((resolve) => {
      const end = (result: Verdict | "timeout" | "died"): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        if (typeof result === "string") this.stop();
        resolve(result);
      };
      const timer = setTimeout(() => {
        end("timeout");
      }, 1000 * this.#seconds);
      child.once("message", (verdict) => {
        end(verdict as Verdict);
      });
      child.once("exit", () => {
        end("died");
      });
      child.send(job);
    });
  }

  stop(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}
