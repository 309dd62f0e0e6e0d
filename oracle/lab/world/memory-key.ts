import { createPrivateKey, type KeyObject } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { getAddress, hexlify } from "ethers";

import { keccakText } from "../../report/keccak.ts";
import { addressOf } from "../../report/signature.ts";
import type { DigestSigner } from "../../signer/digest-signer.ts";
import { nativeSecp256k1 } from "../../signer/native-secp256k1.ts";

/** A key in memory, made from a text anybody may know: for rehearsals, never for money. */
export function memoryKey(seed: string): DigestSigner {
  const secret = keccakText(seed);
  const address = getAddress(hexlify(addressOf(secp256k1.getPublicKey(secret, false))));
  let requests = 0;
  return {
    address,
    signDigest: async (digest) => {
      const { r, s, yParity } = signWith(secret, digest);
      const serialized = `0x${r}${s}${yParity === 0 ? "1b" : "1c"}`;
      requests++;
      return {
        r: `0x${r}`,
        s: `0x${s}`,
        yParity,
        serialized,
        address,
        keyArn: "memory",
        requestId: `memory-${requests}`,
      };
    },
  };
}

/** An Ed25519 key made from a text: signs messages between signers. */
export function memoryIdentity(seed: string): KeyObject {
  const prefix = Buffer.from("302e020100300506032b657004220420", "hex"); // PKCS #8, RFC 8410
  return createPrivateKey({
    key: Buffer.concat([prefix, keccakText(`${seed} identity`)]),
    format: "der",
    type: "pkcs8",
  });
}

function signWith(secret: Uint8Array, digest: Uint8Array): { r: string; s: string; yParity: 0 | 1 } {
  if (nativeSecp256k1 !== undefined) {
    const { signature, recid } = nativeSecp256k1.ecdsaSign(digest, secret);
    return halves(signature, recid);
  }
  const bytes = secp256k1.sign(digest, secret, { prehash: false, format: "recovered" });
  return halves(bytes.subarray(1), bytes[0] ?? 0);
}

function halves(compact: Uint8Array, recovery: number): { r: string; s: string; yParity: 0 | 1 } {
  const hex = Buffer.from(compact).toString("hex");
  return { r: hex.slice(0, 64), s: hex.slice(64), yParity: recovery === 1 ? 1 : 0 };
}
