import { deflateSync } from "node:zlib";

import { expect } from "chai";
import fc from "fast-check";

import { type Before, decodeAfter, encodeAfter } from "../../../oracle/ledger/column-codec.ts";
import { packTick, unpackTick } from "../../../oracle/ledger/pack-tick.ts";
import { tickRecord } from "./arbitraries.ts";

describe("the codec of tick records", () => {
  it("gives back any run of any records, each behind the one before", () => {
    fc.assert(
      fc.property(fc.array(tickRecord, { minLength: 1, maxLength: 5 }), (records) => {
        let [writing, reading]: [Before | null, Before | null] = [null, null];
        for (const record of records) {
          const { body, self } = encodeAfter(packTick(record), writing);
          const read = decodeAfter(body, reading);
          expect(unpackTick(read.record as ReturnType<typeof packTick>)).to.deep.equal(record);
          [writing, reading] = [self, read.self];
        }
      }),
      { seed: 20261126, numRuns: 150 },
    );
  });

  it("gives back every number to the last bit", () => {
    const record = {
      plain: [0, -0, Number.NaN, Number.POSITIVE_INFINITY, -1.5, 2 ** 53, null, true, "ü", -(2n ** 200n)],
      nested: [{ set: new Set([1, "a", 3n]), empty: {} }],
      floats: Float64Array.of(-0, Number.NaN, 5e-324, -Number.MAX_VALUE),
      longs: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
      others: [
        Uint32Array.of(2 ** 32 - 1),
        Uint16Array.of(65_535),
        Uint8Array.of(255),
        Int32Array.of(-(2 ** 31)),
      ],
      none: new BigInt64Array(0),
    };
    const first = encodeAfter(record, null);
    const again = encodeAfter(record, first.self);
    const read = decodeAfter(first.body, null);
    expect(read.record).to.deep.equal(record);
    expect(decodeAfter(again.body, read.self).record).to.deep.equal(record);
    const [, minusZero] = (read.record as typeof record).plain;
    expect(Object.is(minusZero, -0) && Object.is((read.record as typeof record).floats[0], -0)).to.equal(
      true,
    );
  });

  it("takes next to nothing for what did not change, and little for what changed a little", () => {
    const units = BigInt64Array.from({ length: 7000 }, (_, i) => BigInt(i) * 1_234_567n);
    const first = encodeAfter({ units }, null);
    const same = encodeAfter({ units: units.slice() }, first.self);
    const moved = encodeAfter({ units: units.map((unit) => unit + 1n) }, first.self);
    expect(same.body.length).to.be.below(400);
    expect(moved.body.length).to.be.below(first.body.length / 3);
  });

  it("refuses what it could not give back", () => {
    expect(() => encodeAfter({ $set: 1 }, null)).to.throw(TypeError, "$set");
    expect(() => encodeAfter({ a: undefined }, null)).to.throw(TypeError, ".a is undefined");
    expect(() => encodeAfter({ a: { f: () => 1 } }, null)).to.throw(TypeError, ".a.f is function");
    expect(() => encodeAfter({ a: new DataView(new ArrayBuffer(8)) }, null)).to.throw(TypeError, "DataView");
  });

  it("refuses to read behind another record, and bytes left over", () => {
    const first = encodeAfter({ a: Uint8Array.of(1) }, null);
    const second = encodeAfter({ a: Uint8Array.of(2) }, first.self);
    const strange = encodeAfter({ b: Uint8Array.of(2) }, null);
    expect(() => decodeAfter(second.body, strange.self)).to.throw();
    expect(() => decodeAfter(second.body, { ...first.self, columns: new Map() })).to.throw(
      ".a was written against",
    );
    const frame = Buffer.from('{"a":1}');
    const body = deflateSync(Buffer.concat([Buffer.of(frame.length, 0, 0, 0), frame, Buffer.of(9)]));
    expect(() => decodeAfter(body, null)).to.throw("take 11 bytes of 12");
  });
});
