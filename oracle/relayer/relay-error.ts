/** Why the relayer needs a person. */
export type PageReason =
  /** The chain cannot be read, or is not ours. */
  | "chain"
  /** The chain would refuse the report. */
  | "refused"
  /** A transmission was mined and reverted. */
  | "reverted"
  /** Gas costs more than the cap. */
  | "feeCap"
  /** The sender cannot pay. */
  | "funds"
  /** KMS does not sign for the sender. */
  | "kms"
  /** The node does not take a transmission, or takes it and never includes it. */
  | "stuck"
  /** Someone else sends with the sender's key. */
  | "nonceTaken"
  /** Something that should not happen. */
  | "fault";

/** Something for a person to look at. Raised once, and again only after it was over. */
export interface RelayPage {
  readonly reason: PageReason;
  /** Unix milliseconds. */
  readonly time: number;
  /** What happened and what to do. */
  readonly message: string;
}

/** A report could not be carried for now. Says why, and what to do. */
export class RelayError extends Error {
  override readonly name = "RelayError";
  readonly reason: PageReason;
  /** Tells errors of one reason apart, so that each is paged once: the name of a contract's error, mostly nothing. */
  readonly what: string;

  constructor(reason: PageReason, message: string, cause?: unknown, what = "") {
    super(message, { cause });
    this.reason = reason;
    this.what = what;
  }
}
