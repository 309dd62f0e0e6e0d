import type { FeedId } from "../../report/feed-id.ts";
import type { ReportSignature } from "../../report/signature.ts";
import type { Epoch } from "./epoch.ts";
import type { Evidence } from "./evidence.ts";
import type { PricedReport } from "./price-report.ts";
import type { StoreRecord } from "./store.ts";

/** Something happens to the machine. `now` is the signer's own clock in Unix milliseconds. */
export type Event = { readonly now: number } & (
  | { readonly kind: "start" }
  /** Time passes. Due at the output's `wakeAt` at the latest; earlier does no harm. */
  | { readonly kind: "clock" }
  /** Messages that arrived together, from anybody. */
  | { readonly kind: "messages"; readonly messages: readonly Uint8Array[] }
  /** What the signer's own market view says as of `time`, by feed of the catalog; `NO_PRICE` to abstain. */
  | { readonly kind: "observation"; readonly time: number; readonly prices: BigInt64Array }
  /** KMS signed the root that it was asked to sign. */
  | { readonly kind: "signed"; readonly time: number; readonly compact: Uint8Array }
  /** KMS did not, for now. */
  | { readonly kind: "signFailed"; readonly time: number; readonly reason: string }
  /** An operator stops this signer from vouching for anything, or lets it vouch again. */
  | { readonly kind: "halt"; readonly halted: boolean }
  /** The own clock's distance from its peers, in milliseconds. */
  | { readonly kind: "offset"; readonly offset: number }
  /** An epoch to come, approved by at least two people. */
  | { readonly kind: "epoch"; readonly epoch: Epoch; readonly approvedBy: readonly string[] }
);

/** Something the machine wants done, in this order, after its records are on disk. */
export type Effect =
  /** Send to one member or to all others. */
  | { kind: "send"; to: number | "all"; messages: readonly Uint8Array[] }
  /** Send the member everything the store knows of this time. */
  | { kind: "serve"; to: number; time: number }
  /** Work out the prices as of `time` and give them back as an `observation`. */
  | { kind: "observe"; time: number }
  /** Have KMS sign: at most 2 s a try, 3 tries; then `signed` or `signFailed`. */
  | { kind: "sign"; time: number; root: string; digest: Uint8Array }
  | { kind: "decided"; time: number; round: number; root: string }
  /** A quorum has signed. */
  | { kind: "report"; report: QuorumReport }
  | { kind: "evidence"; evidence: Evidence }
  /** A person should know. */
  | { kind: "page"; page: Page };

/** A report with its quorum of signatures: everything that `encodeReport` takes. */
export interface QuorumReport extends PricedReport {
  readonly epoch: Epoch;
  readonly time: number;
  /** Exactly q, by ascending index. */
  readonly signatures: readonly ReportSignature[];
}

export type Page =
  /** Decided, but the own market disagrees with these feeds: not signed. */
  | { reason: "dissent"; time: number; feeds: readonly FeedId[] }
  /** Decided, but this signer has no observation of that time: not signed. */
  | { reason: "unobserved"; time: number }
  | { reason: "halted"; time: number }
  /** The own market view gave no answer for this time: not observed. */
  | { reason: "market"; time: number; detail: string }
  | { reason: "kms"; time: number; detail: string }
  /** KMS returned a signature that is not by the own pinned key. */
  | { reason: "wrongSignature"; time: number }
  /** Another root was decided than KMS was asked to sign: more than f signers lie, or this store is broken. */
  | { reason: "conflict"; time: number; intended: string; decided: string }
  /** The store is new, restored or not the last one: no votes for times up to `until`. */
  | { reason: "sitOut"; until: number }
  /** The own clock is too far from its peers': not observing. */
  | { reason: "clock"; offset: number }
  /** A fixing is lost: 24 hours have passed without a quorum of signatures. */
  | { reason: "absent"; time: number };

/** What the machine wants: first the records, in one transaction; when they are on disk, the effects. */
export interface Output {
  readonly records: readonly StoreRecord[];
  readonly effects: readonly Effect[];
  /** When the machine wants a `clock` event, in Unix milliseconds. */
  readonly wakeAt: number;
}
