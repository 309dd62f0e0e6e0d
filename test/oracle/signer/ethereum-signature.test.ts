import { createHash } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";
import { recoverAddress, Signature } from "ethers";
import fc from "fast-check";

import { DerError, parseDerSignature } from "../../../oracle/signer/der.ts";
import { createReleaseCheck, SignatureMismatchError } from "../../../oracle/signer/ethereum-signature.ts";
import { addressOf, publicKeyFromSpki } from "../../../oracle/signer/public-key.ts";
import { wycheproofCases } from "./wycheproof.ts";

const N = secp256k1.Point.Fn.ORDER;
const SEED = 0x6e616b;
const secret = Buffer.alloc(32, 7);
const key = secp256k1.Point.fromBytes(secp256k1.getPublicKey(secret));
const check = createReleaseCheck(key);

function sha256(message: Uint8Array): Uint8Array {
  return createHash("sha256").update(message).digest();
}

function der(r: bigint, s: bigint): Uint8Array {
  return new secp256k1.Signature(r, s).toBytes("der");
}

describe("ethereum signature", () => {
  it("releases low s that ethers recovers to the key's address, from low and from high s", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.boolean(), (digest, high) => {
        const made = secp256k1.Signature.fromBytes(secp256k1.sign(digest, secret, { prehash: false }));
        const released = check(digest, der(made.r, high ? N - made.s : made.s));
        expect(BigInt(released.s)).to.equal(made.s);
        expect(released.r).to.match(/^0x[0-9a-f]{64}$/);
        expect(released.serialized).to.equal(Signature.from(released).serialized);
        expect(recoverAddress(digest, released)).to.equal(addressOf(key));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it("releases none of 10,000 digests' signatures that does not recover or has high s", function () {
    this.timeout(600_000);
    let high = 0;
    for (let i = 0; i < 10_000; i++) {
      const digest = sha256(Buffer.from(`digest ${i}`));
      // As the local KMS signs: s high or low as it comes.
      const bytes = secp256k1.sign(digest, secret, { prehash: false, lowS: false, format: "der" });
      const released = check(digest, bytes);
      if (parseDerSignature(bytes).s > N / 2n) high++;
      expect(BigInt(released.s) <= N / 2n).to.equal(true);
      // Recovery by another library costs more than all the rest.
      if (i % 10 === 0) expect(recoverAddress(digest, released)).to.equal(addressOf(key));
    }
    expect(high).to.be.within(4_500, 5_500);
  });

  it("refuses a signature with any bit changed", () => {
    const digest = sha256(Buffer.from("a digest"));
    const good = secp256k1.sign(digest, secret, { prehash: false, format: "der" });
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = Uint8Array.from(good);
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => check(digest, bad), `bit ${String(bit)}`).to.throw(Error);
    }
  });

  it("refuses another key's signature and another digest's", () => {
    const digest = sha256(Buffer.from("one"));
    const theirs = secp256k1.sign(digest, Buffer.alloc(32, 8), { prehash: false, format: "der" });
    expect(() => check(digest, theirs)).to.throw(SignatureMismatchError, "not this key's");
    const mine = secp256k1.sign(digest, secret, { prehash: false, format: "der" });
    expect(() => check(sha256(Buffer.from("two")), mine)).to.throw(SignatureMismatchError, "not this key's");
  });

  it("reads one encoding of each pair, and no other", () => {
    const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");
    expect(parseDerSignature(bytes("30 07 02 02 00ff 02 01 7f"))).to.deep.equal({ r: 255n, s: 127n });
    const refused: Record<string, string> = {
      "30 07 02 02 007f 02 01 7f": "a padded INTEGER at byte 2",
      "30 07 02 01 7f 02 02 0001": "a padded INTEGER at byte 5",
      "30 06 02 01 ff 02 01 7f": "a negative INTEGER at byte 2",
      "30 06 02 01 7f 02 01 80": "a negative INTEGER at byte 5",
      "30 05 02 00 02 01 7f": "an INTEGER of 0 bytes at byte 2",
      "30 06 02 01 7f 02 02 7f": "an INTEGER of 2 bytes at byte 5",
      "30 07 02 01 7f 02 01 7f 00": "1 bytes after s",
      "30 06 02 01 7f 02 01 7f 00": "the SEQUENCE says 6 bytes, 7 follow",
      "30 81 06 02 01 7f 02 01 7f": "the SEQUENCE says 129 bytes",
      "31 06 02 01 7f 02 01 7f": "expected a SEQUENCE",
      "30 06 03 01 7f 02 01 7f": "expected an INTEGER (0x02) at byte 2",
      "30 03 02 01 7f": "expected an INTEGER (0x02) at byte 5",
      "": "expected a SEQUENCE",
    };
    for (const [hex, why] of Object.entries(refused))
      expect(() => parseDerSignature(bytes(hex)), hex).to.throw(DerError, why);
    const long = `02 22 01${"00".repeat(33)}`;
    expect(() => parseDerSignature(bytes(`30 27 ${long} 02 01 7f`))).to.throw(DerError, "of 34 bytes");
  });

  it("refuses r and s of 0 and of n", () => {
    const digest = sha256(Buffer.from("range"));
    const integer = (value: bigint): string => {
      const hex = value.toString(16).padStart(2, "0");
      const even = hex.length % 2 === 0 ? hex : `0${hex}`;
      const padded = Number.parseInt(even.slice(0, 2), 16) >= 0x80 ? `00${even}` : even;
      return `02${(padded.length / 2).toString(16).padStart(2, "0")}${padded}`;
    };
    for (const [r, s] of [
      [0n, 1n],
      [1n, 0n],
      [N, 1n],
      [1n, N],
    ] as const) {
      const body = integer(r) + integer(s);
      const bytes = Buffer.from(`30${(body.length / 2).toString(16).padStart(2, "0")}${body}`, "hex");
      expect(() => check(digest, bytes)).to.throw(SignatureMismatchError, "between 1 and n − 1");
    }
  });

  it("gets every Wycheproof case right", function () {
    const cases = wycheproofCases(this);
    expect(cases).to.have.length(463);
    const keys = new Map<string, ReturnType<typeof createReleaseCheck>>();
    const normalised: number[] = [];
    const unrepresentable: string[] = [];
    for (const { tcId, comment, spki, message, der: bytes, valid } of cases) {
      const of = `case ${String(tcId)}: ${comment}`;
      const theirKey = publicKeyFromSpki(spki);
      const digest = sha256(message);
      let released;
      try {
        const id = addressOf(theirKey);
        const releaseCheck = keys.get(id) ?? createReleaseCheck(theirKey);
        keys.set(id, releaseCheck);
        released = releaseCheck(digest, bytes);
      } catch (error) {
        expect(error, of).to.satisfy(
          (e: unknown) => e instanceof DerError || e instanceof SignatureMismatchError,
        );
        if (valid) unrepresentable.push(of);
        continue;
      }
      expect(recoverAddress(digest, released), of).to.equal(addressOf(theirKey));
      if (!valid) {
        // Invalid only because s is high. What we release is its twin with low s, which is valid.
        normalised.push(tcId);
        expect(parseDerSignature(bytes).s > N / 2n, of).to.equal(true);
        expect(BigInt(released.s) <= N / 2n, of).to.equal(true);
      }
    }
    expect(normalised).to.deep.equal([1, 388]);
    // Valid ECDSA, but r was reduced modulo n: Ethereum has no recovery id for it, so it must not be released.
    expect(unrepresentable).to.have.length(1);
  });
});
