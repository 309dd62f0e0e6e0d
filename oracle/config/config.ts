import type { KeyObject } from "node:crypto";

import type { Catalog } from "../feeds/catalog.ts";
import type { Schedule } from "../ledger/decision/scheduled.ts";
import type { FeePolicy } from "../relayer/fees.ts";
import type { NetworkMode } from "../report/digest.ts";
import type { FeedId } from "../report/feed-id.ts";
import type { Member } from "../signer/agreement/epoch.ts";
import type { Timing } from "../signer/agreement/timing.ts";
import type { Durability } from "../signer/store/witness.ts";

/** Everything an instance is told, checked. Made by `readConfig`. */
export interface Config {
  /** The file it was read from. */
  readonly file: string;
  readonly instance: string;
  readonly network: string;
  readonly mode: NetworkMode;
  /** The salt of the network's EIP-712 domain, 32 bytes. */
  readonly salt: Uint8Array;
  readonly catalog: Catalog;
  readonly epoch: EpochConfig;
  /** The signers of this process. */
  readonly signers: readonly SignerConfig[];
  readonly chains: readonly ChainConfig[];
  readonly send: SendConfig;
  readonly api: ApiConfig;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly durability: Durability;
}

export interface EpochConfig {
  readonly number: number;
  /** Unix seconds, a fixing time. */
  readonly from: number;
  /** By ascending address. */
  readonly members: readonly Member[];
  readonly timing: Timing;
}

/** A key in KMS, as `openKmsSigner` takes it. */
export interface KeyConfig {
  readonly keyArns: readonly [string, ...string[]];
  /** In mixed case. */
  readonly address: string;
  /** A local KMS; never in production. */
  readonly endpoint?: string;
}

export interface SignerConfig {
  /** Its place among the epoch's members. */
  readonly member: number;
  /** Ed25519, private. */
  readonly identity: KeyObject;
  readonly key: KeyConfig;
}

export interface ChainConfig {
  readonly name: string;
  readonly chainId: number;
  /** May hold a key: not to be shown. */
  readonly rpcUrl: string;
  /** Absolute path. */
  readonly addressBook: string;
  readonly fees: FeePolicy;
  readonly sender: KeyConfig;
}

/** When a feed's price is sent. */
export interface SendRule {
  /** Millionths of the price on chain; 0: no deviation is a reason. */
  readonly deviation: number;
  /** Seconds; 0: no age is a reason. */
  readonly heartbeat: number;
  readonly schedule: Schedule | null;
}

export interface SendConfig {
  /** For feeds that `feeds` does not have. */
  readonly default: SendRule;
  readonly feeds: ReadonlyMap<FeedId, SendRule>;
}

export interface ApiConfig {
  readonly host: string;
  /** Null where none was named: then `DEFAULT_API_PORT` or, if it is taken, a free one. */
  readonly port: number | null;
  readonly trustedProxy: readonly string[];
  readonly requestsPerMinute: number;
}

/** Where the API listens unless told otherwise. */
export const DEFAULT_API_PORT = 8480;
