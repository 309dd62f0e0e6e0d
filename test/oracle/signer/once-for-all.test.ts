import { generateKeyPairSync } from "node:crypto";

import { expect } from "chai";
import fc from "fast-check";

import type { Cryptography } from "../../../oracle/signer/agreement/cryptography.ts";
import { ed25519Cryptography, identityOf } from "../../../oracle/signer/ed25519.ts";
import { onceForAll } from "../../../oracle/signer/once-for-all.ts";

const keys = [0, 1].map(() => generateKeyPairSync("ed25519").privateKey);
const [first, second] = keys.map((key) => ed25519Cryptography(key)) as [Cryptography, Cryptography];
const identities = keys.map((key) => identityOf(key));

/** Counts how often it is asked to verify. */
function counted(cryptography: Cryptography): Cryptography & { asked: number } {
  const counting = {
    ...cryptography,
    asked: 0,
    verify(...args: Parameters<Cryptography["verify"]>) {
      counting.asked++;
      return cryptography.verify(...args);
    },
  };
  return counting;
}

describe("verified once for all signers of a process", () => {
  it("asks once for the same bytes, whoever receives them", () => {
    const [one, other] = [counted(first), counted(second)];
    const wrap = onceForAll();
    const bytes = Uint8Array.of(1, 2, 3);
    const signature = first.sign(bytes);
    expect(wrap(one).verify(identities[0]!, bytes, signature)).to.equal(true);
    expect(wrap(other).verify(identities[0]!, bytes.slice(), signature.slice())).to.equal(true);
    expect([one.asked, other.asked]).to.deep.equal([1, 0]);
  });

  it("answers as without it: for other bytes, another signer, another signature, and bytes that change afterwards", () => {
    const wrapped = onceForAll()(first);
    const message = fc.uint8Array({ minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        message,
        fc.boolean(),
        fc.constantFrom("bytes", "signer", "signature", "none"),
        (bytes, own, change) => {
          const signature = (own ? first : second).sign(bytes);
          const whose = identities[own ? 0 : 1]!;
          expect(wrapped.verify(whose, bytes, signature)).to.equal(true);
          const [who, what, by] = [
            change === "signer" ? identities[own ? 1 : 0]! : whose,
            change === "bytes" ? bytes.map((byte) => byte ^ 1) : bytes,
            change === "signature" ? signature.map((byte, i) => (i === 5 ? byte ^ 1 : byte)) : signature,
          ];
          expect(wrapped.verify(who, what, by)).to.equal(first.verify(who, what, by));
          bytes[0]! ^= 0xff; // whoever was asked first did not keep them
          expect(wrapped.verify(whose, bytes, signature)).to.equal(false);
        },
      ),
      { seed: 20261126, numRuns: 100 },
    );
  });

  it("signs with each signer's own key", () => {
    const wrap = onceForAll();
    const bytes = Uint8Array.of(7);
    expect(first.verify(identities[1]!, bytes, wrap(second).sign(bytes))).to.equal(true);
  });
});
