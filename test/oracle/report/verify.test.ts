import { secp256k1 } from "@noble/curves/secp256k1.js";
import { expect } from "chai";

import { concat, readUint, writeUint } from "../../../oracle/report/bytes.ts";
import { reportDigest } from "../../../oracle/report/digest.ts";
import { encodeReport } from "../../../oracle/report/encode.ts";
import type { Reason } from "../../../oracle/report/rejection.ts";
import { reportPart } from "../../../oracle/report/report.ts";
import { reportTree } from "../../../oracle/report/report-tree.ts";
import { addressOf, MAX_S, splitSignature } from "../../../oracle/report/signature.ts";
import { encodeSignerSet, signerSetHash } from "../../../oracle/report/signer-set.ts";
import { type ChainView, SPAN, verifyReport } from "../../../oracle/report/verify.ts";
import { packWords } from "../../../oracle/report/word.ts";
import { DEFINITIONS, DIGEST, DOMAIN, KEYS, OBSERVED_AT, PLAN, REPORT, SET, sign, TREE } from "./sample.ts";

const BYTES = encodeReport(REPORT);
const SET_HASH = signerSetHash(encodeSignerSet(SET));
const ROOT = BigInt.asUintN(224, readUint(TREE.root));
const FIRST_PART = 6 + 4 * 20 + 3 * 65;
const FIRST_SIGNATURE = 6 + 4 * 20;

const CHAIN: ChainView = {
  now: OBSERVED_AT,
  domain: DOMAIN,
  signers: {
    current: { activeFrom: OBSERVED_AT, hash: SET_HASH },
    retired: { until: OBSERVED_AT + 10, activeFrom: 0, hash: new Uint8Array(24) },
  },
  definitions: DEFINITIONS,
  keptRoot: () => undefined,
};

function refused(
  reason: Reason,
  args: (number | bigint)[],
  bytes: Uint8Array,
  chain: Partial<ChainView> = {},
): void {
  const verdict = verifyReport(bytes, { ...CHAIN, ...chain });
  if (verdict.accepted) expect.fail(`accepted, not refused with ${reason}`);
  expect(verdict.rejection.reason).to.equal(reason);
  expect(verdict.rejection.args).to.deep.equal(args.map(BigInt));
}

function spoilt(at: number, ...bytes: number[]): Uint8Array {
  const copy = BYTES.slice();
  copy.set(bytes, at);
  return copy;
}

describe("verifyReport", () => {
  it("accepts what a quorum of the set in force signed, and says what it holds", () => {
    const verdict = verifyReport(BYTES, CHAIN);
    if (!verdict.accepted) expect.fail(verdict.rejection.message);
    expect(verdict.root).to.deep.equal(TREE.root);
    expect(verdict.report).to.deep.equal(REPORT);
  });

  it("refuses a header that is cut short, or of a time that has not come", () => {
    refused("BadLength", [0, 6], BYTES.slice(0, 0));
    refused("BadLength", [5, 6 + 3 * 65], BYTES.slice(0, 5));
    refused("BadLength", [FIRST_PART - 1, FIRST_PART], BYTES.slice(0, FIRST_PART - 1));
    refused("FutureReport", [OBSERVED_AT, OBSERVED_AT - 1], BYTES, { now: OBSERVED_AT - 1 });
    refused("BadLength", [6, FIRST_PART], BYTES.slice(0, 6), { now: 0 });
  });

  it("refuses signers that are not in force at its time", () => {
    const later = { ...CHAIN.signers, current: { activeFrom: OBSERVED_AT + 1, hash: SET_HASH } };
    refused("UnknownSigners", [readUint(SET_HASH), 0], BYTES, { signers: later });
    refused("NoSetInForce", [OBSERVED_AT], BYTES, { signers: later, now: OBSERVED_AT + 10 });
    const set = { quorum: 4, signers: SET.signers };
    const other = signerSetHash(encodeSignerSet(set));
    const signatures = KEYS.map((key, index) => ({ index, compact: sign(DIGEST, key) }));
    refused(
      "UnknownSigners",
      [readUint(other), readUint(SET_HASH)],
      encodeReport({ ...REPORT, set, signatures }),
    );
  });

  it("refuses a part that is cut short, unknown, too deep, or masked beyond its words", () => {
    refused("BadPart", [FIRST_PART], BYTES.slice(0, FIRST_PART));
    refused("BadPart", [FIRST_PART], BYTES.slice(0, FIRST_PART + 2));
    refused("UnknownBundle", [1], BYTES.slice(0, FIRST_PART + 3), { definitions: () => undefined });
    refused("BadPart", [FIRST_PART], BYTES.slice(0, FIRST_PART + 3));
    refused("BadPart", [FIRST_PART], spoilt(FIRST_PART + 4, 25));
    const padded = new Uint8Array(BYTES.length + 32 * 25);
    padded.set(spoilt(FIRST_PART + 4, 25));
    refused("BadSignature", [0], padded);
    refused("BadMask", [1, 8], spoilt(FIRST_PART + 3, 8));
    refused("BadPart", [BYTES.length], new Uint8Array([...BYTES, 0]));
  });

  it("refuses a signature that is not its signer's, is malleable or comes out of order", () => {
    refused("BadSignature", [0], BYTES, { domain: new Uint8Array(32) });
    refused("BadSignature", [0], spoilt(FIRST_PART + 30, 0xff));
    refused("BadSignature", [1], spoilt(FIRST_SIGNATURE + 65, 0));
    refused("BadSignature", [2], spoilt(FIRST_SIGNATURE + 2 * 65, 2));
    refused("BadSignature", [2], spoilt(FIRST_SIGNATURE + 2 * 65, 4));
    const second = BYTES.slice(FIRST_SIGNATURE + 65, FIRST_SIGNATURE + 2 * 65);
    refused("BadSignature", [2], spoilt(FIRST_SIGNATURE + 2 * 65, ...second));
  });

  it("refuses s above half the group's order, even where the curve agrees", () => {
    // Any r and s are somebody's signature: that somebody is the only signer here.
    const { r } = splitSignature(REPORT.signatures[0]!.compact);
    const judge = (s: bigint) => {
      const key = new secp256k1.Signature(r, s, 0).recoverPublicKey(DIGEST).toBytes(false);
      const set = { quorum: 1, signers: [addressOf(key)] };
      const compact = concat([writeUint(r, 32), writeUint(s, 32)]);
      const bytes = encodeReport({ ...REPORT, set, signatures: [{ index: 0, compact }] });
      const current = { activeFrom: 0, hash: signerSetHash(encodeSignerSet(set)) };
      return { bytes, chain: { ...CHAIN, signers: { ...CHAIN.signers, current } } };
    };
    const low = judge(MAX_S);
    expect(verifyReport(low.bytes, low.chain).accepted).to.equal(true);
    const high = judge(MAX_S + 1n);
    refused("BadSignature", [0], high.bytes, high.chain);
  });

  it("refuses another root for a fixing time whose root is kept, for as long as fixings are stored", () => {
    const kept = (root: bigint, seconds: number) => ({ keptRoot: () => root, now: OBSERVED_AT + seconds });
    refused("RootConflict", [OBSERVED_AT, 7, ROOT], BYTES, kept(7n, 0));
    refused("RootConflict", [OBSERVED_AT, 0, ROOT], BYTES, kept(0n, SPAN - 1));
    expect(verifyReport(BYTES, { ...CHAIN, ...kept(7n, SPAN) }).accepted).to.equal(true);
    expect(verifyReport(BYTES, { ...CHAIN, ...kept(ROOT, 0) }).accepted).to.equal(true);

    const observedAt = OBSERVED_AT + 1;
    const digest = reportDigest(DOMAIN, observedAt, TREE.root);
    const signatures = REPORT.signatures.map(({ index }) => ({ index, compact: sign(digest, KEYS[index]!) }));
    const between = encodeReport({ ...REPORT, observedAt, signatures });
    const asked: number[] = [];
    const keptRoot = (time: number) => {
      asked.push(time);
      return 7n;
    };
    expect(verifyReport(between, { ...CHAIN, now: observedAt, keptRoot }).accepted).to.equal(true);
    expect(asked, "between fixing times no root is asked for").to.deep.equal([]);
  });

  it("refuses parts out of order, and parts of another report", () => {
    const twice = encodeReport({ ...REPORT, parts: REPORT.parts.slice(0, 1) });
    const part = twice.slice(FIRST_PART);
    refused("BundleOrder", [1, 1], new Uint8Array([...twice, ...part]));
    const other = reportTree(PLAN, new Map([[3, packWords([1n])]]));
    const mixed = encodeReport({ ...REPORT, parts: [REPORT.parts[0]!, reportPart(other, 3, 0n)] });
    refused("RootMismatch", [readUint(other.root), readUint(TREE.root)], mixed);
  });

  it("says what is wrong, with both sides, in its message", () => {
    const verdict = verifyReport(BYTES, { ...CHAIN, now: OBSERVED_AT - 1 });
    if (verdict.accepted) expect.fail("accepted");
    expect(verdict.rejection.message).to.equal(
      "FutureReport(observedAt 1800000000, now_ 1799999999): the report is of a time that has not come; check the clocks",
    );
  });

  it("lets errors of its caller through", () => {
    const broken = () => {
      throw new TypeError("no connection");
    };
    expect(() => verifyReport(BYTES, { ...CHAIN, definitions: broken })).to.throw(TypeError, "no connection");
  });
});
