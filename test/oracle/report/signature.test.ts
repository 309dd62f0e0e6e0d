import { expect } from "chai";
import { getBytes, hexlify, SigningKey, computeAddress, toBeHex } from "ethers";
import fc from "fast-check";

import { compactSignature, MAX_S, recoverAddress, splitSignature } from "../../../oracle/report/signature.ts";
import { bytes32, RUNS } from "./random.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("signatures", () => {
  it("are as EIP-2098 writes them, and recover to their signer", () => {
    fc.assert(
      fc.property(bytes32, fc.bigInt(1n, ORDER - 1n), (digest, secret) => {
        const key = new SigningKey(toBeHex(secret, 32));
        const signature = key.sign(digest);
        const r = BigInt(signature.r);
        const s = BigInt(signature.s);
        const compact = compactSignature(r, s, signature.yParity);
        expect(hexlify(compact)).to.equal(signature.compactSerialized);
        expect(splitSignature(compact)).to.deep.equal({ r, s, yParity: signature.yParity });
        expect(hexlify(recoverAddress(digest, compact)!)).to.equal(computeAddress(key).toLowerCase());
        const twin = compactSignature(r, ORDER - s, signature.yParity === 0 ? 1 : 0);
        expect(twin, "the high twin is brought down").to.deep.equal(compact);
      }),
      { ...RUNS, numRuns: 30 },
    );
  });

  it("are the example of EIP-2098", () => {
    const compact = compactSignature(
      0x68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b90n,
      0x7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064n,
      0,
    );
    expect(hexlify(compact)).to.equal(
      "0x68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b907e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064",
    );
  });

  it("of nobody recover to nothing", () => {
    const digest = getBytes(`0x${"11".repeat(32)}`);
    const raw = (r: bigint, vs: bigint) =>
      getBytes(`0x${toBeHex(r, 32).slice(2)}${toBeHex(vs, 32).slice(2)}`);
    expect(recoverAddress(digest, raw(0n, 1n))).to.equal(undefined);
    expect(recoverAddress(digest, raw(1n, 0n))).to.equal(undefined);
    expect(recoverAddress(digest, raw(ORDER, 1n))).to.equal(undefined);
    expect(recoverAddress(digest, raw(5n, 1n)), "no point has this x").to.equal(undefined);
    expect(recoverAddress(digest, raw(1n, MAX_S + 1n))).to.equal(undefined);
    expect(recoverAddress(digest, raw(1n, MAX_S))).to.be.instanceOf(Uint8Array);
  });

  it("refuse numbers outside of the group, and other lengths", () => {
    for (const wrong of [0n, -1n, ORDER]) {
      expect(() => compactSignature(wrong, 1n, 0)).to.throw(RangeError, `r = ${wrong}`);
      expect(() => compactSignature(1n, wrong, 0)).to.throw(RangeError, `s = ${wrong}`);
    }
    expect(() => splitSignature(new Uint8Array(65))).to.throw(RangeError, /64 bytes, not 65/);
  });
});
