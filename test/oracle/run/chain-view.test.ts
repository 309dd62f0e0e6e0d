import { expect } from "chai";

import { ChainUnreachable } from "../../../oracle/api/oracle-view.ts";
import { JsonRpc } from "../../../oracle/relayer/rpc/json-rpc.ts";
import { feedId } from "../../../oracle/report/feed-id.ts";
import { SPAN } from "../../../oracle/report/verify.ts";
import { NO_PRICE } from "../../../oracle/report/word.ts";
import { ChainView } from "../../../oracle/run/chain-view.ts";
import { CHAIN_ID, prices, RelayRig } from "../relayer/relay-rig.ts";
import { rejection } from "../../utils/rejection.ts";

/** The rig's dispute window, in seconds. */
const DISPUTE = 3_600;
const [FIRST, SECOND, NINTH] = [feedId(1, 0), feedId(1, 1), feedId(9, 0)];

describe("ChainView", () => {
  let rig: RelayRig;
  let view: ChainView;
  beforeEach(async () => {
    rig = await RelayRig.start();
    const { url } = rig.served;
    view = new ChainView(new JsonRpc({ url, chainId: CHAIN_ID, clock: rig.clock }), rig.address);
  });
  afterEach(() => rig.stop());

  const blockNumber = () => rig.chain.ethers.provider.getBlockNumber();
  const timeOfHead = async () => (await rig.chain.ethers.provider.getBlock("latest"))!.timestamp;

  describe("latest", () => {
    it("is a price with its time, or says that there is none, or that there never was", async () => {
      const time = rig.time(10);
      await rig.record(time, prices(-5n, NO_PRICE), [[1, 0b10n]]);
      const block = await blockNumber();
      expect(await view.latest(FIRST)).to.deep.equal({
        status: "recorded",
        block,
        price: -5n,
        observedAt: time,
      });
      expect(await view.latest(SECOND)).to.deep.equal({ status: "no-price", block, observedAt: time });
      expect(await view.latest(NINTH)).to.deep.equal({ status: "never-recorded", block });
    });

    it("is nothing while people have closed the bundle", async () => {
      await rig.record(rig.time(10), prices(), [
        [1, 0b10n],
        [9, 0b10n],
      ]);
      await rig.oracle.gate.connect(rig.oracle.guardian).halt(rig.address, 1);
      expect(await view.latest(FIRST)).to.deep.equal({ status: "halted", block: await blockNumber() });
      expect(await view.latest(NINTH)).to.include({ status: "recorded" });
    });
  });

  describe("fixing", () => {
    it("is none before a root is kept, unstored before its bundle comes, then provisional and final", async () => {
      const time = rig.time(300);
      const none = { price: null, since: null, finalAt: null };
      expect(await view.fixing(FIRST, time)).to.deep.equal({
        status: "none",
        block: await blockNumber(),
        ...none,
      });
      await rig.record(time, prices(1234n, NO_PRICE), [[1, 1n]]);
      const [since, block] = [await timeOfHead(), await blockNumber()];
      const kept = { block, since, finalAt: since + DISPUTE };
      expect(await view.fixing(FIRST, time)).to.deep.equal({ status: "provisional", price: 1234n, ...kept });
      expect(await view.fixing(NINTH, time)).to.deep.equal({ status: "unstored", price: null, ...kept });
      // That a feed has no price is provisional too; the contract's int256.min is nobody's price.
      expect(await view.fixing(SECOND, time)).to.deep.equal({ status: "provisional", price: null, ...kept });

      await rig.chain.networkHelpers.time.increaseTo(since + DISPUTE);
      const later = { since, finalAt: since + DISPUTE, block: await blockNumber() };
      expect(await view.fixing(FIRST, time)).to.deep.equal({ status: "final", price: 1234n, ...later });
      expect(await view.fixing(SECOND, time)).to.deep.equal({ status: "no-price", price: null, ...later });
    });

    it("has no price once it is void, or too old to be read", async () => {
      const time = rig.time(300);
      await rig.record(time, prices(1234n), [[1, 1n]]);
      const since = await timeOfHead();
      await rig.oracle.govern("voidFixing", [time, 1]);
      const kept = { since, finalAt: since + DISPUTE };
      expect(await view.fixing(FIRST, time)).to.deep.include({ status: "void", price: null, ...kept });
      await rig.chain.networkHelpers.time.increaseTo(time + SPAN);
      expect(await view.fixing(NINTH, time)).to.deep.include({ status: "expired", price: null, ...kept });
    });

    it("asks for the dispute window once: it never changes", async () => {
      await rig.record(rig.time(300), prices(), [[1, 1n]]);
      await view.fixing(FIRST, rig.time(300));
      const before = rig.served.count("eth_call");
      await view.fixing(FIRST, rig.time(300));
      expect(rig.served.count("eth_call")).to.equal(before + 1);
    });

    it("is asked for at fixing times only", async () => {
      expect(await rejection(view.fixing(FIRST, rig.time(310)))).to.be.instanceOf(RangeError);
    });
  });

  it("reads the head", async () => {
    await rig.chain.networkHelpers.time.increaseTo(rig.time(500));
    expect(await view.head()).to.deep.equal({ block: await blockNumber(), time: rig.time(500) });
  });

  it("reads each answer at one block, though a new one comes in between", async () => {
    await rig.record(rig.time(10), prices(1000n), [[1, 0b10n]]);
    const block = await blockNumber();
    rig.served.interference.before = async ({ method }) => {
      if (method === "eth_call") {
        rig.served.interference = {};
        await rig.record(rig.time(20), prices(2000n), [[1, 0b10n]]);
      }
      return undefined;
    };
    expect(await view.latest(FIRST)).to.deep.include({ block, price: 1000n });
    expect(await view.latest(FIRST)).to.deep.include({ block: await blockNumber(), price: 2000n });
  });

  it("tells a chain that cannot be read from what the contract refuses", async () => {
    rig.served.interference.before = ({ method }) =>
      method === "eth_call" ? { error: { code: -32000, message: "header not found" } } : undefined;
    expect(await rejection(view.latest(FIRST)))
      .to.be.instanceOf(ChainUnreachable)
      .with.property("message", "eth_call: eth_call: header not found (code -32000)");

    rig.served.interference = {
      answer: (response) => {
        response.setHeader("content-type", "text/html");
        response.end("<html>Sign in</html>");
        return true;
      },
    };
    for (const asked of [view.latest(FIRST), view.fixing(FIRST, rig.time(300)), view.head()]) {
      const error = await rejection(asked);
      expect(error).to.be.instanceOf(ChainUnreachable);
      expect(error.message).to.contain("answered, but not in JSON-RPC").and.to.contain("<html>");
    }

    await rig.served.stop();
    expect((await rejection(view.head())).message).to.contain("cannot be reached");
  });

  it("takes an answer to something else for no answer", async () => {
    const answers = async (method: string, result: unknown, ask: () => Promise<unknown>) => {
      rig.served.interference.before = (call) => (call.method === method ? { result } : undefined);
      const error = await rejection(ask());
      expect(error, `${method}: ${String(result)}`).to.be.instanceOf(ChainUnreachable);
      return error.message;
    };
    expect(await answers("eth_getBlockByNumber", null, () => view.head())).to.equal(
      "eth_getBlockByNumber: the node has no latest block. Has it finished its start?",
    );
    await answers("eth_getBlockByNumber", {}, () => view.head());
    await answers("eth_blockNumber", "soon", () => view.latest(FIRST));
    await answers("eth_call", "0x", () => view.latest(FIRST)); // what stands where no contract is
    await answers("eth_call", null, () => view.fixing(FIRST, rig.time(300)));
  });

  it("takes a revert that is not the contract's for what it is", async () => {
    rig.served.interference.before = ({ method }) =>
      method === "eth_call"
        ? { error: { code: 3, message: "execution reverted", data: "0x12345678" } }
        : undefined;
    expect(await rejection(view.latest(FIRST))).to.be.instanceOf(ChainUnreachable);
  });
});
