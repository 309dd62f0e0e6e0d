import type { Command } from "./command.ts";
import { keysCommand } from "./signer/commands/keys.ts";
import { runCommand } from "./run/run-command.ts";
import { kmsCommand } from "./signer/commands/kms.ts";
import { simulateCommand } from "./lab/simulate-command.ts";

/** Every command, by name. A new command is one line here. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  run: runCommand,
  simulate: simulateCommand,
  kms: kmsCommand,
  keys: keysCommand,
};
