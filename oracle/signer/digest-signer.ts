import type { EthereumSignature } from "./ethereum-signature.ts";

/** A released signature, and what is needed to find it again in CloudTrail. */
export interface DigestSignature extends EthereumSignature {
  /** Mixed-case address that the signature recovers to. */
  readonly address: string;
  /** The key that signed; with replicas, the one that answered. */
  readonly keyArn: string;
  /** KMS's id of the request that made this signature. */
  readonly requestId: string;
}

/** Whatever signs 32-byte digests with one key. */
export interface DigestSigner {
  /** Mixed case. */
  readonly address: string;
  /**
   * @param digest 32 bytes
   * @returns a signature that recovers to `address`, s low
   */
  readonly signDigest: (digest: Uint8Array) => Promise<DigestSignature>;
}
