import type { Provenance } from "../market/quote.ts";
import type { AuditHead, AuditRow, AuditVerdict, NoteKind } from "./audit-chain.ts";
import type { Reason } from "./decision/reason.ts";
import type { TickInput } from "./pack-tick.ts";
import type { TickRecord } from "./tick-record.ts";
import type { Attempt, Inclusion, Transmission, TransmissionIntent } from "./transmission.ts";

/** A report with its quorum of signatures, as it is kept: enough to encode it again, for any bundles, and to prove fixings. */
export interface StoredReport {
  /** Unix seconds. */
  readonly observedAt: number;
  /** The epoch's number. */
  readonly epoch: number;
  /** 64 hexadecimal digits. */
  readonly root: string;
  readonly provenance: Provenance;
  /** By feed of the catalog, at each feed's decimals; `NO_PRICE` also for bundles that are closed. */
  readonly prices: BigInt64Array;
  /** The numbers of the bundles that the root holds, ascending. */
  readonly bundles: readonly number[];
  /** `observedAt:4 q:1 n:1 address:20·n (index:1 r:32 vs:32)·q`: the head of every report with this root. */
  readonly head: Uint8Array;
}

/** A verdict that was not `none`. */
export interface VerdictRow {
  /** The tick, Unix seconds. */
  readonly time: number;
  /** The feed's place in the catalog. */
  readonly place: number;
  readonly reason: Exclude<Reason, "none">;
}

/** What was too old to be kept. */
export interface Pruned {
  /** Unix seconds: from here on everything is kept. */
  readonly keptFrom: { readonly verdicts: number; readonly reports: number; readonly ticks: number };
  /** How many rows went. */
  readonly deleted: { readonly verdicts: number; readonly reports: number; readonly tickRecords: number };
}

/** A ledger refuses to contradict itself: another report for a time, another inclusion for a transmission. */
export class LedgerConflict extends Error {
  override readonly name = "LedgerConflict";
}

/** The ledger cannot be opened or written: the disk is full or read-only, the file is another instance's or damaged. */
export class LedgerError extends Error {
  override readonly name = "LedgerError";
}

/**
 * What one instance knows for good. A worker thread does the writing; what a promise here resolved for is on disk and survives a
 * crash of the machine, except where a method says *batched*. Every write leaves an audit row in the same transaction.
 */
export interface Ledger {
  /** Name of this start of this instance, as its audit chain has it. */
  readonly writer: string;

  /**
   * Keeps a report. Keeping the same one again changes nothing, even if other members of the quorum signed.
   * @throws LedgerConflict where another one is kept for its time
   */
  putReport(report: StoredReport): Promise<void>;
  report(observedAt: number): Promise<StoredReport | null>;
  /** The newest one, or the newest at or before a time. */
  newestReport(atOrBefore?: number): Promise<StoredReport | null>;
  /** Fixing times from `from` to `to` (both in) of which a report is kept, ascending; at most 1,000. */
  fixingTimes(from: number, to: number): Promise<readonly number[]>;

  /**
   * Keeps a tick record, and a row for every verdict in it that is not `none`. A second record for a time is kept beside the
   * first. Batched: its last second may be lost. What cannot be written waits, is told to `onBatchError`, and rejects `flush`.
   * @throws RangeError for a price or units of more than 64 bits, or a time that is no whole number of seconds
   */
  putTick(record: TickInput): void;
  /** The newest record of a time. */
  tick(time: number): Promise<TickRecord | null>;
  /** Verdicts other than `none` from `from` to `to` (both in), by time and place; at most 10,000. */
  verdicts(from: number, to: number): Promise<readonly VerdictRow[]>;

  /**
   * Opens a transmission and reserves its nonce: the smallest at or above `chainNonce` that no transmission of (chain, sender)
   * has. One that was abandoned has none: its number is given out again, or every later one would wait behind the gap. The
   * row is the reservation; there is no counter beside it.
   * @param chainNonce the sender's transaction count on chain
   */
  openTransmission(intent: TransmissionIntent, chainNonce: number): Promise<Transmission>;
  /**
   * Keeps a signed attempt before it is sent. Its hash is never forgotten. Keeping the same one again changes nothing.
   * @throws LedgerConflict where the transmission is unknown or ended, or another attempt has the hash
   */
  putAttempt(transmission: number, attempt: Attempt): Promise<void>;
  /** @throws LedgerConflict where it is unknown, closed in another way, or by a transaction that is not among its attempts */
  closeTransmission(transmission: number, outcome: Inclusion): Promise<void>;
  /** Those not closed, by nonce. */
  openTransmissions(chainId: number, sender: string): Promise<readonly Transmission[]>;
  transmission(id: number): Promise<Transmission | null>;
  /** The newest first. */
  transmissions(limit: number): Promise<readonly Transmission[]>;

  /**
   * Writes an audit row of its own: pages, evidence, commands, starts and stops of parts.
   * @throws TypeError where the body is no JSON
   */
  audit(kind: NoteKind, body: Readonly<Record<string, unknown>>): Promise<AuditRow>;
  /** Rows behind `after` of one writer's chain, ascending. */
  auditRows(writer: string, after: number, limit: number): Promise<readonly AuditRow[]>;
  /** The newest row of every writer's chain, in the order in which they began: what to note elsewhere. */
  auditHeads(): Promise<readonly AuditHead[]>;
  /**
   * Reads every chain from its first row, compares what the rows tell of with what is kept, and says where the first flaw is, if
   * there is one. Writes go on meanwhile.
   * @param expected heads noted earlier: without them, rows lost at the end of the newest chain cannot be missed
   */
  verifyAudit(expected?: readonly AuditHead[]): Promise<AuditVerdict>;

  /**
   * Deletes what is older than `RETENTION` says; to be called once a day.
   * @param now Unix seconds
   */
  prune(now: number): Promise<Pruned>;
  /**
   * Writes a whole copy of the ledger, as of now, to a new file.
   * @throws LedgerError where the file exists, or cannot be written
   */
  backup(file: string): Promise<void>;

  /** Resolves when everything batched so far is on disk. */
  flush(): Promise<void>;
  /** Flushes, and lets the files go, even where it rejects. Nothing may be called afterwards. */
  close(): Promise<void>;
}
