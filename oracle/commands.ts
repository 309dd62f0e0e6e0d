import type { Command } from "./command.ts";
import { keysCommand } from "./signer/commands/keys.ts";
import { runCommand } from "./run/run-command.ts";
import { kmsCommand } from "./signer/commands/kms.ts";

/** Every command, by name. A new command is one line here. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  run: runCommand,
  kms: kmsCommand,
  keys: keysCommand,
};
