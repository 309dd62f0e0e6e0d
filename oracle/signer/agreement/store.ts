import type { Evidence } from "./evidence.ts";
import type { Mark } from "./rules.ts";

/** Something that must not be forgotten. Bytes are whole signed messages. */
export type StoreRecord =
  /** An observation: the own one of any tick, everybody's of fixings. One per time and hash; own: one per time. */
  | { kind: "obs"; time: number; signer: number; hash: string; own: boolean; bytes: Uint8Array }
  /** An own proposal or vote. One per time, round and step: another one is a `StoreConflict`. */
  | { kind: "vote"; time: number; round: number; step: VoteStep; bytes: Uint8Array }
  /** What is locked and what is valid, with the valid value's proposal and its quorum of prevotes. Replaced. */
  | { kind: "lock"; time: number; lock: StoredLock }
  /** The decision and its certificate: the proposal, and a quorum of precommits of its round. One per time. */
  | { kind: "decision"; time: number; root: string; certificate: readonly Uint8Array[] }
  /** KMS is about to be asked to sign this root. One per time. */
  | { kind: "intent"; time: number; root: string }
  /** The own signature over the report, as the message that carries it. One per time. */
  | { kind: "sig"; time: number; bytes: Uint8Array }
  /** A quorum's signatures, and the proposal that says what they signed. Closes the time. */
  | { kind: "report"; time: number; root: string; messages: readonly Uint8Array[] }
  | { kind: "evidence"; evidence: Evidence }
  /** No votes for times up to `until`; clears the store's doubt about itself. */
  | { kind: "sitOut"; until: number }
  /** What may go: ordinary ticks before `ordinary`, fixings before `fixings`, in seconds. */
  | { kind: "forget"; ordinary: number; fixings: number };

export type VoteStep = "prop" | "prevote" | "precommit";

export interface StoredLock {
  readonly locked: Mark | undefined;
  readonly valid: Mark | undefined;
  /** The valid value's proposal, then a quorum of prevotes for it. */
  readonly messages: readonly Uint8Array[];
}

/** What a store knows of a time that has no report yet. */
export interface StoredTime {
  readonly time: number;
  readonly observations: readonly Uint8Array[];
  readonly votes: readonly Uint8Array[];
  readonly lock: StoredLock | undefined;
  readonly certificate: readonly Uint8Array[] | undefined;
  /** The root that KMS was asked, or about to be asked, to sign. */
  readonly intent: string | undefined;
  readonly sig: Uint8Array | undefined;
}

export interface StoredState {
  /**
   * Whether this is for certain the store that this signer last wrote to. A new one, a restored one or one of
   * unknown history is not, and stays so until a `sitOut` record is written.
   */
  readonly intact: boolean;
  /** No votes for times up to this; 0 where there never was a doubt. */
  readonly sitOutUntil: number;
  /** Times from `since` on without a report, ascending. */
  readonly open: readonly StoredTime[];
  /** Times from `since` on with one. */
  readonly closed: readonly number[];
}

/**
 * What a signer remembers. Exactly one process has it open. What `write` returned from is on disk: it survives
 * a crash of the process and of the machine.
 */
export interface AgreementStore {
  /**
   * Writes all records in one transaction. Writing the same record again changes nothing.
   * @throws StoreConflict for a record that contradicts an earlier one; then nothing of the call is written
   */
  write(records: readonly StoreRecord[]): void;
  /** Everything of the times from `since` on, in seconds, that a signer needs to go on. */
  load(since: number): StoredState;
  /** Everything known of one time, as messages for a signer that lacks them: each proves itself. */
  messagesOf(time: number): Uint8Array[];
  /** All evidence, oldest first. */
  evidence(): Evidence[];
  close(): void;
}
