import { expect } from "chai";
import { getBytes, Wallet } from "ethers";

import { HALTED } from "../../../../oracle/ledger/decision/decide.ts";
import { ORACLE } from "../../../../oracle/relayer/oracle-abi.ts";
import { ChainReader, type ChainReaderOptions } from "../../../../oracle/relayer/rpc/chain-reader.ts";
import { JsonRpc } from "../../../../oracle/relayer/rpc/json-rpc.ts";
import { NodeError, WrongCodeError, WrongOracleError } from "../../../../oracle/relayer/rpc/rpc-error.ts";
import { planCatalog } from "../../../../oracle/report/catalog-plan.ts";
import { domainSeparator, networkSalt } from "../../../../oracle/report/digest.ts";
import { setInForce } from "../../../../oracle/report/chain-signers.ts";
import { encodeSignerSet, signerSetHash } from "../../../../oracle/report/signer-set.ts";
import { NO_PRICE } from "../../../../oracle/report/word.ts";
import { definitionArgs } from "../../../utils/deploy-oracle.ts";
import { bundleOf } from "../../signer/agreement/epoch-for-tests.ts";
import { rejection } from "../../../utils/rejection.ts";
import { CHAIN_ID, prices, RelayRig } from "../relay-rig.ts";

describe("ChainReader", () => {
  let rig: RelayRig;
  beforeEach(async () => {
    rig = await RelayRig.start();
  });
  afterEach(async () => {
    await rig.stop();
  });

  const reader = (change: Partial<ChainReaderOptions> = {}) =>
    new ChainReader({
      rpc: new JsonRpc({ url: rig.served.url, chainId: CHAIN_ID, clock: rig.clock }),
      oracle: rig.address,
      codeHash: rig.codeHash,
      sender: rig.signer.address,
      ...change,
    });
  const request = (time: number) => ({ plan: rig.epoch.plan, domain: rig.epoch.domain, time });

  it("reads words of every kind: recorded, without a price, never recorded, halted", async () => {
    const time = rig.time(10);
    await rig.record(time, prices(-5n, NO_PRICE), [[1, 0b10n]]);
    const before = await reader().read(request(rig.time(20)));
    expect([...before.state.prices]).to.deep.equal([-5n, NO_PRICE, 1000n, 1000n, NO_PRICE, NO_PRICE]);
    expect([...before.state.observedAt]).to.deep.equal([time, time, time, time, 0, 0]);

    await rig.oracle.gate.connect(rig.oracle.guardian).halt(rig.address, 1);
    const after = await reader().read(request(rig.time(20)));
    expect([...after.state.observedAt]).to.deep.equal([HALTED, HALTED, HALTED, HALTED, HALTED, 0]);
    expect(new Set(after.state.prices)).to.have.keys([NO_PRICE]);
  });

  it("asks for a bundle of which every feed has a price with one call", async () => {
    await rig.record(rig.time(10), prices(), [
      [1, 0b110n],
      [9, 0b10n],
    ]);
    rig.served.calls.length = 0;
    const { state } = await reader().read(request(rig.time(20)));
    expect([...state.prices]).to.deep.equal(prices());
    // config, two definitions, two bundles
    expect(rig.served.count("eth_call")).to.equal(5);
  });

  it("asks a feed without a price alone from then on, until it has one again, and notices a halt all the same", async () => {
    const one = reader();
    const readAt = async (time: number) => {
      rig.served.calls.length = 0;
      const { prices: found, observedAt } = (await one.read(request(time))).state;
      return { prices: [...found], observedAt: [...observedAt], calls: rig.served.count("eth_call") };
    };
    const [first, second, third] = [rig.time(10), rig.time(20), rig.time(30)];
    const masks: [number, bigint][] = [
      [1, 0b110n],
      [9, 0b10n],
    ];
    await rig.record(first, prices(-5n, NO_PRICE), masks);
    const unpriced = { prices: prices(-5n, NO_PRICE), observedAt: new Array<number>(6).fill(first) };
    // config, two definitions, two bundles; and each of the five feeds of the bundle that reverted
    expect(await readAt(first)).to.deep.equal({ ...unpriced, calls: 10 });
    expect(await readAt(first)).to.deep.equal({ ...unpriced, calls: 4 });

    await rig.record(second, prices(-6n, 7n), masks);
    const priced = { prices: prices(-6n, 7n), observedAt: new Array<number>(6).fill(second) };
    expect(await readAt(second)).to.deep.equal({ ...priced, calls: 4 });
    expect(await readAt(second)).to.deep.equal({ ...priced, calls: 3 });

    // Two without a price: one was known, the other is met anew. And of the other bundle all of its feeds, one.
    await rig.record(third, prices(NO_PRICE, NO_PRICE, 3n, 4n, 5n, NO_PRICE), masks);
    const sparse = [NO_PRICE, NO_PRICE, 3n, 4n, 5n, NO_PRICE];
    for (const calls of [3 + 5 + 1, 3 + 2 + 1])
      expect(await readAt(third)).to.deep.equal({
        prices: sparse,
        observedAt: new Array<number>(6).fill(third),
        calls,
      });

    for (const bundle of [1, 9]) await rig.oracle.gate.connect(rig.oracle.guardian).halt(rig.address, bundle);
    expect((await readAt(third)).observedAt).to.deep.equal(new Array<number>(6).fill(HALTED));
  });

  it("knows which bundles' fixings are stored, and takes a void one for the end of it", async () => {
    const time = rig.time(300);
    const stored = async () => [...(await reader().read(request(time))).state.fixingStored];
    expect(await stored(), "not yet").to.deep.equal([0, 0]);
    await rig.record(time, prices(), [[1, 1n]]);
    expect(await stored(), "the root is kept, and one bundle").to.deep.equal([1, 0]);
    await rig.oracle.govern("voidFixing", [time, 9]);
    expect(await stored(), "void").to.deep.equal([1, 1]);
    expect([...(await reader().read(request(time + 10))).state.fixingStored], "none is due").to.deep.equal([
      1, 1,
    ]);
  });

  it("reads what a report is verified against, and what the sender has", async () => {
    const reading = await reader().read(request(rig.time(10)));
    const { provider } = rig.chain.ethers;
    const block = (await provider.getBlock("latest"))!;
    expect(reading.block).to.equal(block.number);
    expect(reading.blockHash).to.equal(block.hash);
    expect(reading.blockTime).to.equal(block.timestamp);
    expect(reading.baseFee).to.equal(block.baseFeePerGas);
    expect(reading.state.latestDelay).to.equal(120);
    expect(reading.balance).to.equal(10n ** 18n);
    expect(reading.nonce).to.equal(0);
    const set = { quorum: rig.epoch.q, signers: rig.epoch.members.map(({ address }) => address) };
    expect(setInForce(reading.signers, rig.time(10), block.timestamp)).to.deep.equal(
      signerSetHash(encodeSignerSet(set)),
    );
    expect(reading.definitions(9)).to.deep.equal(rig.epoch.plan.bundles[1]!.definition);
    expect(reading.definitions(10)).to.equal(undefined);
  });

  it("sees a set of signers that comes after it has read another", async () => {
    const one = reader();
    const before = (await one.read(request(rig.time(10)))).signers;
    const set = { quorum: 1, signers: [getBytes(rig.address)] };
    const activeFrom = rig.time(2 * 86_400);
    await rig.oracle.govern("setSigners", [encodeSignerSet(set), activeFrom, 0]);
    const { current, retired } = (await one.read(request(rig.time(20)))).signers;
    expect(current).to.deep.equal({ activeFrom, hash: signerSetHash(encodeSignerSet(set)) });
    expect(retired.hash).to.deep.equal(before.current.hash);
  });

  it("knows a bundle that the chain does not from one that it does, and finds it once it is defined", async () => {
    const fresh = bundleOf(10, 2);
    const plan = planCatalog([...rig.epoch.bundles, fresh].map(({ definition }) => definition));
    const one = reader();
    const before = await one.read({ ...request(rig.time(10)), plan });
    expect(before.definitions(10)).to.equal(undefined);
    expect([...before.state.observedAt].slice(-2)).to.deep.equal([0, 0]);
    await rig.oracle.govern("defineBundle", definitionArgs(fresh.definition));
    const after = await one.read({ ...request(rig.time(10)), plan });
    expect(after.definitions(10)).to.deep.equal(plan.bundles[2]!.definition);
  });

  it("reads everything at one block, though a new one comes in between", async () => {
    await rig.record(rig.time(10), prices(), [[1, 0b10n]]);
    rig.served.interference.before = async ({ method }) => {
      if (method === "eth_getBalance") {
        rig.served.interference = {};
        await rig.record(rig.time(20), prices(2000n), [[1, 0b10n]]);
      }
      return undefined;
    };
    const { block, state } = await reader().read(request(rig.time(30)));
    expect(state.block).to.equal(block);
    expect([state.prices[0], state.observedAt[0]]).to.deep.equal([1000n, rig.time(10)]);
    const tags = rig.served.calls
      .filter(({ method }) => method === "eth_call")
      .map(({ params }) => params[1]);
    expect(new Set(tags.map((tag) => JSON.stringify(tag))).size).to.equal(1);
    expect(tags[0]).to.have.keys(["blockHash"]);
  });

  it("takes nothing for an answer of the oracle that its methods never give, and names the method", async () => {
    for (const [method, args] of [
      ["config", []],
      ["latestOf", [[256, 257, 258, 259, 260]]],
      ["tryLatest", [256]],
    ] as const) {
      const asked = ORACLE.encodeFunctionData(method, args).slice(0, 10);
      rig.served.interference.before = ({ params }) =>
        (params[0] as { data?: string } | undefined)?.data?.startsWith(asked) === true
          ? { result: `0x${"07".repeat(40)}` }
          : undefined;
      const error = await rejection(reader().read(request(rig.time(10))));
      expect(error).to.be.instanceOf(WrongCodeError);
      expect(error.message).to.contain(`The oracle's ${method} answered what it never answers: 0x0707`);
    }
  });

  it("names the block by its number where the node does not take its hash, and remembers that", async () => {
    rig.served.interference.before = ({ params }) =>
      typeof params[1] === "object" ? { error: { code: -32602, message: "invalid argument 1" } } : undefined;
    const one = reader();
    const { block } = await one.read(request(rig.time(10)));
    const hashed = () =>
      rig.served.calls.filter(({ params }) => params[1] !== null && typeof params[1] === "object").length;
    const before = hashed();
    await one.read(request(rig.time(10)));
    expect(hashed()).to.equal(before);
    const tags = rig.served.calls
      .filter(({ method }) => method === "eth_call")
      .map(({ params }) => params[1]);
    expect(tags.at(-1)).to.equal(`0x${block.toString(16)}`);
  });

  it("says so where there is no contract, or another one, and asks no more of it", async () => {
    const nobody = Wallet.createRandom().address;
    const none = await rejection(reader({ oracle: nobody }).read(request(rig.time(10))));
    expect(none).to.be.instanceOf(WrongCodeError);
    expect(none.message).to.equal(
      `There is no contract at ${nobody} on chain 31337 (${rig.served.url}). Is it deployed there, and the address book the chain's?`,
    );
    const other = await rig.oracle.gate.getAddress();
    const wrong = await rejection(reader({ oracle: other }).read(request(rig.time(10))));
    expect(wrong).to.be.instanceOf(WrongCodeError);
    expect(wrong.message).to.match(/has hash 0x[0-9a-f]{64}, the address book says 0x[0-9a-f]{64}/);
    expect(rig.served.count("eth_call")).to.equal(0);
  });

  it("checks the code once", async () => {
    const one = reader();
    for (let i = 0; i < 2; i++) await one.read(request(rig.time(10)));
    expect(rig.served.count("eth_getCode")).to.equal(1);
  });

  it("names both domains where the oracle is another network's", async () => {
    const domain = domainSeparator(networkSalt("local", "production"));
    const error = await rejection(reader().read({ ...request(rig.time(10)), domain }));
    expect(error).to.be.instanceOf(WrongOracleError);
    expect(error.message).to.include(`the reports have 0x${Buffer.from(domain).toString("hex")}`);
  });

  it("makes no state of answers that are refused or nonsense", async () => {
    const spoil = (what: string, instead: object) => {
      rig.served.interference.before = ({ method }) => (method === what ? instead : undefined);
      return rejection(reader().read(request(rig.time(300))));
    };
    const refused = { error: { code: -32000, message: "header not found" } };
    for (const method of ["eth_getBalance", "eth_getTransactionCount", "eth_call", "eth_getBlockByNumber"])
      expect(await spoil(method, refused), method).to.be.instanceOf(NodeError);
    expect((await spoil("eth_getBalance", { result: 5 })).message).to.equal(
      "eth_getBalance: expected a number such as 0x1f, the node answered 5",
    );
    expect((await spoil("eth_call", { result: "0x" })).message).to.include("config answered what it never");
    expect((await spoil("eth_getCode", { result: "none" })).message).to.include("expected bytes");
    expect((await spoil("eth_getBlockByNumber", { result: null })).message).to.include("has no latest block");
    expect((await spoil("eth_getBlockByNumber", { result: [] })).message).to.include("expected an object");
  });
});
