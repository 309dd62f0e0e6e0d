import type { Cryptography } from "../../../../../oracle/signer/agreement/cryptography.ts";

/**
 * Stands in for Ed25519 and secp256k1 where thousands of runs are wanted: a checksum over key and bytes. Nobody in
 * the simulation forges, so all that matters is that a message verifies under the key that made it and no other.
 */
export function cheapCryptography(identity: Uint8Array): Cryptography {
  return {
    sign: (bytes) => checksum(identity, bytes),
    verify: (key, bytes, signature) => same(checksum(key, bytes), signature),
    signedReport: (address, digest, compact) => same(checksum(address, digest), compact),
  };
}

/** What a key in the simulation's KMS makes. */
export function cheapReportSignature(address: Uint8Array, digest: Uint8Array): Uint8Array {
  return checksum(address, digest);
}

function checksum(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  const signature = new Uint8Array(64);
  new DataView(signature.buffer).setUint32(0, hash >>> 0);
  return signature;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}
