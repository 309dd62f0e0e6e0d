import { expect } from "chai";

import { type CatalogPlan, planCatalog } from "../../oracle/report/catalog-plan.ts";
import type { BundleDefinition } from "../../oracle/report/definition.ts";
import { keccakText } from "../../oracle/report/keccak.ts";
import { mask, wholeMask } from "../../oracle/report/mask.ts";
import { reportTree } from "../../oracle/report/report-tree.ts";
import { encodeSignerSet } from "../../oracle/report/signer-set.ts";
import { packWords, wordCount } from "../../oracle/report/word.ts";
import type { Oracle } from "../../types/ethers-contracts/Oracle.ts";
import { coldReadGas } from "../utils/cold-read.ts";
import { type Chain, START, startChain } from "../utils/deploy-oracle.ts";
import { checkSnapshot } from "../utils/gas-snapshot.ts";
import { signedReport, TEST_SALT, testSigners, type TestSigners } from "../utils/report-signers.ts";

const PERIOD = 300;
const RING = 8_192;
const ROOTS = 105_120;

/** What transactions cost (whole receipts) and what cold reads cost a contract. */
describe("gas of the oracle", () => {
  it("is as committed in snapshots/Oracle.json", async () => {
    const gas: Record<string, number> = {};
    for (const [depth, bundles] of [
      [0, 1],
      [6, 64],
    ] as const) {
      const four = await Rig.deploy(bundles, 4, 4);
      gas[`record 1 word, 3-of-4, depth ${depth}`] = await four.record([0]);
      const hundred = await Rig.deploy(bundles, 100, 4);
      gas[`record 25 words, fixings and root, 3-of-4, depth ${depth}`] = await hundred.recordFixing(all(25));
      gas[`record 25 words, 3-of-4, depth ${depth}`] = await hundred.record(all(25));
      gas[`record 1 word of 25, 3-of-4, depth ${depth}`] = await hundred.record([7]);
    }
    const alone = await Rig.deploy(1, 4, 1);
    gas["record 1 word, 1-of-1, depth 0"] = await alone.record([0]);
    Object.assign(gas, await (await Rig.deploy(1, 4, 4)).reads());
    checkSnapshot("Oracle", gas);
  });
});

function all(words: number): number[] {
  return [...Array(words).keys()];
}

/** One oracle with `bundles` bundles of `feeds` feeds, every slot of bundle 0 written before. */
class Rig {
  readonly #chain: Chain;
  readonly #oracle: Oracle;
  readonly #signers: TestSigners;
  readonly #plan: CatalogPlan;
  readonly #feeds: number;
  #now: number;
  #price = 0x01_23_45_67_01n; // ten digits and more, such as BTC/JPY in hundredths: five bytes of seven, none of them zero

  private constructor(
    chain: Chain,
    oracle: Oracle,
    signers: TestSigners,
    definitions: readonly BundleDefinition[],
    now: number,
  ) {
    this.#chain = chain;
    this.#oracle = oracle;
    this.#signers = signers;
    this.#plan = planCatalog(definitions);
    this.#feeds = definitions[0]!.feeds.length;
    this.#now = now;
  }

  static async deploy(bundles: number, feeds: number, n: number): Promise<Rig> {
    const chain = await startChain();
    const [governor] = await chain.ethers.getSigners();
    const oracle = await chain.ethers.deployContract("Oracle", [governor, TEST_SALT, 3600, 120]);
    const definitions = Array.from({ length: bundles }, (_, bundle) => ({
      bundle,
      feeds: Array.from({ length: feeds }, (_, position) => ({
        symbol: `F${bundle}.${position}/JPY`,
        decimals: 2,
        method: keccakText("median"),
        maxInputAge: 60,
      })),
    }));
    const measured = definitions[0]!.feeds;
    await oracle.defineBundle(
      0,
      measured.map((feed) => feed.symbol),
      measured.map((feed) => feed.decimals),
      measured.map((feed) => feed.method),
      measured.map((feed) => feed.maxInputAge),
    );
    const start = START + 4 * PERIOD;
    const signers = testSigners(n);
    await oracle.setSigners(encodeSignerSet(signers.set), start, 0);
    const rig = new Rig(chain, oracle, signers, definitions, start + ROOTS * PERIOD);
    // So that at #now neither the root nor the fixings are written to a slot for the first time.
    await rig.#send(start, wholeMask(wordCount(feeds), true));
    await rig.#send(rig.#now - RING * PERIOD, wholeMask(wordCount(feeds), true));
    return rig;
  }

  /** Gas of a report at the fixing time that writes `words` of bundle 0, and their fixings. */
  recordFixing(words: readonly number[]): Promise<number> {
    return this.#send(this.#now, mask(words, true));
  }

  /** Gas of a report at the next tick that writes `words` of bundle 0. */
  record(words: readonly number[]): Promise<number> {
    this.#now += 10;
    return this.#send(this.#now, mask(words, false));
  }

  async #send(observedAt: number, bits: bigint): Promise<number> {
    const words = new Map(
      this.#plan.bundles.map(({ bundle }) => [
        bundle,
        packWords(Array.from({ length: this.#feeds }, () => this.#nextPrice())),
      ]),
    );
    const tree = reportTree(this.#plan, words);
    const report = signedReport(this.#signers, tree, observedAt, [{ bundle: 0, mask: bits }]);
    await this.#chain.provider.request({ method: "evm_setNextBlockTimestamp", params: [observedAt + 2] });
    const receipt = await (await this.#oracle.record(report)).wait();
    expect(receipt!.logs).to.have.length(1);
    return Number(receipt!.gasUsed);
  }

  #nextPrice(): bigint {
    const low = (this.#price & 0xffn) % 0xffn;
    this.#price = ((this.#price & ~0xffn) | (low + 1n)) ^ 0x02_00_04_00_00n;
    return this.#price;
  }

  /** Gas of cold reads of a price that was just recorded, and of its fixing an hour later. */
  async reads(): Promise<Record<string, number>> {
    const time = this.#now;
    await this.recordFixing([0]);
    await this.#chain.provider.request({ method: "evm_increaseTime", params: [3600] });
    await this.#chain.provider.request({ method: "evm_mine" });
    const abi = this.#oracle.interface;
    const target = await this.#oracle.getAddress();
    const read = (data: string) => coldReadGas(this.#chain.ethers.provider, target, data);
    return {
      "latest(feed), cold": await read(abi.encodeFunctionData("latest(uint256)", [2])),
      "latest(feed, maxAge), cold": await read(
        abi.encodeFunctionData("latest(uint256,uint256)", [2, 86_400]),
      ),
      "tryLatest(feed), cold": await read(abi.encodeFunctionData("tryLatest", [2])),
      "fixing(feed, time), cold": await read(abi.encodeFunctionData("fixing", [2, time])),
      "tryFixing(feed, time), cold": await read(abi.encodeFunctionData("tryFixing", [2, time])),
    };
  }
}
