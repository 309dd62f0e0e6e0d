import { expect } from "chai";
import { concat, hexlify } from "ethers";

import { planCatalog } from "../../../oracle/report/catalog-plan.ts";
import { encodeReport } from "../../../oracle/report/encode.ts";
import { mask, maskBytes, wholeMask } from "../../../oracle/report/mask.ts";
import { encodePart } from "../../../oracle/report/part.ts";
import { type ReportPart, reportPart, type SignedReport } from "../../../oracle/report/report.ts";
import { provePresent, reportTree } from "../../../oracle/report/report-tree.ts";
import { packWords } from "../../../oracle/report/word.ts";

const plan = planCatalog(
  [1, 2, 0x030004].map((bundle) => ({
    bundle,
    feeds: Array.from({ length: bundle === 2 ? 32 : 5 }, (_, i) => ({
      symbol: `F${i}`,
      decimals: 2,
      method: new Uint8Array(32),
      maxInputAge: 60,
    })),
  })),
);
const words = new Map([
  [1, packWords([1n, 2n, 3n, 4n, 5n])],
  [2, packWords(new Array<bigint>(32).fill(-1n))],
  [0x030004, packWords([6n, 7n, 8n, 9n, 10n])],
]);
const tree = reportTree(plan, words);
const set = {
  quorum: 2,
  signers: [new Uint8Array(20).fill(1), new Uint8Array(20).fill(2), new Uint8Array(20).fill(3)],
};
const signature = (index: number) => ({ index, compact: new Uint8Array(64).fill(0xa0 + index) });
const part = (bundle: number, mask: bigint) => reportPart(tree, bundle, mask);
const report: SignedReport = {
  observedAt: 0x01020304,
  set,
  signatures: [signature(0), signature(2)],
  parts: [part(0x030004, 0b110n)],
};

describe("encodeReport", () => {
  it("writes time, set, signatures and parts one behind the other", () => {
    const siblings = provePresent(tree, 0x030004);
    const expected = concat(["0x030004", "0x06", "0x02", ...siblings, words.get(0x030004)!]);
    expect(hexlify(encodePart(part(0x030004, 6n)))).to.equal(expected);
    expect(hexlify(encodeReport(report))).to.equal(
      concat([
        "0x01020304",
        "0x0203",
        ...set.signers,
        `0x00${"a0".repeat(64)}`,
        `0x02${"a2".repeat(64)}`,
        expected,
      ]),
    );
    const both = encodeReport({ ...report, parts: [part(1, 1n), ...report.parts] });
    const first = encodePart(part(1, 1n));
    expect(hexlify(both)).to.equal(concat([encodeReport({ ...report, parts: [part(1, 1n)] }), expected]));
    expect(hexlify(first).slice(0, 12)).to.equal("0x0000010101");
  });

  it("writes a mask as a big-endian number of as many bytes as the words and the fixing bit need", () => {
    const twoBytes = encodePart(part(2, mask([0, 7], true)));
    expect(hexlify(twoBytes.subarray(3, 5))).to.equal("0x0103");
    expect(hexlify(maskBytes(wholeMask(7, false), 7))).to.equal("0xfe");
    expect(hexlify(maskBytes(wholeMask(8, true), 8))).to.equal("0x01ff");
    expect(hexlify(maskBytes(wholeMask(64, true), 64))).to.equal("0x01ffffffffffffffff");
    expect(() => maskBytes(wholeMask(3, false), 2)).to.throw(RangeError, "mask 0xe says more than 2 words");
    expect(() => maskBytes(-1n, 2)).to.throw(RangeError);
    expect(() => mask([64], false)).to.throw(RangeError, /word 64/);
    expect(() => mask([-1], false)).to.throw(RangeError, /word -1/);
  });

  it("refuses what could not be a report", () => {
    const refused = (changes: Partial<SignedReport>, message: RegExp | string) => {
      expect(() => encodeReport({ ...report, ...changes })).to.throw(RangeError, message);
    };
    refused({ observedAt: 2 ** 32 }, /observedAt 4294967296/);
    refused({ set: { ...set, quorum: 1 } }, /quorum of 3 signers is 2 to 3, not 1/);
    refused({ signatures: [signature(0)] }, /exactly 2 signatures, not 1/);
    refused({ signatures: [signature(0), signature(1), signature(2)] }, /exactly 2 signatures, not 3/);
    refused({ signatures: [signature(2), signature(0)] }, /signer 0 behind 2/);
    refused({ signatures: [signature(1), signature(1)] }, /signer 1 behind 1/);
    refused({ signatures: [signature(1), signature(3)] }, /signer 3 .* below 3/);
    refused({ signatures: [signature(0), { index: 1, compact: new Uint8Array(65) }] }, /64 bytes, not 65/);
    refused({ parts: [] }, /at least one part/);
    refused({ parts: [part(2, 0n), part(1, 0n)] }, /bundle 1 behind 2/);
    refused({ parts: [part(2, 0n), part(2, 0n)] }, /bundle 2 behind 2/);
    const wrongPart = (changes: Partial<ReportPart>, message: RegExp) => {
      refused({ parts: [{ ...part(1, 0n), ...changes }] }, message);
    };
    wrongPart({ mask: 8n }, /mask 0x8 says more than 2 words/);
    wrongPart({ bundle: 2 ** 24 }, /bundle 16777216/);
    wrongPart({ words: new Uint8Array(29) }, /bundle 1: 29 bytes/);
    wrongPart({ words: new Uint8Array(0) }, /bundle 1: 0 bytes/);
    wrongPart({ words: new Uint8Array(65 * 28) }, /bundle 1: 1820 bytes/);
    wrongPart(
      { siblings: new Array<Uint8Array>(25).fill(new Uint8Array(32)) },
      /at most 24 siblings, not 25/,
    );
    wrongPart({ siblings: [new Uint8Array(31)] }, /sibling has 32 bytes, not 31/);
    expect(() => part(3, 0n)).to.throw(RangeError, /no bundle 3/);
    const closed = reportTree(plan, new Map([[1, words.get(1)!]]));
    expect(() => reportPart(closed, 2, 0n)).to.throw(RangeError, /leaves bundle 2 out/);
  });
});
