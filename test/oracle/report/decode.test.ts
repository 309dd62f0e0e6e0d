import { expect } from "chai";
import { hexlify } from "ethers";
import fc from "fast-check";

import { planCatalog } from "../../../oracle/report/catalog-plan.ts";
import { decodeReport } from "../../../oracle/report/decode.ts";
import { encodeReport } from "../../../oracle/report/encode.ts";
import { Rejection } from "../../../oracle/report/rejection.ts";
import { reportPart, type SignedReport } from "../../../oracle/report/report.ts";
import { reportTree } from "../../../oracle/report/report-tree.ts";
import { smallestQuorum } from "../../../oracle/report/signer-set.ts";
import { packWords, unpackWords } from "../../../oracle/report/word.ts";
import { bundleNumbers, definition, price, RUNS } from "./random.ts";
import { DEFINITIONS, REPORT } from "./sample.ts";

const BYTES = encodeReport(REPORT);

/** Everything that a report says, as one text: two reports that say the same have the same text. */
function said(report: SignedReport): string {
  return JSON.stringify(report, (_, value: unknown) => {
    if (value instanceof Uint8Array) return hexlify(value);
    return typeof value === "bigint" ? value.toString() : value;
  });
}

/** What bytes say, or nothing where they are refused. */
function read(bytes: Uint8Array): string | undefined {
  try {
    return said(decodeReport(bytes, DEFINITIONS).report);
  } catch (error) {
    if (error instanceof Rejection || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A report with any prices of any catalog; its signatures are any bytes. */
const anyReport = bundleNumbers
  .chain((numbers) => fc.tuple(...numbers.map((bundle) => definition(bundle, 12))))
  .chain((definitions) => {
    const prices = definitions.map(({ feeds }) =>
      fc.array(price, { minLength: feeds.length, maxLength: feeds.length }),
    );
    const masks = definitions.map(({ feeds }) =>
      fc.bigInt(0n, 2n ** BigInt(1 + Math.ceil(feeds.length / 4)) - 1n),
    );
    return fc.record({
      definitions: fc.constant(definitions),
      prices: fc.tuple(...prices),
      masks: fc.tuple(...masks),
      sent: fc.subarray([...definitions.keys()], { minLength: 1 }),
      observedAt: fc.nat(2 ** 32 - 1),
      signers: fc.integer({ min: 1, max: 20 }),
      compact: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    });
  });

describe("decodeReport", () => {
  it("gives back every report and every price that went in", () => {
    fc.assert(
      fc.property(anyReport, ({ definitions, prices, masks, sent, observedAt, signers, compact }) => {
        const plan = planCatalog(definitions);
        const words = prices.map((each) => packWords(each));
        const tree = reportTree(plan, new Map(definitions.map(({ bundle }, i) => [bundle, words[i]!])));
        const quorum = smallestQuorum(signers);
        const report: SignedReport = {
          observedAt,
          set: { quorum, signers: Array.from({ length: signers }, (_, i) => new Uint8Array(20).fill(i + 1)) },
          signatures: Array.from({ length: quorum }, (_, index) => ({ index, compact })),
          parts: sent.map((i) => reportPart(tree, definitions[i]!.bundle, masks[i]!)),
        };
        const hashes = new Map(plan.bundles.map((planned) => [planned.bundle, planned.definition]));
        const decoded = decodeReport(encodeReport(report), (bundle) => hashes.get(bundle));
        expect(said(decoded.report)).to.equal(said(report));
        expect(decoded.root).to.deep.equal(tree.root);
        for (const [at, i] of sent.entries()) {
          const part = decoded.report.parts[at]!;
          expect(unpackWords(part.words, definitions[i]!.feeds.length)).to.deep.equal(prices[i]);
        }
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  it("uses every bit of every byte: flipped, the report is refused or says something else", () => {
    const original = read(BYTES);
    expect(original).to.equal(said(REPORT));
    for (let bit = 0; bit < 8 * BYTES.length; bit++) {
      const flipped = BYTES.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(read(flipped), `bit ${bit & 7} of byte ${bit >> 3}`).to.not.equal(original);
    }
  });

  it("accepts not one byte less: cut anywhere, the report is refused, or holds fewer parts", () => {
    const second = encodeReport({ ...REPORT, parts: REPORT.parts.slice(0, 1) }).length;
    for (let length = 0; length < BYTES.length; length++) {
      if (length === second) continue;
      expect(read(BYTES.slice(0, length)), `${length} bytes`).to.equal(undefined);
    }
    expect(read(BYTES.slice(0, second))).to.equal(said({ ...REPORT, parts: REPORT.parts.slice(0, 1) }));
  });

  it("accepts not one byte more, at the end or anywhere else, that leaves the report what it was", () => {
    for (const byte of [0, 1, 0xff]) {
      for (let at = 0; at <= BYTES.length; at++) {
        const longer = new Uint8Array(BYTES.length + 1);
        longer.set(BYTES.subarray(0, at));
        longer[at] = byte;
        longer.set(BYTES.subarray(at), at + 1);
        expect(read(longer), `${byte} at ${at}`).to.not.equal(read(BYTES));
      }
    }
    expect(read(new Uint8Array([...BYTES, 0]))).to.equal(undefined);
  });

  it("keeps its own copy of the bytes", () => {
    const bytes = BYTES.slice();
    const { report, root } = decodeReport(bytes, DEFINITIONS);
    const before = said(report) + hexlify(root);
    bytes.fill(0);
    expect(said(report) + hexlify(root)).to.equal(before);
  });

  it("reads the same from the middle of a larger buffer", () => {
    const around = new Uint8Array(BYTES.length + 9).fill(0xee);
    around.set(BYTES, 5);
    expect(read(around.subarray(5, 5 + BYTES.length))).to.equal(said(REPORT));
  });

  it("refuses a signer set, or an order of signatures, that no contract takes", () => {
    const spoilt = (at: number, byte: number) => {
      const bytes = BYTES.slice();
      bytes[at] = byte;
      return () => decodeReport(bytes, DEFINITIONS);
    };
    expect(spoilt(6, 0xff)).to.throw(RangeError, /signer 1: addresses must ascend/);
    const firstIndex = 6 + 4 * 20;
    expect(spoilt(firstIndex, 1)).to.throw(RangeError, /signer 1 behind 1/);
    expect(spoilt(firstIndex + 2 * 65, 4)).to.throw(RangeError, /signer 4 .* below 4/);
  });
});
