import { expect } from "chai";

import { keccakText } from "../../oracle/report/keccak.ts";
import { encodeSignerSet } from "../../oracle/report/signer-set.ts";
import { deployOracle, START, type OracleRig } from "../utils/deploy-oracle.ts";

const BTC = { symbol: "BTC/JPY", decimals: 2, method: keccakText("median of venues"), maxInputAge: 30 };
/** What a chain's clock can only go by where somebody waited: by itself it goes on with that of the machine. */
const DAY = 86_400;
const SET = encodeSignerSet({ quorum: 1, signers: [new Uint8Array(20).fill(7)] });

describe("deployOracle, the oracle of our tests", () => {
  let rig: OracleRig;
  let handedOver: number;

  before(async () => {
    rig = await deployOracle({ bundles: [{ bundle: 3, feeds: [BTC] }], set: SET });
    handedOver = await rig.chain.networkHelpers.time.latest();
  });

  it("goes through its genesis without waiting", async () => {
    const { oracle, gate, activeFrom } = rig;
    const [signers, , , , , governor] = await oracle.config();
    expect(governor).to.equal(await gate.getAddress());
    expect(signers >> 224n).to.equal(BigInt(activeFrom));
    expect(activeFrom - START).to.be.lessThan(DAY);
    expect(activeFrom % 300).to.equal(0);
    expect(handedOver).to.equal(activeFrom);
  });

  it("publishes its feeds", async () => {
    const feed = await rig.catalog.feedOf(3 << 8);
    expect([feed.symbol, feed.decimals, feed.maxInputAge]).to.deep.equal(["BTC/JPY", 2n, 30n]);
    expect(await rig.catalog.find("BTC/JPY")).to.deep.equal([3n << 8n]);
  });

  it("governs with two members, waiting where there is a delay", async () => {
    const { oracle, govern, chain } = rig;
    const before = await chain.networkHelpers.time.latest();
    await govern("halt", [3]);
    expect((await chain.networkHelpers.time.latest()) - before).to.be.lessThan(DAY);
    await expect(oracle["latest(uint256)"](3 << 8))
      .to.be.revertedWithCustomError(oracle, "Halted")
      .withArgs(3);
    await govern("defineBundle", [4, ["X"], [0], [BTC.method], [1]]);
    expect((await chain.networkHelpers.time.latest()) - before).to.be.greaterThan(DAY);
    expect(await oracle.definition(4)).not.to.equal(`0x${"00".repeat(32)}`);
  });
});
