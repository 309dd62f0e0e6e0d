import type { Command } from "./command.ts";
import { keysCommand } from "./signer/commands/keys.ts";
import { kmsCommand } from "./signer/commands/kms.ts";

/** Every command, by name. A new command is one line here. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  kms: kmsCommand,
  keys: keysCommand,
};
