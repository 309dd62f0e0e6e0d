import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";

import { faultSchema } from "../../../../oracle/signer/local-kms/faults.ts";
import { spoilSignature } from "../../../../oracle/signer/local-kms/operations/spoil-signature.ts";

const secret = Buffer.alloc(32, 7);
const digest = Buffer.alloc(32, 1);

/** The first signature that is wanted, in JavaScript alone. */
function firstSignature(wanted: (signature: { r: bigint; s: bigint }) => boolean): Uint8Array {
  for (let nonce = 0; ; nonce++) {
    const extraEntropy = Buffer.alloc(32);
    extraEntropy.writeUInt32BE(nonce);
    const bytes = secp256k1.sign(digest, secret, { prehash: false, extraEntropy });
    const signature = secp256k1.Signature.fromBytes(bytes);
    if (wanted(signature)) return signature.toBytes("der");
  }
}

describe("signatures spoilt on purpose", () => {
  it("have a short r or s, and are the same bytes with machine code and without", () => {
    for (const part of ["r", "s"] as const) {
      const fault = faultSchema.parse({ fault: `short-${part}` });
      const der = spoilSignature(digest, secret, fault);
      expect(Buffer.from(der)).to.deep.equal(
        Buffer.from(firstSignature((signature) => signature[part] < 1n << 248n)),
      );
      expect(der).to.deep.equal(spoilSignature(digest, secret, fault));
      expect(der.length).to.be.lessThan(71);
      const key = secp256k1.getPublicKey(secret);
      expect(secp256k1.verify(der, digest, key, { prehash: false, lowS: false, format: "der" })).to.equal(
        true,
      );
    }
  });
});
