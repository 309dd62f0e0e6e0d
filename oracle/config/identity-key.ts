import { createPrivateKey, type KeyObject } from "node:crypto";

/** What stands before the 32 bytes of an Ed25519 private key in DER (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * A signer's identity, from the text of a variable.
 * @throws RangeError that says what was expected, and how long the text was: never the text
 */
export function identityKey(text: string): KeyObject {
  const digits = text.trim().replace(/^0x/, "");
  if (!/^[0-9a-fA-F]{64}$/.test(digits)) {
    throw new RangeError(`expected 64 hexadecimal digits, saw ${text.trim().length} characters`);
  }
  const key = Buffer.concat([PKCS8_PREFIX, Buffer.from(digits, "hex")]);
  return createPrivateKey({ key, format: "der", type: "pkcs8" });
}
