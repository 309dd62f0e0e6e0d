import { expect } from "chai";
import fc from "fast-check";

import { ORACLE } from "../../../../oracle/relayer/oracle-abi.ts";
import {
  decodeLatest,
  decodeTryLatest,
  latestCalldata,
  tryLatestCalldata,
} from "../../../../oracle/relayer/rpc/latest-codec.ts";

const encode = (prices: readonly bigint[], times: readonly (number | bigint)[]): string =>
  ORACLE.encodeFunctionResult("latestOf", [prices, times]);

describe("latestCalldata and tryLatestCalldata", () => {
  it("are what ethers encodes", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 32 }), { maxLength: 300 }), (feeds) => {
        expect(latestCalldata(feeds)).to.equal(ORACLE.encodeFunctionData("latestOf", [feeds]));
        for (const feed of feeds)
          expect(tryLatestCalldata(feed)).to.equal(ORACLE.encodeFunctionData("tryLatest", [feed]));
      }),
    );
  });
});

describe("decodeLatest", () => {
  const feeds = fc.array(fc.tuple(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.nat(2 ** 32 - 1)), {
    maxLength: 40,
  });

  it("reads what ethers encodes", () => {
    fc.assert(
      fc.property(feeds, (given) => {
        const [prices, times] = [given.map(([price]) => price), given.map(([, time]) => time)];
        const found = decodeLatest(encode(prices, times), given.length);
        expect([...found!.prices]).to.deep.equal(prices);
        expect([...found!.times]).to.deep.equal(times);
      }),
    );
  });

  it("takes nothing that was changed in any byte for the same, and nothing of another length", () => {
    fc.assert(
      fc.property(feeds, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, place, change) => {
        const data = encode(
          given.map(([price]) => price),
          given.map(([, time]) => time),
        );
        const bytes = Buffer.from(data.slice(2), "hex");
        const at = place % bytes.length;
        bytes[at] = bytes[at]! ^ change;
        const found = decodeLatest(`0x${bytes.toString("hex")}`, given.length);
        if (found !== null)
          expect(encode([...found.prices], [...found.times])).to.equal(`0x${bytes.toString("hex")}`);
        for (const other of [`${data}${"00".repeat(32)}`, data.slice(0, -64)])
          expect(decodeLatest(other, given.length)).to.equal(null);
        expect(decodeLatest(data, given.length + 1)).to.equal(null);
      }),
    );
  });

  it("refuses a price or a time that no lane and no clock holds", () => {
    const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
    expect(decodeLatest(encode([least, most], [0, 2 ** 32 - 1]), 2)).to.not.equal(null);
    for (const price of [least - 1n, most + 1n, 2n ** 200n])
      expect(decodeLatest(encode([price], [1]), 1)).to.equal(null);
    expect(decodeLatest(encode([1n], [2n ** 32n]), 1)).to.equal(null);
  });
});

describe("decodeTryLatest", () => {
  const encode = (ok: boolean, price: bigint, time: bigint): string =>
    ORACLE.encodeFunctionResult("tryLatest", [ok, price, time]);
  const none = -(2n ** 255n); // what the contract says in place of a price

  it("reads what ethers encodes, and no price as none", () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.bigInt(0n, 2n ** 32n - 1n), (price, time) => {
        expect(decodeTryLatest(encode(true, price, time))).to.deep.equal({ price, time: Number(time) });
        expect(decodeTryLatest(encode(false, none, time))).to.deep.equal({ price: null, time: Number(time) });
      }),
    );
  });

  it("takes nothing else", () => {
    const good = encode(true, 5n, 7n);
    for (const bad of [
      "0x",
      `${good}00`,
      good.slice(0, -64),
      `0x${"2".padStart(64, "0")}${good.slice(66)}`,
      encode(true, none, 7n),
      encode(true, 5n, 2n ** 32n),
      encode(false, none, 2n ** 32n),
    ])
      expect(decodeTryLatest(bad), bad).to.equal(null);
  });
});
