import { createPrivateKey, type KeyObject } from "node:crypto";

import type { Cryptography } from "../../../../../oracle/signer/agreement/cryptography.ts";
import { ed25519Cryptography, identityOf } from "../../../../../oracle/signer/ed25519.ts";
import { cheapCryptography } from "./cheap-cryptography.ts";

/** Who members are, and how they sign messages. */
export interface Identities {
  readonly identityAt: (member: number) => Uint8Array;
  readonly cryptographyOf: (member: number) => Cryptography;
}

/** Checksums instead of signatures: for thousands of runs. */
export const CHEAP: Identities = {
  identityAt: (member) => new Uint8Array(32).fill(member + 1),
  cryptographyOf: (member) => cheapCryptography(new Uint8Array(32).fill(member + 1)),
};

/** What stands before the 32 bytes of an Ed25519 private key in DER (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** Real Ed25519 for messages; reports are still signed by checksum. */
export const REAL: Identities = {
  identityAt: (member) => identityOf(keyAt(member)),
  cryptographyOf(member) {
    const real = ed25519Cryptography(keyAt(member));
    const cheap = CHEAP.cryptographyOf(member);
    return {
      sign: (bytes) => real.sign(bytes),
      verify: (identity, bytes, signature) => real.verify(identity, bytes, signature),
      signedReport: (address, digest, compact) => cheap.signedReport(address, digest, compact),
    };
  },
};

function keyAt(member: number): KeyObject {
  const key = Buffer.concat([PKCS8_PREFIX, new Uint8Array(32).fill(member + 1)]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}
