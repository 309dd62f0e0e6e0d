import { expect } from "chai";
import fc from "fast-check";

import { JsonError, JsonNumber, type JsonValue, MAX_DEPTH, parseJson } from "../../../oracle/market/json.ts";

function problemOf(text: string): string {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return error.problem;
    throw error;
  }
  return "none";
}

/** A JSON value without our number objects, for comparison with `JSON.parse`. */
function plain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(plain);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

describe("parseJson", () => {
  it("keeps numbers as they were written", () => {
    const value = parseJson('{"a":621000.0,"b":[1e-7,-0,12345678901234567890],"c":0.30000000000000004}');
    expect(value).to.deep.equal({
      a: new JsonNumber("621000.0"),
      b: [new JsonNumber("1e-7"), new JsonNumber("-0"), new JsonNumber("12345678901234567890")],
      c: new JsonNumber("0.30000000000000004"),
    });
  });

  it("leaves texts that look like numbers alone", () => {
    expect(parseJson('{"a":"1.0"}')).to.deep.equal({ a: "1.0" });
  });

  it("says so when a venue answers with a web page", () => {
    expect(problemOf("<!DOCTYPE html><html>…")).to.equal("html");
    expect(problemOf("\n  <html>")).to.equal("html");
    expect(() => parseJson("<html>Bad Gateway</html>")).to.throw(
      /expected JSON, saw a web page: "<html>Bad Gateway/,
    );
  });

  it("refuses an empty body, half a body and anything else", () => {
    expect(problemOf("")).to.equal("empty");
    expect(problemOf("  \n")).to.equal("empty");
    for (const text of [
      '{"a":',
      '{"a":NaN}',
      "{'a':1}",
      "[1,]",
      '{"a":01}',
      "undefined",
      "{} {}",
      '{"a":.5}',
      '{"a":+1}',
    ]) {
      expect(problemOf(text), text).to.equal("malformed");
    }
  });

  it("refuses depth before it recurses", () => {
    const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
    expect(problemOf(deep(MAX_DEPTH))).to.equal("none");
    expect(problemOf(deep(MAX_DEPTH + 1))).to.equal("too-deep");
    expect(problemOf("[".repeat(1_000_000))).to.equal("too-deep");
    expect(problemOf(`["${"[".repeat(100)}\\"${"{".repeat(100)}"]`)).to.equal("none");
  });

  it("reads what JSON.parse reads, and nothing else", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(plain(parseJson(text))).to.deep.equal(JSON.parse(text));
      }),
      { seed: 20201122, numRuns: 300 },
    );
  });

  it("never throws anything but its own error", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 3 }), (text, at, junk) => {
        const cut = at % (text.length + 1);
        problemOf(text.slice(0, cut) + junk + text.slice(cut + 1));
      }),
      { seed: 20201122, numRuns: 500 },
    );
  });
});
