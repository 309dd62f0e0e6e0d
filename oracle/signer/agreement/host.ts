import type { Cryptography } from "./cryptography.ts";
import type { Epoch } from "./epoch.ts";
import type { Outbox } from "./outbox.ts";
import type { Rules } from "./rules.ts";

/** What the instances of one signer share. */
export interface Host {
  readonly cryptography: Cryptography;
  readonly rules: Rules;
  readonly out: Outbox;
  /** An operator has stopped this signer from vouching. */
  halted(): boolean;
}

/** Where and when an instance runs. */
export interface Seat {
  readonly epoch: Epoch;
  /** The tick, in Unix seconds. */
  readonly time: number;
  /** The own place among the members. */
  readonly self: number;
  /** Whether this signer may vote here: not where its store may have forgotten votes. */
  readonly votes: boolean;
}
