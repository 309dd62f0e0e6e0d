import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";

import type { Cryptography } from "./agreement/cryptography.ts";
import { toHex } from "./agreement/hex.ts";
import { sameBytes } from "./agreement/same-bytes.ts";
import { signerOfReport } from "./signer-of-report.ts";

/** What stands before the 32 bytes of an Ed25519 public key in DER (RFC 8410). */
const SPKI_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/**
 * Ed25519 for messages (RFC 8032, pure), recovery of secp256k1 keys for reports.
 * @param privateKey the own identity
 */
export function ed25519Cryptography(privateKey: KeyObject): Cryptography {
  const keys = new Map<string, KeyObject>();
  const keyOf = (identity: Uint8Array): KeyObject => {
    const name = toHex(identity);
    const known = keys.get(name);
    if (known) return known;
    const key = createPublicKey({
      key: Buffer.concat([SPKI_PREFIX, identity]),
      format: "der",
      type: "spki",
    });
    keys.set(name, key);
    return key;
  };
  return {
    sign: (bytes) => new Uint8Array(sign(null, bytes, privateKey)),
    verify: (identity, bytes, signature) => verify(null, bytes, keyOf(identity), signature),
    signedReport(address, digest, compact) {
      const signer = signerOfReport(digest, compact);
      return signer !== undefined && sameBytes(signer, address);
    },
  };
}

/** The 32 bytes of an Ed25519 key's public half: what an epoch lists. */
export function identityOf(key: KeyObject): Uint8Array {
  const half = key.type === "private" ? createPublicKey(key) : key;
  return new Uint8Array(half.export({ format: "der", type: "spki" }).subarray(SPKI_PREFIX.length));
}
