import { expect } from "chai";
import fc from "fast-check";

import { ORACLE } from "../../../../oracle/relayer/oracle-abi.ts";
import { decodeLatest } from "../../../../oracle/relayer/rpc/decode-latest.ts";

const encode = (prices: readonly bigint[], times: readonly (number | bigint)[]): string =>
  ORACLE.encodeFunctionResult("latestOf", [prices, times]);

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
