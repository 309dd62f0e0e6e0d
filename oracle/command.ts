import type { Clock } from "./clock.ts";

/** What a command gets from the world. */
export interface CommandContext {
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Writes a line of result. */
  readonly out: (line: string) => void;
  /** Writes a line about the work: progress, warnings. */
  readonly err: (line: string) => void;
  /** Aborts when the process is asked to stop. */
  readonly stop: AbortSignal;
}

/** One command of the command line. */
export interface Command {
  /**
   * @param args what follows the command's name
   * @returns exit code: 0 done, 1 failed, 2 used wrongly
   * @throws UsageError when the arguments make no sense
   */
  readonly run: (args: readonly string[], context: CommandContext) => Promise<number>;
}
