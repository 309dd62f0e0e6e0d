import { expect } from "chai";
import fc from "fast-check";

import { canonicalJson } from "../../../oracle/ledger/canonical-json.ts";

describe("canonical JSON", () => {
  it("sorts keys at every depth by UTF-16 code units, and leaves lists in their order", () => {
    expect(canonicalJson({ b: [{ z: 1, a: 2 }], é: 0, B: null, a: true })).to.equal(
      '{"B":null,"a":true,"b":[{"a":2,"z":1}],"é":0}',
    );
  });

  it("writes bigints as decimal strings and bytes in hexadecimal", () => {
    expect(canonicalJson([2n ** 64n, -1n, Uint8Array.of(0, 171), new Uint8Array(0)])).to.equal(
      '["18446744073709551616","-1","0x00ab","0x"]',
    );
  });

  it("refuses what JSON would drop or twist, and says where it is", () => {
    const self: Record<string, unknown> = {};
    self["again"] = [self];
    for (const [value, message] of [
      [{ a: { b: undefined } }, "$.a.b is undefined"],
      [[1, Number.NaN], "$[1] is NaN"],
      [{ a: Number.POSITIVE_INFINITY }, "$.a is Infinity"],
      [{ f: () => 1 }, "$.f is function"],
      [{ when: new Map() }, "$.when is neither a plain object nor an array"],
      [self, "$.again[0] holds itself"],
    ] as const)
      expect(() => canonicalJson(value)).to.throw(TypeError, message);
  });

  it("takes one thing twice for what it is, and nothing for a cycle that is none", () => {
    const one = { x: 1 };
    expect(canonicalJson([one, one])).to.equal('[{"x":1},{"x":1}]');
  });

  it("is JSON that reads back to the same, and the same text whatever the order of the keys", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).to.equal(text);
        expect(canonicalJson(reversed(value))).to.equal(text);
      }),
      { seed: 20261126, numRuns: 300 },
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value).reverse()) result[key] = reversed(item);
  return result;
}
