import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import fc from "fast-check";

import { compactSignature, MAX_S, recoverAddress } from "../../../oracle/report/signature.ts";
import { nativeSecp256k1 } from "../../../oracle/signer/native-secp256k1.ts";
import {
  MOST,
  nativeRecoverAddress,
  remembered,
  signerOfReport,
} from "../../../oracle/signer/signer-of-report.ts";

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

  it("is found once for the same bytes, and anew for others and for bytes that change afterwards", () => {
    const asked: string[] = [];
    const signerOf = remembered((digest, compact) => {
      asked.push(`${digest[0]} ${compact[0]}`);
      return compact[0] === 0 ? undefined : Uint8Array.of(digest[0] ?? 0, compact[0] ?? 0);
    });
    const [digest, compact] = [new Uint8Array(32).fill(1), new Uint8Array(64).fill(2)];
    const first = signerOf(digest, compact);
    expect(first).to.deep.equal(Uint8Array.of(1, 2));
    first?.fill(9); // what one caller does with it is nobody else's matter
    expect(signerOf(digest.slice(), compact.slice())).to.deep.equal(Uint8Array.of(1, 2));
    digest[0] = 3;
    expect(signerOf(digest, compact)).to.deep.equal(Uint8Array.of(3, 2));
    compact[0] = 0;
    for (let i = 0; i < 2; i++) expect(signerOf(digest, compact)).to.equal(undefined);
    expect(asked).to.deep.equal(["1 2", "3 2", "3 0"]);
  });

  it("is not remembered without end", () => {
    let asked = 0;
    const signerOf = remembered(() => {
      asked++;
      return undefined;
    });
    const ask = (i: number): unknown => signerOf(new Uint8Array(32), Buffer.from(String(i).padStart(64)));
    for (let i = 0; i <= MOST; i++) ask(i);
    ask(MOST);
    expect(asked).to.equal(MOST + 1);
    ask(0);
    expect(asked).to.equal(MOST + 2);
  });

  it("does without machine code where there is none", () => {
    expect(nativeRecoverAddress(undefined)).to.equal(undefined);
    if (nativeSecp256k1 !== undefined) expect(signerOfReport).not.to.equal(recoverAddress);
  });
});
