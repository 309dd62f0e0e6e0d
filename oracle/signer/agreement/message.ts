import type { FeedId } from "../../report/feed-id.ts";

/** The first byte of every message. Another number is another protocol. */
export const VERSION = 1;

/** The second byte of every message. */
export const KIND_CODES = { obs: 1, prop: 2, prevote: 3, precommit: 4, sig: 5, ask: 6, want: 7 } as const;

export type MessageKind = keyof typeof KIND_CODES;

/** `version:1 kind:1 epoch:4 time:4 signer:1` stand before every payload. */
export const HEADER_BYTES = 11;

/** An Ed25519 signature stands behind every payload. */
export const IDENTITY_SIGNATURE_BYTES = 64;

/** The value of a vote for nothing. */
export const NIL = "00".repeat(32);

/** The valid round of a fresh proposal. */
export const FRESH = -1;

/** Rounds are written in two bytes, of which the last number says `FRESH`. */
export const MAX_ROUND = 65_534;

export interface Header {
  readonly kind: MessageKind;
  /** The epoch's number. */
  readonly epoch: number;
  /** The tick, in Unix seconds. */
  readonly time: number;
  /** The sender's place among the members. */
  readonly signer: number;
}

/** What one signer saw of every feed. At most one per signer and time. */
export interface ObsContent {
  readonly kind: "obs";
  /** By feed of the catalog, in the feed's decimals; `NO_PRICE` where the signer abstains. */
  readonly prices: BigInt64Array;
}

/** A leader's proposal. */
export interface PropContent {
  readonly kind: "prop";
  readonly round: number;
  /** The round in which the value was valid before, or `FRESH`. */
  readonly validRound: number;
  /** The root that the leader computed. */
  readonly root: string;
  /** Hashes of at least q observations, by ascending signer. */
  readonly observations: readonly string[];
  /** Feeds to leave without a price; ascending. */
  readonly drop: readonly FeedId[];
  /** Whole prevotes, which dissent from the feeds in `drop`. */
  readonly dissents: readonly Uint8Array[];
}

export interface PrevoteContent {
  readonly kind: "prevote";
  readonly round: number;
  /** A value's hash, or `NIL`. */
  readonly value: string;
  /** Feeds whose price is outside of the voter's hard band; ascending. */
  readonly dissent: readonly FeedId[];
  /** Feeds without a price that the voter's observations would give one; ascending. */
  readonly missing: readonly FeedId[];
}

export interface PrecommitContent {
  readonly kind: "precommit";
  readonly round: number;
  /** A value's hash, or `NIL`. */
  readonly value: string;
}

/** A KMS key's signature over the report of a time. */
export interface SigContent {
  readonly kind: "sig";
  readonly root: string;
  /** r, then vs (EIP-2098): 64 bytes. */
  readonly compact: Uint8Array;
}

/** "I have no report of this time: send me what I lack." */
export interface AskContent {
  readonly kind: "ask";
  /** By member: whether the sender has an observation of it. */
  readonly have: readonly boolean[];
}

/** "Send me these observations." */
export interface WantContent {
  readonly kind: "want";
  readonly observations: readonly string[];
}

export type Content =
  ObsContent | PropContent | PrevoteContent | PrecommitContent | SigContent | AskContent | WantContent;

/** Who said it, and how it came. */
export interface Envelope {
  readonly epoch: number;
  readonly time: number;
  readonly signer: number;
  /** The whole message as it travels: header, payload, signature. */
  readonly bytes: Uint8Array;
}

export interface Obs extends ObsContent, Envelope {
  /** By this hash proposals name it. */
  readonly hash: string;
}
export interface Prop extends PropContent, Envelope {
  /** The hash of what it proposes. */
  readonly value: string;
}
export interface Prevote extends PrevoteContent, Envelope {}
export interface Precommit extends PrecommitContent, Envelope {}
export interface Sig extends SigContent, Envelope {}
export interface Ask extends AskContent, Envelope {}
export interface Want extends WantContent, Envelope {}

export type Message = Obs | Prop | Prevote | Precommit | Sig | Ask | Want;

/** What a message's signature and an observation's hash are taken over: everything but the signature. */
export function bodyOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length - IDENTITY_SIGNATURE_BYTES);
}

/** The round of a proposal or vote, which stands first in their payloads. */
export function roundOf(bytes: Uint8Array): number {
  return ((bytes[HEADER_BYTES] ?? 0) << 8) | (bytes[HEADER_BYTES + 1] ?? 0);
}
