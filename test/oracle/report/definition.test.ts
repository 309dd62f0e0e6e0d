import { expect } from "chai";
import { AbiCoder, getBytes, hexlify, keccak256 } from "ethers";
import fc from "fast-check";

import { type BundleDefinition, definitionHash, feedCount } from "../../../oracle/report/definition.ts";
import { bundleNumber, definition, RUNS } from "./random.ts";

/** The hash by another encoder, straight from the definition. */
function byEthers({ bundle, feeds }: BundleDefinition): string {
  const encoded = AbiCoder.defaultAbiCoder().encode(
    ["uint256", "string[]", "uint8[]", "bytes32[]", "uint32[]"],
    [
      bundle,
      feeds.map((feed) => feed.symbol),
      feeds.map((feed) => feed.decimals),
      feeds.map((feed) => feed.method),
      feeds.map((feed) => feed.maxInputAge),
    ],
  );
  const hash = getBytes(keccak256(encoded));
  hash[31] = feeds.length - 1;
  return hexlify(hash);
}

const feed = { symbol: "BTC/JPY", decimals: 0, method: new Uint8Array(32), maxInputAge: 60 };

describe("definitionHash", () => {
  it("is the hash of the ABI encoding, with the number of feeds in its last byte", () => {
    const any = bundleNumber.chain((bundle) => definition(bundle, 256));
    fc.assert(
      fc.property(any, (bundle) => {
        const hash = definitionHash(bundle);
        expect(hexlify(hash)).to.equal(byEthers(bundle));
        expect(feedCount(hash)).to.equal(bundle.feeds.length);
      }),
      { ...RUNS, numRuns: 100 },
    );
  });

  it("refuses what the contract could not define", () => {
    const refused = (changes: Partial<typeof feed>, message: RegExp) => {
      expect(() => definitionHash({ bundle: 1, feeds: [{ ...feed, ...changes }] })).to.throw(
        RangeError,
        message,
      );
    };
    refused({ decimals: 256 }, /decimals 256/);
    refused({ decimals: -1 }, /decimals -1/);
    refused({ decimals: 0.5 }, /decimals 0.5/);
    refused({ maxInputAge: 2 ** 32 }, /maxInputAge 4294967296/);
    refused({ maxInputAge: -1 }, /maxInputAge -1/);
    refused({ maxInputAge: 1.5 }, /maxInputAge 1.5/);
    refused({ method: new Uint8Array(31) }, /32 bytes, not 31/);
    expect(() => definitionHash({ bundle: 1, feeds: [] })).to.throw(RangeError, /0 feeds/);
    expect(() => definitionHash({ bundle: 1, feeds: new Array(257).fill(feed) })).to.throw(
      RangeError,
      /257 feeds/,
    );
    expect(() => definitionHash({ bundle: 2 ** 24, feeds: [feed] })).to.throw(RangeError, /bundle 16777216/);
  });
});
