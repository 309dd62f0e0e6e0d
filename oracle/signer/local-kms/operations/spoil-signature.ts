import { createHash } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";

import { nativeSecp256k1 } from "../../native-secp256k1.ts";
import type { Fault } from "../faults.ts";

const N = secp256k1.Point.Fn.ORDER;
const SHORT = 1n << 248n;

/**
 * Signs a digest, DER, s high or low as it comes; with a fault, in the way the fault asks for. Nonces are those of
 * RFC 6979, so the same key, digest and fault give the same bytes.
 */
export function spoilSignature(digest: Uint8Array, secret: Uint8Array, fault: Fault | undefined): Uint8Array {
  switch (fault?.fault) {
    case "wrong-key": {
      const other = createHash("sha256").update("another key").update(secret).digest();
      return signEitherWay(digest, other);
    }
    case "high-s": {
      const { r, s } = secp256k1.Signature.fromBytes(signLow(digest, secret));
      return new secp256k1.Signature(r, N - s).toBytes("der");
    }
    case "short-r":
      return search(digest, secret, ({ r }) => r < SHORT);
    case "short-s":
      return search(digest, secret, ({ s }) => s < SHORT);
    case "corrupt-der":
      return corrupt(signEitherWay(digest, secret), fault.variant ?? "trailing");
    default:
      return signEitherWay(digest, secret);
  }
}

/**
 * r, then the lower s.
 *
 * @param extraEntropy 32 bytes that make another nonce
 */
function signLow(digest: Uint8Array, secret: Uint8Array, extraEntropy?: Uint8Array): Uint8Array {
  const options = extraEntropy === undefined ? {} : { data: extraEntropy };
  return (
    nativeSecp256k1?.ecdsaSign(digest, secret, options).signature ??
    secp256k1.sign(digest, secret, { prehash: false, extraEntropy: extraEntropy ?? false })
  );
}

/** The real service takes s as it comes; here r's last bit says which of the two it is. */
function signEitherWay(digest: Uint8Array, secret: Uint8Array): Uint8Array {
  const { r, s } = secp256k1.Signature.fromBytes(signLow(digest, secret));
  return new secp256k1.Signature(r, (r & 1n) === 0n ? s : N - s).toBytes("der");
}

/** One nonce in 256 will do, so this ends after some hundred signatures. */
function search(
  digest: Uint8Array,
  secret: Uint8Array,
  wanted: (signature: { r: bigint; s: bigint }) => boolean,
): Uint8Array {
  for (let nonce = 0; ; nonce++) {
    const extraEntropy = Buffer.alloc(32);
    extraEntropy.writeUInt32BE(nonce);
    const signature = secp256k1.Signature.fromBytes(signLow(digest, secret, extraEntropy));
    if (wanted(signature)) return signature.toBytes("der");
  }
}

function corrupt(der: Uint8Array, variant: NonNullable<Fault["variant"]>): Uint8Array {
  const bytes = [...der];
  switch (variant) {
    case "trailing":
      return Uint8Array.from([...bytes, 0]);
    case "truncated":
      return Uint8Array.from(bytes.slice(0, -1));
    case "length":
      return Uint8Array.from([0x30, 0x81, ...bytes.slice(1)]);
    case "negative": {
      const first = bytes[4] ?? 0;
      // A leading zero is what keeps r positive: without it the same r reads as negative.
      const body = first === 0 ? [bytes[2], (bytes[3] ?? 0) - 1, ...bytes.slice(5)] : undefined;
      const made = body ?? [bytes[2], bytes[3], first | 0x80, ...bytes.slice(5)];
      return Uint8Array.from([0x30, made.length, ...(made as number[])]);
    }
    case "padded": {
      const made = [bytes[2], (bytes[3] ?? 0) + 1, 0, ...bytes.slice(4)] as number[];
      return Uint8Array.from([0x30, made.length, ...made]);
    }
    case "empty":
      return Uint8Array.from([0x30, 0x04, 0x02, 0x00, 0x02, 0x00]);
  }
}
