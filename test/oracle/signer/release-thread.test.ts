import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";

import { createReleaseCheck } from "../../../oracle/signer/ethereum-signature.ts";
import { ReleaseThread } from "../../../oracle/signer/release-thread.ts";

const secret = Buffer.alloc(32, 7);
const other = Buffer.alloc(32, 8);
const key = secp256k1.Point.fromBytes(secp256k1.getPublicKey(secret));

function question(i: number, by = secret): { digest: Uint8Array; der: Uint8Array } {
  const digest = Buffer.alloc(32, 1);
  digest.writeUInt32BE(i);
  return { digest, der: secp256k1.sign(digest, by, { prehash: false, format: "der" }) };
}

describe("the thread that proves signatures", () => {
  it("releases what the check releases, byte for byte, and nothing else, in whatever batches it is asked", async () => {
    const thread = new ReleaseThread(key);
    const check = createReleaseCheck(key);
    const questions = Array.from({ length: 200 }, (_, i) => question(i, i % 7 === 3 ? other : secret));
    const answers = questions.slice(0, 150).map(({ digest, der }) => thread.check(digest, der));
    await answers[0];
    answers.push(...questions.slice(150).map(({ digest, der }) => thread.check(digest, der)));
    for (const [i, answer] of (await Promise.all(answers)).entries()) {
      const { digest, der } = questions[i]!;
      if (i % 7 === 3) expect(answer).to.equal(undefined);
      else expect(answer).to.deep.equal(check(digest, der));
    }
    const { digest, der } = question(1);
    const broken = [new Uint8Array(), der.subarray(1), new Uint8Array(72).fill(255), new Uint8Array(73)];
    for (const bytes of broken) expect(await thread.check(digest, bytes)).to.equal(undefined);
    expect(await thread.check(digest.subarray(1), der)).to.equal(undefined);
    await thread.close();
  });

  it("leaves the asking to the caller once it has ended, also what it was asked before", async () => {
    const thread = new ReleaseThread(key);
    const { digest, der } = question(1);
    expect(await thread.check(digest, der)).not.to.equal(undefined);
    const asked = thread.check(digest, der);
    const closing = thread.close();
    const late = thread.check(digest, der);
    await closing;
    await asked;
    await late;
    expect(await thread.check(digest, der)).to.equal(undefined);
  });
});
