import type { Command } from "./command.ts";

/** A command as `nakane --help` lists it. */
interface Listed {
  /** One line. */
  readonly summary: string;
  /** Its code is read when it is asked for, and no other's: that of all takes longer than most commands. */
  readonly load: () => Promise<Command>;
}

/** Every command, by name. A new command is one entry here. */
export const COMMANDS: Readonly<Record<string, Listed>> = {
  run: {
    summary: "run an instance: signers, relayer, API",
    load: async () => (await import("./run/run-command.ts")).runCommand,
  },
  simulate: {
    summary: "rehearse a scenario: an oracle and its options over simulated prices or a price file",
    load: async () => (await import("./lab/simulate-command.ts")).simulateCommand,
  },
  kms: {
    summary: "run a local KMS, or make a running one fail on purpose",
    load: async () => (await import("./signer/commands/kms.ts")).kmsCommand,
  },
  keys: {
    summary: "create, list, show and check the report and sender keys",
    load: async () => (await import("./signer/commands/keys.ts")).keysCommand,
  },
};
