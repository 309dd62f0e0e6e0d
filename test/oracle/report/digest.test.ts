import { expect } from "chai";
import { hexlify, id, TypedDataEncoder } from "ethers";
import fc from "fast-check";

import { domainSeparator, networkSalt, reportDigest } from "../../../oracle/report/digest.ts";
import { bytes32, RUNS } from "./random.ts";

const TYPES = {
  Report: [
    { name: "observedAt", type: "uint32" },
    { name: "root", type: "bytes32" },
  ],
};

describe("reportDigest", () => {
  it("is the EIP-712 digest of the report in the network's domain", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(2 ** 32 - 1), bytes32, (network, observedAt, root) => {
        const salt = networkSalt(network, "test");
        const domain = { name: "Nakane", version: "1", salt: hexlify(salt) };
        expect(hexlify(domainSeparator(salt))).to.equal(TypedDataEncoder.hashDomain(domain));
        expect(hexlify(reportDigest(domainSeparator(salt), observedAt, root))).to.equal(
          TypedDataEncoder.hash(domain, TYPES, { observedAt, root }),
        );
      }),
      RUNS,
    );
  });

  it("differs between networks and between rehearsal and production", () => {
    expect(hexlify(networkSalt("sepolia", "test"))).to.equal(id("nakane:sepolia:test"));
    expect(hexlify(networkSalt("sepolia", "production"))).to.equal(id("nakane:sepolia:production"));
  });

  it("refuses a time that the report cannot carry", () => {
    for (const wrong of [-1, 2 ** 32, 1.5, Number.NaN]) {
      expect(() => reportDigest(new Uint8Array(32), wrong, new Uint8Array(32))).to.throw(
        RangeError,
        String(wrong),
      );
    }
  });
});
