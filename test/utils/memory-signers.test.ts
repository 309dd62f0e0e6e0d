import { expect } from "chai";
import { getBytes, hexlify, recoverAddress, Signature } from "ethers";

import { compareBytes } from "../../oracle/report/bytes.ts";
import { domainSeparator, networkSalt, reportDigest } from "../../oracle/report/digest.ts";
import { keccakText } from "../../oracle/report/keccak.ts";
import { memorySigners, signAsQuorum, signInMemory } from "./memory-signers.ts";

const domain = domainSeparator(networkSalt("local", "test"));
const root = keccakText("a root");
const TIME = 1_767_225_600;

describe("memory signers", () => {
  it("are the same for the same seed, others for another, and stand in ascending order", () => {
    const [one, again, other] = [memorySigners(7, "a"), memorySigners(7, "a"), memorySigners(7, "b")];
    expect(one).to.deep.equal(again);
    expect(one.set.signers.map(hexlify)).not.to.have.any.members(other.set.signers.map(hexlify));
    expect(one.set.signers.toSorted(compareBytes)).to.deep.equal(one.set.signers);
  });

  it("take the smallest quorum: 1 of 1, 3 of 4, 4 of 5, 5 of 7", () => {
    expect([1, 4, 5, 7].map((n) => memorySigners(n, "a").set.quorum)).to.deep.equal([1, 3, 4, 5]);
  });

  it("sign the report's digest, each as itself, as another library reads it", () => {
    const signers = memorySigners(4, "a");
    const digest = hexlify(reportDigest(domain, TIME, root));
    const signatures = signAsQuorum(signers, domain, TIME, root);
    expect(signatures.map(({ index }) => index)).to.deep.equal([0, 1, 2]);
    for (const { index, compact } of signatures) {
      const recovered = recoverAddress(digest, Signature.from(hexlify(compact)));
      expect(getBytes(recovered), `signer ${index}`).to.deep.equal(signers.set.signers[index]);
    }
  });

  it("sign with all of a report: another time or root is another signature", () => {
    const signers = memorySigners(1, "a");
    const sign = (time: number, hash: Uint8Array) =>
      hexlify(signInMemory(signers, 0, domain, time, hash).compact);
    expect(
      new Set([sign(TIME, root), sign(TIME + 10, root), sign(TIME, keccakText("another"))]),
    ).to.have.property("size", 3);
  });

  it("refuse to sign as a signer that is not there", () => {
    expect(() => signInMemory(memorySigners(4, "a"), 4, domain, TIME, root)).to.throw(
      RangeError,
      "no signer 4 among 4",
    );
  });
});
