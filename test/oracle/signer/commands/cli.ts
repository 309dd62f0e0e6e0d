import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../../../scripts/nakane.mjs", import.meta.url));

/** What a finished command left. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that still runs. */
export interface Running {
  /** The first line it wrote. */
  readonly firstLine: string;
  /** Everything it has written to stderr so far. */
  readonly stderr: () => string;
  /** Asks it to stop, as a supervisor would, and waits. */
  readonly stop: () => Promise<Finished>;
}

/** Runs `nakane` to its end. */
export async function nakane(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Finished> {
  const { finished } = start(args, env, cwd);
  return finished;
}

/** Starts `nakane` and waits for its first line. */
export async function nakaneRunning(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): Promise<Running> {
  const { child, finished, text } = start(args, env, cwd);
  const firstLine = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", () => {
      const [line, rest] = text.stdout.split("\n");
      if (rest !== undefined) resolve(line ?? "");
    });
    void finished.then(({ stderr }) => {
      reject(new Error(`ended before it wrote a line: ${stderr}`));
    });
  });
  return {
    firstLine,
    stderr: () => text.stderr,
    stop: () => {
      child.kill("SIGTERM");
      return finished;
    },
  };
}

function start(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string) {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: { PATH, HOME, ...env } });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (text.stdout += chunk.toString("utf8")));
  child.stderr.on("data", (chunk: Buffer) => (text.stderr += chunk.toString("utf8")));
  const finished = new Promise<Finished>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, ...text });
    });
  });
  return { child, finished, text };
}
