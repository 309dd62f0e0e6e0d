/** The signatures that the machine makes and checks: computation only, no I/O. */
export interface Cryptography {
  /** Signs with the own identity key: 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array;
  /** Whether `signature` over `bytes` is by the identity with this public key. */
  verify(identity: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean;
  /** Whether `compact` over a report's digest is by the key with this address. */
  signedReport(address: Uint8Array, digest: Uint8Array, compact: Uint8Array): boolean;
}
