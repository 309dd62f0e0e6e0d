import { expect } from "chai";

import { type ChainSigners, chainSigners, setInForce } from "../../../oracle/report/chain-signers.ts";

const current = new Uint8Array(24).fill(0xcc);
const retired = new Uint8Array(24).fill(0xdd);
const signers: ChainSigners = {
  current: { activeFrom: 1000, hash: current },
  retired: { until: 2000, activeFrom: 500, hash: retired },
};

describe("signers on chain", () => {
  it("are in force by the report's time: the newest from activeFrom on, the one before it earlier", () => {
    expect(setInForce(signers, 1000, 1500)).to.equal(current);
    expect(setInForce(signers, 5000, 5000)).to.equal(current);
    expect(setInForce(signers, 999, 1500)).to.equal(retired);
    expect(setInForce(signers, 500, 1500)).to.equal(retired);
    expect(setInForce(signers, 499, 1500)).to.equal(undefined);
  });

  it("retire when the chain's clock says so", () => {
    expect(setInForce(signers, 999, 1999)).to.equal(retired);
    expect(setInForce(signers, 999, 2000)).to.equal(undefined);
    expect(setInForce(signers, 1000, 2000)).to.equal(current);
  });

  it("are two words of the contract", () => {
    const word = (a: bigint, b: bigint, hash: string) =>
      (a << 224n) | (b << 192n) | BigInt(`0x${hash.repeat(24)}`);
    expect(chainSigners(word(1000n, 0n, "cc"), word(2000n, 500n, "dd"))).to.deep.equal(signers);
    const latest = 2n ** 32n - 1n;
    expect(chainSigners(word(latest, 0n, "cc"), word(latest, latest, "dd"))).to.deep.equal({
      current: { activeFrom: 2 ** 32 - 1, hash: current },
      retired: { until: 2 ** 32 - 1, activeFrom: 2 ** 32 - 1, hash: retired },
    });
  });
});
