import { expect } from "chai";
import fc from "fast-check";

import { fromColumns, toColumns } from "../../../oracle/ledger/observed-columns.ts";
import { packTick, unpackTick } from "../../../oracle/ledger/pack-tick.ts";
import type { ObservedFeed, TickRecord } from "../../../oracle/ledger/tick-record.ts";
import { tickRecord } from "./arbitraries.ts";

const feed = (units: bigint | null): ObservedFeed => ({
  price: 5n,
  abstention: "priced",
  inputs: [{ from: "gmo-btc", units, time: 1, exclusion: "used" }],
});
const record: TickRecord = {
  time: 1_790_000_000,
  provenance: "live",
  epoch: 1,
  root: null,
  observed: [feed(5n), { price: null, abstention: "too-few-agree", inputs: [] }],
  decision: null,
  verdicts: ["fixing", "none"],
};

describe("packing a tick record", () => {
  it("takes an observation in columns for what it is in lists", () => {
    fc.assert(
      fc.property(tickRecord, (any) => {
        const columns = toColumns(any.observed);
        expect(fromColumns(columns)).to.deep.equal(any.observed);
        expect(packTick({ ...any, observed: columns })).to.deep.equal(packTick(any));
      }),
      { seed: 20261126, numRuns: 100 },
    );
  });

  it("refuses units that 64 bits do not hold, and names the source", () => {
    expect(() => toColumns([feed(2n ** 63n)])).to.throw(RangeError, "gmo-btc");
    expect(() => toColumns([feed(-(2n ** 63n))])).to.throw(RangeError, "9223372036854775808");
    expect(() => toColumns([{ ...feed(1n), price: 2n ** 64n }])).to.throw(RangeError, "a price");
  });

  it("refuses a time between two seconds", () => {
    expect(() => packTick({ ...record, time: 1.5 })).to.throw(RangeError, "1.5");
  });

  it("reads records that were written when words had other numbers", () => {
    const packed = packTick(record);
    const turned = <T>(list: readonly T[]): T[] => [...list].reverse();
    const words = {
      reasons: turned(packed.words.reasons),
      abstentions: turned(packed.words.abstentions),
      exclusions: turned(packed.words.exclusions),
    };
    const flip = (codes: Uint8Array, count: number): Uint8Array => codes.map((code) => count - 1 - code);
    const old = {
      ...packed,
      words,
      verdicts: flip(packed.verdicts, words.reasons.length),
      observed: {
        ...packed.observed,
        abstentions: flip(packed.observed.abstentions, words.abstentions.length),
        exclusions: flip(packed.observed.exclusions, words.exclusions.length),
      },
    };
    expect(unpackTick(old)).to.deep.equal(record);
  });

  it("refuses a word it does not know rather than guess", () => {
    const packed = packTick(record);
    const reasons = packed.words.reasons.map((word) => (word === "fixing" ? "fixation" : word));
    expect(() => unpackTick({ ...packed, words: { ...packed.words, reasons } })).to.throw(
      RangeError,
      "fixation",
    );
    const abstentions = packed.words.abstentions.map((word) => (word === "too-few-agree" ? "shy" : word));
    expect(() => unpackTick({ ...packed, words: { ...packed.words, abstentions } })).to.throw(
      RangeError,
      "shy",
    );
  });
});
