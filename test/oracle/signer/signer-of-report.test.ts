import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import fc from "fast-check";

import { compactSignature, MAX_S, recoverAddress } from "../../../oracle/report/signature.ts";
import { nativeSecp256k1 } from "../../../oracle/signer/native-secp256k1.ts";
import { nativeRecoverAddress, signerOfReport } from "../../../oracle/signer/signer-of-report.ts";

const ORDER = secp256k1.Point.Fn.ORDER;
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

function word(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}

describe("signer of a report", () => {
  it("is who signed, and nobody once a byte of signature or digest is another, as the slow way says", () => {
    const secret = secp256k1.utils.randomSecretKey(new Uint8Array(48).fill(7));
    fc.assert(
      fc.property(bytes32, fc.nat(95), fc.integer({ min: 1, max: 255 }), (digest, place, change) => {
        const signed = secp256k1.sign(digest, secret, { prehash: false, format: "recovered" });
        const { r, s, recovery } = secp256k1.Signature.fromBytes(signed, "recovered");
        const compact = compactSignature(r, s, recovery === 1 ? 1 : 0);
        const right = recoverAddress(digest, compact);
        expect(signerOfReport(digest, compact)).to.deep.equal(right);
        expect(right).to.have.length(20);
        const other = Buffer.concat([compact, digest]);
        other[place]! ^= change;
        const [changed, of] = [other.subarray(0, 64), other.subarray(64)];
        expect(signerOfReport(of, changed)).to.deep.equal(recoverAddress(of, changed));
        expect(signerOfReport(of, changed)).not.to.deep.equal(right);
      }),
      { seed: 20261126, numRuns: 150 },
    );
  });

  it("is nobody for r or s of zero, of the order and above, and for an s in the upper half, both ways", () => {
    const digest = new Uint8Array(32).fill(1);
    const edges = [0n, 1n, 2n, MAX_S, MAX_S + 1n, 2n ** 255n - 1n];
    for (const r of [...edges, ORDER - 1n, ORDER, ORDER + 1n, 2n ** 256n - 1n]) {
      for (const s of edges) {
        for (const parity of [0n, 1n]) {
          const compact = Buffer.concat([word(r), word((parity << 255n) | s)]);
          const slow = recoverAddress(digest, compact);
          expect(signerOfReport(digest, compact), `r ${r}, s ${s}`).to.deep.equal(slow);
          if (s > MAX_S || s === 0n || r === 0n || r >= ORDER)
            expect(slow, `r ${r}, s ${s}`).to.equal(undefined);
        }
      }
    }
  });

  it("does without machine code where there is none", () => {
    expect(nativeRecoverAddress(undefined)).to.equal(undefined);
    if (nativeSecp256k1 !== undefined) expect(signerOfReport).not.to.equal(recoverAddress);
  });
});
