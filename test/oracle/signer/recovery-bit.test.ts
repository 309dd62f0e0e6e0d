import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import fc from "fast-check";

import { nativeRecoveryBit, tabledRecoveryBit } from "../../../oracle/signer/recovery-bit.ts";

const N = secp256k1.Point.Fn.ORDER;
const secret = Buffer.alloc(32, 7);
const key = secp256k1.Point.fromBytes(secp256k1.getPublicKey(secret));
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe("recovery bit", () => {
  it("is the one that was signed with, and the same in both ways, and none once anything is changed", function () {
    const tabled = tabledRecoveryBit(key);
    const native = nativeRecoveryBit(key);
    if (native === undefined) {
      console.log("      secp256k1 has no build for this platform");
      this.skip();
    }
    const small = fc.bigInt({ min: 1n, max: 1000n });
    const any = fc.bigInt({ min: 1n, max: N / 2n });
    const seen = new Set<number | undefined>();
    fc.assert(
      fc.property(bytes, fc.oneof(small, any), fc.oneof(small, any), (digest, r, s) => {
        const made = secp256k1.Signature.fromBytes(
          secp256k1.sign(digest, secret, { prehash: false, format: "recovered" }),
          "recovered",
        );
        expect(tabled(digest, made.r, made.s)).to.equal(made.recovery);
        expect(native(digest, made.r, made.s)).to.equal(made.recovery);
        seen.add(made.recovery);
        const changed = Uint8Array.from(digest, (byte, at) => (at === 31 ? byte ^ 1 : byte));
        for (const [d, x, y] of [
          [changed, made.r, made.s],
          [digest, r, made.s],
          [digest, made.r, s],
          [digest, r, s],
        ] as const) {
          expect(tabled(d, x, y)).to.equal(undefined);
          expect(native(d, x, y)).to.equal(undefined);
        }
      }),
      { seed: 0x6e616b, numRuns: 100 },
    );
    expect([...seen].sort()).to.deep.equal([0, 1]);
  });

  it("is none, both ways, where no point has r and where the key would be at infinity", () => {
    const digest = Buffer.alloc(32, 1);
    const z = BigInt(`0x${digest.toString("hex")}`);
    for (const recoveryBit of [tabledRecoveryBit(key), nativeRecoveryBit(key)]) {
      if (recoveryBit === undefined) continue;
      expect(recoveryBit(digest, 5n, 1n)).to.equal(undefined);
      // R = (z/s)·G + (r/s)·Q = 0 for r = −z/d.
      const d = BigInt(`0x${secret.toString("hex")}`);
      const r = secp256k1.Point.Fn.mul(N - z, secp256k1.Point.Fn.inv(d));
      expect(recoveryBit(digest, r, 1n)).to.equal(undefined);
    }
  });
});
