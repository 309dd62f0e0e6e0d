import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";

const SCRIPT = path.resolve("scripts/start.ts");

/** A folder of its own for the runs of one test: inside the checkout, because Hardhat looks for its configuration upwards. */
export class StartFolder {
  readonly path: string;

  constructor() {
    mkdirSync(".nakane", { recursive: true });
    this.path = path.resolve(mkdtempSync(path.join(".nakane", "test-")));
  }

  /** Names of the runs' folders, the oldest first. */
  runs(): string[] {
    return readdirSync(path.join(this.path, ".nakane")).sort();
  }

  /** What a run has left, by name; of the only run, or the newest. */
  file(name: string): string {
    return path.join(this.path, ".nakane", this.runs().at(-1) ?? "none", name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** `npm start` as a process, once everything is installed. */
export class StartProcess {
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(folder: StartFolder, ...args: readonly string[]) {
    this.#child = spawn(process.execPath, [SCRIPT, ...args], {
      cwd: folder.path,
      env: { ...process.env, NO_COLOR: "1", HARDHAT_DISABLE_TELEMETRY_PROMPT: "true" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      this.stdout += chunk.toString("utf8");
      this.#wake();
    });
    this.#child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString("utf8");
      this.#wake();
    });
    this.ended = once(this.#child, "close").then(([code]) => {
      this.#wake();
      return code as number | null;
    });
  }

  /** Until its output has this; fails where it ends before. */
  async until(text: string): Promise<void> {
    while (!this.stdout.includes(text)) {
      if (this.#child.exitCode !== null)
        throw new Error(`ended without saying ${text}:\n${this.stdout}${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
      });
    }
  }

  /** Ctrl-C. @returns its exit code */
  async interrupt(): Promise<number | null> {
    this.#child.kill("SIGINT");
    return this.ended;
  }

  /** Reads its output no further, as `head` does. @returns its exit code */
  async leave(): Promise<number | null> {
    this.#child.stdout?.destroy();
    return this.ended;
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** Runs it to its end. */
export async function startAndEnd(folder: StartFolder, ...args: readonly string[]) {
  const started = new StartProcess(folder, ...args);
  const code = await started.ended;
  return { code, stdout: started.stdout, stderr: started.stderr };
}
