import { expect } from "chai";
import { hexlify } from "ethers";
import fc from "fast-check";

import {
  laneOf,
  MAX_PRICE,
  MIN_PRICE,
  NO_PRICE,
  packWords,
  unpackWords,
  VOID,
  WORD_BYTES,
} from "../../../oracle/report/word.ts";
import { prices, RUNS } from "./random.ts";

/** The words by arithmetic on one number each: lane 0 is the lowest 56 bits. */
function byArithmetic(list: readonly bigint[]): string {
  const words = [];
  for (let word = 0; 4 * word < list.length; word++) {
    let bits = 0n;
    for (let lane = 0; lane < 4; lane++) {
      bits |= BigInt.asUintN(56, list[4 * word + lane] ?? NO_PRICE) << BigInt(56 * lane);
    }
    words.push(bits.toString(16).padStart(2 * WORD_BYTES, "0"));
  }
  return `0x${words.join("")}`;
}

describe("words", () => {
  it("hold four prices each, lane 0 in the lowest bits, and nothing else", () => {
    fc.assert(
      fc.property(prices, (list) => {
        expect(hexlify(packWords(list))).to.equal(byArithmetic(list));
      }),
      RUNS,
    );
  });

  it("give back every price that went in", () => {
    fc.assert(
      fc.property(prices, (list) => {
        const words = packWords(list);
        expect(unpackWords(words, list.length)).to.deep.equal(list);
        for (const [position, price] of list.entries()) expect(laneOf(words, position)).to.equal(price);
      }),
      RUNS,
    );
  });

  it("give back the same bytes for every byte string that is somebody's words", () => {
    const lanes = fc.uint8Array({ minLength: WORD_BYTES, maxLength: WORD_BYTES });
    fc.assert(
      fc.property(lanes, (words) => {
        expect(packWords(unpackWords(words, 4))).to.deep.equal(words);
      }),
      RUNS,
    );
  });

  it("read the same from the middle of a larger buffer", () => {
    const words = packWords([1n, -2n, NO_PRICE, MAX_PRICE, MIN_PRICE]);
    const around = new Uint8Array(words.length + 20).fill(0xa5);
    around.set(words, 13);
    expect(unpackWords(around.subarray(13, 13 + words.length), 5)).to.deep.equal(unpackWords(words, 5));
  });

  it("take int56 above VOID and NO_PRICE, and refuse all else by its position", () => {
    expect(unpackWords(packWords([MIN_PRICE, MAX_PRICE, NO_PRICE]), 3)).to.deep.equal([
      MIN_PRICE,
      MAX_PRICE,
      NO_PRICE,
    ]);
    for (const wrong of [VOID, MAX_PRICE + 1n, NO_PRICE - 1n, 2n ** 56n, 2n ** 64n]) {
      expect(() => packWords([0n, wrong])).to.throw(RangeError, `price ${wrong} at position 1`);
    }
    expect(() => packWords([])).to.throw(RangeError, /not 0/);
    expect(() => packWords(new Array<bigint>(257).fill(0n))).to.throw(RangeError, /not 257/);
  });

  it("refuse bytes that nobody packs: a wrong length, VOID, a lane behind the last feed", () => {
    const words = packWords([1n, 2n]);
    expect(() => unpackWords(words.subarray(1), 2)).to.throw(RangeError, /28 bytes of words, not 27/);
    expect(() => unpackWords(packWords([1n, 2n, 3n, 4n, 5n]), 4)).to.throw(RangeError, /not 56/);
    expect(() => unpackWords(words, 5)).to.throw(RangeError, /56 bytes of words, not 28/);
    expect(() => unpackWords(packWords([1n, 2n, 3n]), 2)).to.throw(RangeError, /position 2 says 3/);
    const voided = words.slice();
    voided[27] = 1;
    voided.set([0x80, 0, 0, 0, 0, 0], 21);
    expect(() => unpackWords(voided, 2)).to.throw(RangeError, /position 0 says VOID/);
    expect(() => unpackWords(words, 0)).to.throw(RangeError, /not 0/);
    expect(() => laneOf(words, 4)).to.throw(RangeError, /position 4/);
    expect(() => laneOf(words, -1)).to.throw(RangeError, /position -1/);
  });
});
