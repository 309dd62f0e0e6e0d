import { expect } from "chai";
import fc from "fast-check";

import { MAX_PRICE, MIN_PRICE, NO_PRICE, VOID } from "../../../../oracle/report/word.ts";
import {
  decodeHeader,
  decodeMessage,
  maxMessageBytes,
} from "../../../../oracle/signer/agreement/decode-message.ts";
import { ed25519Cryptography } from "../../../../oracle/signer/ed25519.ts";
import { encodeBody, sealMessage } from "../../../../oracle/signer/agreement/encode-message.ts";
import type { Host } from "../../../../oracle/signer/agreement/host.ts";
import { type Content, NIL } from "../../../../oracle/signer/agreement/message.ts";
import { MessageError } from "../../../../oracle/signer/agreement/message-error.ts";
import { Outbox } from "../../../../oracle/signer/agreement/outbox.ts";
import { readMessage } from "../../../../oracle/signer/agreement/proposals.ts";
import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import { bundleOf, epochFor, FIXING, keysOf } from "./epoch-for-tests.ts";

const keys = keysOf(4);
const epoch = epochFor(keys);
const feeds = epoch.feeds.map(({ id }) => id);
const cryptography = ed25519Cryptography(keys[2]!.identity);
const host: Host = { cryptography, rules: RULES, out: new Outbox(), halted: () => false };

const hash = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const someFeeds = fc.subarray(feeds);
const hashes = fc.array(hash, { minLength: 1, maxLength: 4 });
const round = fc.nat(65_534);
const price = fc.oneof(fc.constant(NO_PRICE), fc.bigInt(MIN_PRICE, MAX_PRICE));
const content: fc.Arbitrary<Content> = fc.oneof(
  fc.record({
    kind: fc.constant("obs" as const),
    prices: fc.tuple(price, price, price).map((prices) => BigInt64Array.from(prices)),
  }),
  round.chain((of) =>
    fc.record({
      kind: fc.constant("prop" as const),
      round: fc.constant(of),
      validRound: fc.integer({ min: -1, max: of - 1 }),
      root: hash,
      observations: hashes,
      drop: someFeeds,
      dissents: fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 4 }),
    }),
  ),
  fc.record({
    kind: fc.constant("prevote" as const),
    round,
    value: fc.oneof(hash, fc.constant(NIL)),
    dissent: someFeeds,
    missing: someFeeds,
  }),
  fc.record({ kind: fc.constant("precommit" as const), round, value: hash }),
  fc.record({
    kind: fc.constant("sig" as const),
    root: hash,
    compact: fc.uint8Array({ minLength: 64, maxLength: 64 }),
  }),
  fc.record({
    kind: fc.constant("ask" as const),
    have: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant("want" as const), observations: hashes }),
);

function seal(said: Content): Uint8Array {
  return sealMessage(epoch, FIXING, 2, said, cryptography);
}

describe("messages", () => {
  it("say after decoding what was encoded, and are not longer than the bound", () => {
    fc.assert(
      fc.property(content, (said) => {
        const bytes = seal(said);
        const message = decodeMessage(bytes, epoch);
        expect(message).to.deep.include({ ...said, epoch: 0, time: FIXING, signer: 2 });
        expect(encodeBody(epoch, FIXING, 2, message)).to.deep.equal(bytes.subarray(0, -64));
        expect(bytes.length).to.be.at.most(maxMessageBytes(epoch));
      }),
      { seed: 0x6e616b, numRuns: 300 },
    );
  });

  it("are refused when one byte is missing or too many", () => {
    fc.assert(
      fc.property(content, fc.nat(1), (said, change) => {
        const bytes = seal(said);
        const body = bytes.subarray(0, -64);
        const other = change ? new Uint8Array([...body, 0, ...bytes.subarray(-64)]) : bytes.subarray(1);
        expect(() => decodeMessage(other, epoch)).to.throw(MessageError);
      }),
      { seed: 0x6e616b, numRuns: 200 },
    );
  });

  it("are refused from another identity, network, epoch or with one bit changed", () => {
    const bytes = seal({ kind: "precommit", round: 1, value: NIL });
    expect(readMessage(bytes, epoch, host)).to.include({ kind: "precommit" });
    for (let at = 11; at < bytes.length; at += 7) {
      const changed = bytes.slice();
      changed[at]! ^= 1;
      expect(readMessage(changed, epoch, host)).to.be.a("string");
    }
    const asOther = sealMessage(epoch, FIXING, 1, { kind: "precommit", round: 1, value: NIL }, cryptography);
    expect(readMessage(asOther, epoch, host)).to.equal("the signature is not by signer 1");
    const elsewhere = epochFor(keys, { salt: new Uint8Array(32).fill(9) });
    expect(readMessage(bytes, elsewhere, host)).to.equal("the signature is not by signer 2");
    const later = epochFor(keys, { number: 1 });
    expect(readMessage(bytes, later, host)).to.equal("epoch 0, not 1");
    const otherRules = epochFor(keys, { bundles: [bundleOf(1, 4)] });
    expect(readMessage(bytes, otherRules, host)).to.equal("the signature is not by signer 2");
  });

  it("name what is wrong with them", () => {
    const bad = (change: (bytes: Uint8Array) => Uint8Array) => () =>
      decodeMessage(change(seal({ kind: "ask", have: [true, false, true, true] })), epoch);
    const set = (at: number, value: number) => (bytes: Uint8Array) => {
      bytes[at] = value;
      return bytes;
    };
    expect(bad(set(0, 2))).to.throw("version 2; this is version 1");
    expect(bad(set(1, 99))).to.throw("kind 99 is unknown");
    expect(bad(set(10, 4))).to.throw("signer 4 of 4");
    expect(bad(set(11, 0xff))).to.throw("bit 4 of 4");
    expect(bad((bytes) => bytes.subarray(0, 20))).to.throw("20 bytes are no message");
    expect(() => decodeHeader(new Uint8Array())).to.throw("0 bytes are no message");
    const prices = BigInt64Array.of(1n, VOID, 2n);
    expect(() => decodeMessage(seal({ kind: "obs", prices }), epoch)).to.throw("says VOID");
    const dissent = [feeds[1]!, feeds[0]!];
    const vote = { kind: "prevote", round: 0, value: NIL, dissent, missing: [] } as const;
    expect(() => decodeMessage(seal(vote), epoch)).to.throw(`feed ${feeds[0]!} behind ${feeds[1]!}`);
    const unknown = { ...vote, dissent: [77] };
    expect(() => decodeMessage(seal(unknown), epoch)).to.throw("the catalog has no feed 77");
    const prop = {
      kind: "prop",
      round: 2,
      validRound: 2,
      root: NIL,
      observations: [NIL],
      drop: [],
      dissents: [],
    };
    expect(() => decodeMessage(seal(prop as Content), epoch)).to.throw("valid in round 2, proposed in 2");
  });

  it("have the bytes that the documentation shows", () => {
    const body = encodeBody(epoch, FIXING, 2, { kind: "precommit", round: 3, value: "ab".repeat(32) });
    expect(Buffer.from(body).toString("hex")).to.equal(`01040000000065588544020003${"ab".repeat(32)}`);
    const obs = encodeBody(epoch, FIXING, 2, { kind: "obs", prices: BigInt64Array.of(1n, -1n, NO_PRICE) });
    expect(Buffer.from(obs).toString("hex")).to.equal(
      "0101000000006558854402" + "00000000000001" + "ffffffffffffff" + "80000000000000",
    );
  });
});
