import { expect } from "chai";
import { hexlify, keccak256, toUtf8Bytes } from "ethers";

import type { BundleDefinition } from "../../oracle/report/definition.ts";
import { definitionHash } from "../../oracle/report/definition.ts";
import { keccakText } from "../../oracle/report/keccak.ts";
import { encodeSignerSet } from "../../oracle/report/signer-set.ts";
import { definitionArgs, deployOracle, type OracleRig } from "../utils/deploy-oracle.ts";

const SET = encodeSignerSet({ quorum: 1, signers: [new Uint8Array(20).fill(7)] });
const METHOD = "The upper median of the venues' last trades.";

/** A bundle of `feeds` feeds, all values different; symbols of `length` characters, 0: of every length. */
function bundle(number: number, feeds: number, length = 0): BundleDefinition {
  return {
    bundle: number,
    feeds: Array.from({ length: feeds }, (_, position) => ({
      symbol: `${number}.${position}/JPY`.padEnd(length || position % 70, "*"),
      decimals: (position * 7) % 256,
      method: keccakText(`method ${position}`),
      maxInputAge: position === 0 ? 2 ** 32 - 1 : position,
    })),
  };
}

const SMALL: BundleDefinition = {
  bundle: 3,
  feeds: [
    { symbol: "BTC/JPY", decimals: 2, method: keccakText(METHOD), maxInputAge: 30 },
    { symbol: "", decimals: 0, method: new Uint8Array(32), maxInputAge: 0 },
    { symbol: "仲値", decimals: 255, method: new Uint8Array(32).fill(255), maxInputAge: 2 ** 32 - 1 },
    { symbol: "BTC/JPY", decimals: 3, method: keccakText("its successor"), maxInputAge: 60 },
  ],
};
const LARGEST = bundle(2 ** 24 - 1, 256, 56);
const ODD = bundle(7, 101);
const UNPUBLISHED = bundle(8, 2);
const TOO_LONG = bundle(9, 256, 58);

describe("Catalog", () => {
  let rig: OracleRig;

  before(async () => {
    rig = await deployOracle({ bundles: [SMALL, LARGEST, ODD], set: SET });
    for (const definition of [UNPUBLISHED, TOO_LONG])
      await rig.govern("defineBundle", definitionArgs(definition));
  });

  it("tells all of every feed as it was defined", async () => {
    for (const { bundle: number, feeds } of [SMALL, LARGEST, ODD]) {
      expect(await rig.catalog.size(number)).to.equal(BigInt(feeds.length));
      for (const [position, feed] of feeds.entries()) {
        const id = number * 256 + position;
        const { symbol, decimals, maxInputAge, method } = await rig.catalog.feedOf(id);
        expect({ symbol, decimals, maxInputAge, method }).to.deep.equal({
          symbol: feed.symbol,
          decimals: BigInt(feed.decimals),
          maxInputAge: BigInt(feed.maxInputAge),
          method: hexlify(feed.method),
        });
        expect(await rig.catalog.decimalsOf(id)).to.equal(BigInt(feed.decimals));
      }
    }
  });

  it("knows its oracle and lists what is published, in the order of publication", async () => {
    expect(await rig.catalog.ORACLE()).to.equal(await rig.oracle.getAddress());
    expect(await rig.catalog.bundles()).to.deep.equal([3n, 2n ** 24n - 1n, 7n]);
  });

  it("finds all feeds with a symbol", async () => {
    const { catalog } = rig;
    expect(await catalog.find("BTC/JPY")).to.deep.equal([3n << 8n, (3n << 8n) | 3n]);
    expect(await catalog.find("仲値")).to.deep.equal([(3n << 8n) | 2n]);
    expect(await catalog.find("")).to.deep.equal([(3n << 8n) | 1n]);
    expect(await catalog.find(LARGEST.feeds[255]!.symbol)).to.deep.equal([2n ** 32n - 1n]);
    expect(await catalog.find("BTC/JP")).to.deep.equal([]);
  });

  it("says which feed it does not know, and why", async () => {
    const { catalog } = rig;
    for (const read of ["feedOf", "decimalsOf"] as const) {
      await expect(catalog[read]((3 << 8) | 4))
        .to.be.revertedWithCustomError(catalog, "UnknownFeed")
        .withArgs((3 << 8) | 4, 4);
      await expect(catalog[read](8 << 8))
        .to.be.revertedWithCustomError(catalog, "NotPublished")
        .withArgs(8);
      await expect(catalog[read](2n ** 32n))
        .to.be.revertedWithCustomError(catalog, "ImpossibleFeed")
        .withArgs(2n ** 32n);
    }
    await expect(catalog.size(8)).to.be.revertedWithCustomError(catalog, "NotPublished").withArgs(8);
  });

  it("refuses every value that is not the defined one", async () => {
    const { catalog } = rig;
    const expected = hexlify(definitionHash(UNPUBLISHED));
    const [first, second] = UNPUBLISHED.feeds;
    const wrong = [
      { ...first!, symbol: "other" },
      { ...first!, decimals: 1 },
      { ...first!, method: keccakText("other") },
      { ...first!, maxInputAge: 1 },
    ];
    for (const feed of wrong) {
      const given = { bundle: 8, feeds: [feed, second!] };
      await expect(catalog.publish(...definitionArgs(given)))
        .to.be.revertedWithCustomError(catalog, "DefinitionMismatch")
        .withArgs(8, hexlify(definitionHash(given)), expected);
    }
    const fewer = { bundle: 8, feeds: [first!] };
    await expect(catalog.publish(...definitionArgs(fewer))).to.be.revertedWithCustomError(
      catalog,
      "DefinitionMismatch",
    );
    await expect(catalog.publish(8, [], [], [], []))
      .to.be.revertedWithCustomError(catalog, "DefinitionMismatch")
      .withArgs(8, `0x${"00".repeat(32)}`, expected);
    await expect(catalog.publish(8, ["a"], [], [], [])).to.be.revertedWithCustomError(
      catalog,
      "DefinitionMismatch",
    );
    await expect(catalog.publish(...definitionArgs({ ...UNPUBLISHED, bundle: 77 })))
      .to.be.revertedWithCustomError(catalog, "NotDefined")
      .withArgs(77);
  });

  it("lets anyone publish, once; repeating changes nothing", async () => {
    const { catalog, stranger, chain } = rig;
    const snapshot = await chain.networkHelpers.takeSnapshot();
    await expect(catalog.connect(stranger).publish(...definitionArgs(UNPUBLISHED)))
      .to.emit(catalog, "Published")
      .withArgs(8, 2);
    await expect(catalog.publish(...definitionArgs(UNPUBLISHED))).not.to.emit(catalog, "Published");
    expect(await catalog.bundles()).to.have.length(4);
    await snapshot.restore();
  });

  it("says where symbols are too long to publish", async () => {
    await expect(rig.catalog.publish(...definitionArgs(TOO_LONG)))
      .to.be.revertedWithCustomError(rig.catalog, "TooLong")
      .withArgs(256 * (39 + 58), 24_575);
  });

  it("publishes the largest bundle within a transaction's gas", async () => {
    const { catalog, chain } = rig;
    const fresh = await chain.ethers.deployContract("Catalog", [await catalog.ORACLE()]);
    const receipt = await (await fresh.publish(...definitionArgs(LARGEST))).wait();
    expect(receipt!.gasUsed).to.be.lessThan(16_777_216n);
  });

  it("keeps the texts of methods, each under its hash", async () => {
    const { catalog } = rig;
    const hash = hexlify(keccakText(METHOD));
    await expect(catalog.methodText(hash))
      .to.be.revertedWithCustomError(catalog, "MethodNotPublished")
      .withArgs(hash);
    await expect(catalog.publishMethod(METHOD)).to.emit(catalog, "MethodPublished").withArgs(hash);
    expect(await catalog.methodText(hash)).to.equal(METHOD);
    expect((await catalog.feedOf(3 << 8)).method).to.equal(hash);
    await expect(catalog.publishMethod(METHOD)).not.to.emit(catalog, "MethodPublished");
  });

  it("keeps texts of 0 to 24,575 bytes", async () => {
    const { catalog } = rig;
    for (const text of ["", "x".repeat(24_575)]) {
      await (await catalog.publishMethod(text)).wait();
      expect(await catalog.methodText(keccak256(toUtf8Bytes(text)))).to.equal(text);
    }
    await expect(catalog.publishMethod("x".repeat(24_576)))
      .to.be.revertedWithCustomError(catalog, "TooLong")
      .withArgs(24_576, 24_575);
  });
});
