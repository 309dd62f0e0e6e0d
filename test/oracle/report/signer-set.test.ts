import { expect } from "chai";
import { hexlify, keccak256 } from "ethers";

import {
  encodeSignerSet,
  faultsBorne,
  signerSetHash,
  smallestQuorum,
} from "../../../oracle/report/signer-set.ts";

/** An address whose last byte is `n`. */
function address(n: number): Uint8Array {
  const bytes = new Uint8Array(20);
  bytes[19] = n;
  return bytes;
}

const three = [address(1), address(2), address(0x80)];

describe("signer sets", () => {
  it("take the smallest quorum of which any two share an honest signer", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 10].map(smallestQuorum)).to.deep.equal([1, 2, 2, 3, 4, 4, 5, 7]);
    for (let n = 1; n <= 255; n++) {
      const q = smallestQuorum(n);
      expect(2 * q - n, "two quorums share this many").to.be.greaterThan(faultsBorne(n));
      expect(2 * (q - 1) - n, "one signer less would not do").to.be.at.most(faultsBorne(n));
      expect(q, "honest signers alone reach it").to.be.at.most(n - faultsBorne(n));
    }
  });

  it("are written as quorum, size and addresses, and kept by the low 192 bits of the hash", () => {
    const bytes = encodeSignerSet({ quorum: 2, signers: three });
    expect(hexlify(bytes)).to.equal(`0x0203${"00".repeat(19)}01${"00".repeat(19)}02${"00".repeat(19)}80`);
    expect(hexlify(signerSetHash(bytes))).to.equal(`0x${keccak256(bytes).slice(18)}`);
  });

  it("are refused where the contract would refuse them", () => {
    const refused = (quorum: number, signers: Uint8Array[], message: RegExp) => {
      expect(() => encodeSignerSet({ quorum, signers })).to.throw(RangeError, message);
    };
    refused(1, three, /quorum of 3 signers is 2 to 3, not 1/);
    refused(4, three, /not 4/);
    refused(2.5, three, /not 2.5/);
    refused(0, [], /not 0/);
    refused(
      129,
      Array.from({ length: 256 }, (_, i) => address(i)),
      /not 256/,
    );
    refused(1, [address(0)], /signer 0: .*none is zero/);
    refused(2, [address(2), address(1)], /signer 1: addresses must ascend/);
    refused(2, [address(1), address(1)], /signer 1: addresses must ascend/);
    refused(1, [new Uint8Array(21).fill(1)], /20 bytes, not 21/);
  });
});
