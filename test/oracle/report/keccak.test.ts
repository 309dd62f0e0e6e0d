import { execFileSync } from "node:child_process";

import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import fc from "fast-check";

import { keccak256, keccakText } from "../../../oracle/report/keccak.ts";

/** Of nothing, as every Ethereum client knows it. */
const EMPTY = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
const ABC = "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45";

const digits = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const patterned = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 24);

describe("keccak256", () => {
  it("gives what is known of nothing and of abc", () => {
    expect(digits(keccak256(new Uint8Array()))).to.equal(EMPTY);
    expect(digits(keccakText("abc"))).to.equal(ABC);
  });

  it("agrees with another library at every length up to four blocks, and beyond", () => {
    for (const length of [...Array(545).keys(), 16_384, 65_536, 65_537, 200_000]) {
      const bytes = patterned(length);
      expect(digits(keccak256(bytes)), `${length} bytes`).to.equal(digits(keccak_256(bytes)));
    }
  });

  it("agrees with another library on any bytes, wherever they stand in their buffer", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(16), (bytes, before) => {
        const inside = new Uint8Array([...new Uint8Array(before).fill(0xff), ...bytes, 0xff]);
        const there = inside.subarray(before, before + bytes.length);
        expect(digits(keccak256(there))).to.equal(digits(keccak_256(bytes)));
      }),
      { seed: 20201122, numRuns: 300 },
    );
  });

  it("keeps nothing of the bytes before, and hands out hashes that stay", () => {
    const first = keccak256(new Uint8Array());
    keccak256(patterned(70_000));
    expect(digits(keccak256(new Uint8Array()))).to.equal(EMPTY);
    expect(digits(first)).to.equal(EMPTY);
  });

  it("does without WebAssembly where nobody may compile any", () => {
    // Node itself needs some for its first TypeScript file.
    const program = `await import("./oracle/report/bytes.ts");
      WebAssembly.compile = () => Promise.reject(new EvalError("refused by policy"));
      const { keccakText } = await import("./oracle/report/keccak.ts");
      console.log(Buffer.from(keccakText("abc")).toString("hex"));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    expect(output.trim()).to.equal(ABC);
  });
});
