/** What a shell says of a command that SIGPIPE ended, 128 + 13: Node ignores that signal. */
const NOBODY_READS = 141;

/**
 * Calls `stop`, once, where nobody can read any more what this process writes, with the exit code set: 141 where the reader
 * has left, of which nothing is said, because `head` does so as soon as it has seen enough; 1 where writing failed, and why.
 */
export function whenUnread(stop: (error: Error) => void): void {
  let first = true;
  for (const [name, stream] of [
    ["standard output", process.stdout],
    ["standard error", process.stderr],
  ] as const)
    // Every further write fails too, so this listens on.
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (!first) return;
      first = false;
      const left = error.code === "EPIPE";
      process.exitCode = left ? NOBODY_READS : 1;
      if (!left) process.stderr.write(`cannot write to ${name}: ${error.message}\n`);
      stop(error);
    });
}
