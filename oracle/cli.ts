import { existsSync } from "node:fs";
import path from "node:path";

import { systemClock } from "./clock.ts";
import { COMMANDS } from "./commands.ts";
import { UsageError } from "./usage-error.ts";
import { whenUnread } from "./when-unread.ts";

/** The command line: finds the command, lets it run, and turns an error into one line and an exit code. */
const [name, ...args] = process.argv.slice(2);
const listed = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    stopping.abort(new Error(signal));
  });
}
whenUnread((error) => {
  stopping.abort(error);
});

if (listed === undefined) {
  const known = name === undefined || name === "--help" || name === "help";
  const lines = Object.entries(COMMANDS).map(([of, { summary }]) => `  ${of.padEnd(12)} ${summary}`);
  const text = `Usage: nakane COMMAND [options]\n\n${lines.join("\n")}\n\nEvery command takes --help and --json.\n`;
  if (known) process.stdout.write(text);
  else process.stderr.write(`There is no command ${name}.\n\n${text}`);
  process.exitCode = known ? 0 : 2;
} else {
  const command = await listed.load(); // where something is not installed, who started this says what to do
  try {
    loadEnvironment();
    const code = await command.run(args, {
      env: process.env,
      clock: systemClock(),
      out: (text) => process.stdout.write(`${text}\n`),
      err: (text) => process.stderr.write(`${text}\n`),
      stop: stopping.signal,
    });
    process.exitCode ??= code;
  } catch (error) {
    process.stderr.write(`nakane ${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode ??= error instanceof UsageError ? 2 : 1;
  }
}

/** What the environment has already stays. */
function loadEnvironment(): void {
  if (!existsSync(".env")) return;
  try {
    process.loadEnvFile(".env");
  } catch (cause) {
    const place = path.resolve(".env");
    throw new Error(`${place} cannot be read; make it a file that you may read, or take it away`, { cause });
  }
}
