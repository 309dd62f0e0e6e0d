/** What a signer did that somebody should look at, with the signed messages that show it. */
export interface Evidence {
  /**
   * `equivocation`: two different messages where the protocol allows one; proves a broken or lying signer.
   * `censorship`: a proposal that leaves a feed without a price, and an observation that would have given it one.
   * `badProposal`: a signed proposal that no signer may vote for.
   * `permanentDissent`: the first and the latest of an unbroken row of dissents from one feed.
   */
  readonly kind: "equivocation" | "censorship" | "badProposal" | "permanentDissent";
  /** The place of the accused among the epoch's members. */
  readonly accused: number;
  readonly time: number;
  readonly epoch: number;
  /** What it is about, for people: the kind of message and round, the feed, or why a proposal is bad. */
  readonly about: string;
  /** Whole signed messages: everybody can check them. */
  readonly messages: readonly Uint8Array[];
}
