import { DisableKeyCommand, EnableKeyCommand } from "@aws-sdk/client-kms";
import { expect } from "chai";

import { zoneOffsets } from "../../../oracle/feeds/zone-offsets.ts";
import { HALTED } from "../../../oracle/ledger/decision/decide.ts";
import { LedgerError } from "../../../oracle/ledger/ledger.ts";
import { ORACLE } from "../../../oracle/relayer/oracle-abi.ts";
import { splitParts } from "../../../oracle/relayer/split-parts.ts";
import { encodeReport } from "../../../oracle/report/encode.ts";
import { readHeader } from "../../../oracle/report/header.ts";
import { reportPart } from "../../../oracle/report/report.ts";
import { feedId } from "../../../oracle/report/feed-id.ts";
import { NO_PRICE } from "../../../oracle/report/word.ts";
import { policyOf, prices, RelayRig } from "./relay-rig.ts";

const A = feedId(1, 0);
const E = feedId(1, 4);
const OTHER = feedId(9, 0);

describe("Relayer", () => {
  let rig: RelayRig;
  beforeEach(async () => {
    rig = await RelayRig.start();
  });
  afterEach(async () => {
    await rig.stop();
  });

  /** The first report of all: everything is on chain since `time(10)`. */
  const record = async (relayer = rig.relayer()) => {
    await rig.comeTo(rig.time(10));
    relayer.submit(rig.report(rig.time(10), prices()));
    await relayer.idle();
    return relayer;
  };
  const tick = async (relayer: ReturnType<RelayRig["relayer"]>, time: number, given: readonly bigint[]) => {
    await rig.comeTo(time);
    relayer.submit(rig.report(time, given));
    await relayer.idle();
  };
  const masks = async () =>
    (await rig.transmissions()).map(({ bundles }) => bundles.map(({ bundle, mask }) => [bundle, mask]));

  it("records everything at first, with one transmission that the ledger knows from its intent to its block", async () => {
    await record();
    expect(rig.pages).to.deep.equal([]);
    expect(await rig.latest(A)).to.deep.equal([1000n, rig.time(10)]);
    expect(await rig.latest(E)).to.deep.equal([1000n, rig.time(10)]);
    expect(await rig.latest(OTHER)).to.deep.equal([1000n, rig.time(10)]);
    const [sent, ...more] = await rig.transmissions();
    expect(more).to.deep.equal([]);
    expect(sent!.bundles).to.deep.equal([
      { bundle: 1, mask: 0b110n },
      { bundle: 9, mask: 0b10n },
    ]);
    expect(sent!.reasons).to.have.length(6);
    expect(sent!.nonce).to.equal(0);
    expect(sent!.fixing).to.equal(false);
    const { kmsRequestId, hash, gasLimit } = sent!.attempts[0]!;
    expect(rig.kms.events.map((event) => event["requestID"])).to.include(kmsRequestId);
    const receipt = await rig.chain.ethers.provider.getTransactionReceipt(hash);
    expect(sent!.outcome).to.deep.equal({
      kind: "included",
      hash,
      block: receipt!.blockNumber,
      blockHash: receipt!.blockHash,
      blockTime: (await receipt!.getBlock()).timestamp,
      gasUsed: receipt!.gasUsed,
      effectiveGasPrice: receipt!.gasPrice,
    });
    expect(rig.events.map(({ kind }) => kind)).to.deep.equal(["opened", "signed", "sent", "closed"]);
    // A fifth more than was needed when it was simulated, for what may change until it is in a block.
    expect(gasLimit >= (receipt!.gasUsed * 6n) / 5n).to.equal(true);
    // What it is taken to need is more than it needs: a budget of that would not have held both bundles.
    const words = (bundle: number) => (bundle === 1 ? 2 : 1);
    expect(splitParts(sent!.bundles, words, Number(receipt!.gasUsed))).to.have.length(2);
  });

  it("sends the words that deviate and no others, and nothing where nothing does", async () => {
    const relayer = await record();
    await tick(relayer, rig.time(20), prices(1004n, 1000n, 1000n, 1000n, 996n));
    expect(await rig.transmissions()).to.have.length(1);
    expect(rig.judgements.at(-1)!.verdicts).to.deep.equal(new Array(6).fill("none"));

    await tick(relayer, rig.time(30), prices(1004n, 1000n, 1000n, 1000n, 995n));
    expect((await masks())[1]).to.deep.equal([[1, 0b100n]]);
    expect(await rig.latest(E)).to.deep.equal([995n, rig.time(30)]);
    expect(await rig.latest(A)).to.deep.equal([1000n, rig.time(10)]);
    expect((await rig.transmissions())[1]!.reasons).to.deep.equal([{ feed: E, reason: "deviation" }]);
    expect((await rig.transmissions())[1]!.nonce).to.equal(1);
  });

  it("sends what is as old as its heartbeat", async () => {
    rig.policy = policyOf({ heartbeat: 60 });
    const relayer = await record();
    await tick(relayer, rig.time(69), prices());
    expect(await rig.transmissions()).to.have.length(1);
    await tick(relayer, rig.time(70), prices());
    expect(await rig.latest(A)).to.deep.equal([1000n, rig.time(70)]);
    expect(new Set(rig.judgements.at(-1)!.verdicts)).to.have.keys(["heartbeat"]);
  });

  it("tells that a price is gone, and that it is there again", async () => {
    const relayer = await record();
    await tick(relayer, rig.time(20), prices(NO_PRICE));
    expect(await rig.latest(A)).to.deep.equal([null, rig.time(20)]);
    await tick(relayer, rig.time(30), prices(NO_PRICE));
    expect(await rig.transmissions()).to.have.length(2);
    await tick(relayer, rig.time(40), prices(1000n));
    expect(await rig.latest(A)).to.deep.equal([1000n, rig.time(40)]);
  });

  it("sends what an operator asks for, once", async () => {
    const relayer = await record();
    relayer.request([E]);
    await tick(relayer, rig.time(20), prices());
    await tick(relayer, rig.time(30), prices());
    expect((await masks()).slice(1)).to.deep.equal([[[1, 0b100n]]]);
    expect(await rig.latest(E)).to.deep.equal([1000n, rig.time(20)]);
  });

  it("stores the fixings of every bundle in the report, and makes sure of it", async () => {
    const relayer = await record();
    await tick(relayer, rig.time(300), prices(1234n));
    const [status, price] = await rig.oracle.oracle.tryFixing(A, rig.time(300));
    expect([status, price]).to.deep.equal([2n, 1234n]);
    expect((await rig.oracle.oracle.tryFixing(OTHER, rig.time(300)))[0]).to.equal(2n);
    const sent = (await rig.transmissions())[1]!;
    expect(sent.fixing).to.equal(true);
    // The first word deviates too; of the others only the fixing is kept.
    expect(sent.bundles).to.deep.equal([
      { bundle: 1, mask: 0b11n },
      { bundle: 9, mask: 1n },
    ]);
    expect(rig.judgements.slice(1).map(({ round, verdicts }) => [round, verdicts[0]])).to.deep.equal([
      [0, "fixing"],
      [1, "none"],
    ]);
  });

  it("stores nothing of a bundle that the report leaves out", async () => {
    const relayer = await record();
    await rig.comeTo(rig.time(300));
    relayer.submit(rig.report(rig.time(300), prices(), [9]));
    await relayer.idle();
    expect((await rig.oracle.oracle.tryFixing(A, rig.time(300)))[0]).to.equal(2n);
    expect((await rig.oracle.oracle.tryFixing(OTHER, rig.time(300)))[0]).to.equal(1n);
    expect(await rig.transmissions()).to.have.length(2);
  });

  it("keeps nothing of a halted bundle as latest, but stores its fixings", async () => {
    const relayer = await record();
    await rig.oracle.gate.connect(rig.oracle.guardian).halt(rig.address, 1);
    await tick(relayer, rig.time(20), prices(2000n, 2000n, 2000n, 2000n, 2000n, 2000n));
    expect((await masks())[1]).to.deep.equal([[9, 0b10n]]);
    expect(rig.judgements.at(-1)!.decision!.chain.observedAt[0]).to.equal(HALTED);
    await tick(relayer, rig.time(300), prices(2000n, 2000n, 2000n, 2000n, 2000n, 2000n));
    expect((await masks())[2]).to.deep.equal([
      [1, 1n],
      [9, 1n],
    ]);
    expect((await rig.oracle.oracle.tryFixing(A, rig.time(300)))[0]).to.equal(2n);
  });

  it("needs no block at the report's time: it is simulated at the next block's", async () => {
    const relayer = await record();
    await rig.nextBlockAt(rig.time(200));
    relayer.submit(rig.report(rig.time(200), prices(2000n)));
    await relayer.idle();
    expect(await rig.latest(A)).to.deep.equal([2000n, rig.time(200)]);
    expect(rig.pages).to.deep.equal([]);
  });

  it("waits for a node whose next block is still before the report, as long as its patience", async () => {
    const relayer = await record();
    let asked = 0;
    const nodeBehind = () => ({
      error: { code: 3, message: "execution reverted", data: futureReport(rig.time(20), rig.time(19)) },
    });
    rig.served.interference.before = ({ method }) =>
      method === "eth_estimateGas" && ++asked <= 2 ? nodeBehind() : undefined;
    await rig.comeTo(rig.time(20));
    relayer.submit(rig.report(rig.time(20), prices(2000n)));
    await rig.until(() => asked === 1);
    await rig.clock.advance(1_000);
    await rig.until(() => asked === 2);
    await rig.clock.advance(1_000);
    await relayer.idle();
    expect(await rig.latest(A)).to.deep.equal([2000n, rig.time(20)]);

    const impatient = rig.relayer({ patience: { future: 0 } });
    asked = 0;
    await tick(impatient, rig.time(30), prices(3000n));
    expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["refused"]);
    expect(rig.pages[0]!.message).to.match(/FutureReport\(observedAt \d+, now_ \d+\).*clock/);
    expect(await rig.transmissions()).to.have.length(2);
  });

  it("lets a newer report replace one that waits, and works at one at a time", async () => {
    const relayer = rig.relayer();
    await rig.comeTo(rig.time(30));
    for (const at of [10, 20, 30]) relayer.submit(rig.report(rig.time(at), prices(BigInt(1000 + at))));
    relayer.submit(rig.report(rig.time(20), prices()));
    await relayer.idle();
    expect(await rig.latest(A)).to.deep.equal([1030n, rig.time(30)]);
    expect(await rig.transmissions()).to.have.length(1);
    expect(
      rig.judgements.map(({ report, why }) => [report.time - rig.base, why?.slice(0, 14)]),
    ).to.deep.equal([
      [10, "a newer report"],
      [20, "a newer report"],
      [20, "a newer report"],
      [30, undefined],
    ]);
  });

  it("drops no fixing, however many reports come after it", async () => {
    const relayer = rig.relayer();
    await rig.comeTo(rig.time(620));
    for (const at of [300, 310, 600, 610, 620])
      relayer.submit(rig.report(rig.time(at), prices(BigInt(1000 + at))));
    await relayer.idle();
    for (const at of [300, 600])
      expect((await rig.oracle.oracle.tryFixing(A, rig.time(at))).slice(0, 2)).to.deep.equal([
        2n,
        BigInt(1000 + at),
      ]);
    expect(await rig.latest(A)).to.deep.equal([1620n, rig.time(620)]);
  });

  describe("refuses to pay", () => {
    const nothingSent = async (transmissions = 0) => {
      expect(await rig.transmissions()).to.have.length(transmissions);
      expect(rig.served.count("eth_sendRawTransaction")).to.equal(transmissions);
      expect(rig.signed()).to.equal(transmissions);
    };

    it("for a report that the chain would refuse by its bytes", async () => {
      const relayer = rig.relayer();
      await rig.comeTo(rig.time(20));
      const good = rig.report(rig.time(20), prices());
      const [first, second, third] = good.signatures;
      const forged = { ...third!, compact: second!.compact };
      relayer.submit({ ...good, signatures: [first!, second!, forged] });
      await relayer.idle();
      expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["refused"]);
      expect(rig.pages[0]!.message).to.include("BadSignature(index 2)");
      expect(rig.served.count("eth_estimateGas"), "no node need be asked for that").to.equal(0);
      await nothingSent();
    });

    it("for a report that only the chain's own state refuses: another root is kept for the fixing time", async () => {
      const relayer = await record();
      await rig.comeTo(rig.time(300));
      relayer.submit(rig.report(rig.time(300), prices(1n), [9]));
      await relayer.idle();
      relayer.submit(rig.report(rig.time(300), prices(2n)));
      await rig.until(() => rig.pages.length > 0);
      expect(rig.pages[0]!.message).to.include("RootConflict(time ");
      await nothingSent(2);
      await relayer.drain();
    });

    it("more than the cap, and pages once until it is over", async () => {
      const relayer = rig.relayer({ fees: { cap: 10n ** 9n, tip: 10n ** 9n } });
      await tick(relayer, rig.time(10), prices());
      await tick(relayer, rig.time(20), prices());
      expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["feeCap"]);
      expect(rig.pages[0]!.message).to.match(/the cap is 1 gwei/);
      await nothingSent();
    });

    it("what it does not have", async () => {
      await rig.chain.networkHelpers.setBalance(rig.signer.address, 10n ** 12n);
      const relayer = rig.relayer();
      await tick(relayer, rig.time(10), prices());
      expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["funds"]);
      expect(rig.pages[0]!.message).to.include(`${rig.signer.address} has 1000 gwei`);
      await nothingSent();
      await rig.chain.networkHelpers.setBalance(rig.signer.address, 10n ** 18n);
      await tick(relayer, rig.time(20), prices());
      await nothingSent(1);
      // It was over in between, so it is told again.
      await rig.chain.networkHelpers.setBalance(rig.signer.address, 0n);
      await tick(relayer, rig.time(30), prices(2000n));
      expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["funds", "funds"]);
    });
  });

  it("leaves nothing half done where the KMS key is disabled, and goes on when it is back", async () => {
    const client = rig.kms.client();
    await client.send(new DisableKeyCommand({ KeyId: rig.kms.keyArn }));
    const relayer = await record();
    expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["kms"]);
    expect(rig.pages[0]!.message).to.match(/KMS did not sign for the sender .*is disabled/);
    const [abandoned] = await rig.transmissions();
    expect(abandoned!.outcome!.kind).to.equal("abandoned");
    expect(abandoned!.attempts).to.deep.equal([]);
    expect(rig.served.count("eth_sendRawTransaction")).to.equal(0);

    // Stopped: no more rows, no more calls to KMS, no second page.
    const asked = rig.signed();
    await tick(relayer, rig.time(20), prices());
    expect(await rig.transmissions()).to.have.length(1);
    expect([rig.signed(), rig.pages.length]).to.deep.equal([asked, 1]);

    await client.send(new EnableKeyCommand({ KeyId: rig.kms.keyArn }));
    await rig.signer.reopen();
    await tick(relayer, rig.time(30), prices());
    const [, sent] = await rig.transmissions();
    expect(sent!.nonce, "the nonce is given out again").to.equal(abandoned!.nonce);
    expect(await rig.latest(A)).to.deep.equal([1000n, rig.time(30)]);
  });

  it("reserves one nonce once, for relayers that send at the same time", async () => {
    await rig.comeTo(rig.time(30));
    const both = [rig.relayer(), rig.relayer()];
    for (const [i, relayer] of both.entries()) relayer.submit(rig.report(rig.time(10 + 10 * i), prices()));
    await Promise.all(both.map((relayer) => relayer.idle()));
    const nonces = (await rig.transmissions()).map(({ nonce }) => nonce);
    expect(nonces).to.deep.equal([...new Set(nonces)]);
  });

  it("says why a transmission reverted, by the contract's own error", async () => {
    const relayer = await record();
    // Anybody may bring a report: here a part of it, which keeps its root.
    await rig.record(rig.time(300), prices(), [[9, 1n]]);
    // The rest is simulated before two people void the root, and mined after that.
    rig.served.interference.before = async ({ method }) => {
      if (method === "eth_sendRawTransaction") await rig.oracle.govern("voidRoot", [rig.time(300)]);
      return undefined;
    };
    relayer.submit(rig.report(rig.time(300), prices()));
    await relayer.idle();
    expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["reverted"]);
    expect(rig.pages[0]!.message).to.match(/RootConflict\(time \d+, kept 0, given \d+\)/);
    const { outcome, bundles } = (await rig.transmissions()).at(-1)!;
    expect(outcome!.kind).to.equal("reverted");
    expect(bundles).to.deep.equal([{ bundle: 1, mask: 1n }]);
  });

  it("decides nothing while the node is down, says so once, and again when it is down again", async () => {
    const relayer = await record();
    const down = async (time: number) => {
      rig.served.interference.answer = (response) => {
        response.destroy();
        return true;
      };
      await tick(relayer, time, prices(2000n));
      await tick(relayer, time + 10, prices(2000n));
      rig.served.interference = {};
      await tick(relayer, time + 20, prices());
    };
    await down(rig.time(20));
    await down(rig.time(50));
    expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["chain", "chain"]);
    expect(rig.pages[0]!.message).to.match(/^http:\/\/127\.0\.0\.1:\d+ cannot be reached/);
    const undecided = rig.judgements.filter(({ decision }) => decision === null);
    expect(undecided.map(({ report, why }) => [report.time, why])).to.deep.equal(
      [20, 30, 50, 60].map((at) => [rig.time(at), rig.pages[0]!.message]),
    );
    expect(rig.judgements).to.have.length(7);
  });

  it("does nothing on another chain, or where the oracle is not, and says what to do", async () => {
    await rig.comeTo(rig.time(10));
    for (const change of [
      { node: { url: rig.served.url, chainId: 1 } },
      { oracle: { address: rig.signer.address, codeHash: rig.codeHash } },
    ]) {
      const relayer = rig.relayer(change);
      relayer.submit(rig.report(rig.time(10), prices()));
      await relayer.idle();
    }
    expect(rig.pages.map(({ reason, message }) => [reason, message.split(". ")[0]])).to.deep.equal([
      ["chain", `${rig.served.url} serves chain 31337, not 1`],
      ["chain", `There is no contract at ${rig.signer.address} on chain 31337 (${rig.served.url})`],
    ]);
    expect(await rig.transmissions()).to.deep.equal([]);
    expect([rig.signed(), rig.served.count("eth_sendRawTransaction")]).to.deep.equal([0, 0]);
  });

  it("says that the gas was used up, where that is why", async () => {
    rig.served.interference.before = ({ method }) =>
      method === "eth_estimateGas" ? { result: "0x10000" } : undefined;
    const relayer = await record();
    rig.served.interference = {};
    await tick(relayer, rig.time(20), prices());
    const [failed, sent] = await rig.transmissions();
    expect(failed!.outcome).to.include({ kind: "reverted", reason: "out of gas: all 78643 were used" });
    expect(sent!.outcome!.kind).to.equal("included");
    expect(rig.pages.map(({ reason }) => reason)).to.include("reverted");
  });

  describe("after a crash", () => {
    /** A transmission that the ledger has, signed, and the chain has not: the process ended in between. */
    const interrupted = async () => {
      rig.served.interference.before = ({ method }) =>
        method === "eth_sendRawTransaction"
          ? { error: { code: -32000, message: "node is down" } }
          : undefined;
      await record();
      rig.served.interference = {};
      rig.pages.length = 0;
      await rig.reopen();
      const [open] = await rig.transmissions();
      expect(open!.outcome).to.equal(null);
      return open!;
    };

    it("sends the same signed bytes again, and KMS is not asked", async () => {
      const open = await interrupted();
      const signed = rig.signed();
      await rig.relayer().start();
      const [closed] = await rig.transmissions();
      expect(closed!.outcome).to.include({ kind: "included", hash: open.attempts[0]!.hash });
      expect(closed!.attempts).to.deep.equal(open.attempts);
      expect(rig.served.calls.filter(({ method }) => method === "eth_sendRawTransaction")).to.deep.include({
        ...rig.served.calls.findLast(({ method }) => method === "eth_sendRawTransaction")!,
        params: [open.attempts[0]!.raw],
      });
      expect(rig.signed()).to.equal(signed);
      expect(await rig.latest(A)).to.deep.equal([1000n, rig.time(10)]);
    });

    it("finds in a block what had arrived although no answer came", async () => {
      let raw: unknown;
      rig.served.interference.answer = (response, calls) => {
        const sent = calls.find(({ method }) => method === "eth_sendRawTransaction");
        if (sent === undefined) return false;
        raw = sent.params[0];
        response.destroy();
        return true;
      };
      await record();
      expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["chain"]);
      rig.served.interference = {};
      await rig.reopen();
      await rig.chain.networkHelpers.mine(3); // its block is not the newest any more
      const signed = rig.signed();
      await rig.relayer().start();
      const [closed] = await rig.transmissions();
      const { hash, raw: kept } = closed!.attempts[0]!;
      expect(kept).to.equal(raw);
      const block = await (await rig.chain.ethers.provider.getTransactionReceipt(hash))!.getBlock();
      expect(await rig.chain.ethers.provider.getBlockNumber()).to.equal(block.number + 3);
      expect(closed!.outcome).to.include({
        kind: "included",
        block: block.number,
        blockHash: block.hash,
        blockTime: block.timestamp,
      });
      expect(rig.served.count("eth_sendRawTransaction")).to.equal(1);
      expect(rig.signed()).to.equal(signed);
    });

    it("gives up what was never signed, and its nonce is free", async () => {
      const { ledger } = rig;
      const putAttempt = ledger.putAttempt.bind(ledger);
      ledger.putAttempt = () => Promise.reject(new LedgerError("the disk is full"));
      await record();
      ledger.putAttempt = putAttempt;
      expect(rig.pages.map(({ reason, message }) => [reason, message])).to.deep.equal([
        ["fault", "the disk is full"],
      ]);
      expect(rig.served.count("eth_sendRawTransaction"), "what is not on disk is not sent").to.equal(0);
      await rig.reopen();
      const relayer = rig.relayer();
      await relayer.start();
      await tick(relayer, rig.time(20), prices());
      expect((await rig.transmissions()).map(({ nonce, outcome }) => [nonce, outcome!.kind])).to.deep.equal([
        [0, "abandoned"],
        [0, "included"],
      ]);
    });

    it("stops where someone else used the nonce", async () => {
      await interrupted();
      const other = rig.chain.provider;
      await other.request({ method: "hardhat_impersonateAccount", params: [rig.signer.address] });
      const from = rig.signer.address;
      await other.request({ method: "eth_sendTransaction", params: [{ from, to: from, value: "0x1" }] });
      const relayer = rig.relayer({ patience: { poll: 0 } });
      await tick(relayer, rig.time(20), prices());
      await tick(relayer, rig.time(30), prices());
      expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["nonceTaken"]);
      expect(rig.pages[0]!.message).to.match(/Nonce 0 of .* someone else sends with this key/);
      expect(rig.served.count("eth_sendRawTransaction")).to.equal(2);
      expect((await rig.transmissions()).map(({ outcome }) => outcome!.kind)).to.deep.equal(["abandoned"]);
    });

    it("finds the fixings of the ledger that the chain lacks", async () => {
      const relayer = await record();
      const report = rig.report(rig.time(300), prices(1300n));
      await relayer.drain();
      await rig.comeTo(rig.time(400));
      const { epoch, time, prices: column, root, signatures, tree } = report;
      const head = encodeReport({
        observedAt: time,
        set: { quorum: epoch.q, signers: epoch.members.map(({ address }) => address) },
        signatures,
        parts: [reportPart(tree, 1, 0n)],
      });
      await rig.ledger.putReport({
        observedAt: time,
        epoch: 0,
        root,
        provenance: "simulated",
        prices: column,
        bundles: [1, 9],
        head: head.subarray(0, readHeader(head).end),
      });
      const next = rig.relayer();
      for (const at of await rig.ledger.fixingTimes(rig.time(0), rig.time(400)))
        next.submitStored((await rig.ledger.report(at))!, epoch);
      await next.idle();
      expect((await rig.oracle.oracle.tryFixing(A, rig.time(300))).slice(0, 2)).to.deep.equal([2n, 1300n]);
    });
  });

  describe("with a chain that includes nothing for a while", () => {
    const submitUnmined = async () => {
      const relayer = rig.relayer({ patience: { inclusion: 3_000 } });
      await record(relayer);
      await rig.chain.provider.request({ method: "evm_setAutomine", params: [false] });
      await rig.nextBlockAt(rig.time(20));
      relayer.submit(rig.report(rig.time(20), prices(2000n)));
      await rig.until(() => rig.events.at(-1)!.kind === "sent");
      return relayer;
    };

    it("waits for the block", async () => {
      const relayer = await submitUnmined();
      await rig.clock.advance(1_000);
      expect(rig.events.at(-1)!.kind).to.equal("sent");
      await rig.chain.networkHelpers.mine();
      await rig.clock.advance(1_000);
      await relayer.idle();
      expect(rig.events.at(-1)!.transmission.outcome!.kind).to.equal("included");
    });

    it("counts what is on its way as if it were on chain, and sends it again, until it arrives", async () => {
      const relayer = await submitUnmined();
      for (let waited = 0; waited < 4; waited++) await rig.clock.advance(1_000);
      await relayer.idle();
      expect(rig.pages.map(({ reason }) => reason)).to.deep.equal(["stuck"]);

      rig.clock.setWall(rig.time(30) * 1000);
      relayer.submit(rig.report(rig.time(30), prices(2001n)));
      await relayer.idle();
      expect(rig.judgements.at(-1)!.verdicts[0]).to.equal("none");
      expect(rig.judgements.at(-1)!.decision!.pending.map(({ observedAt }) => observedAt)).to.deep.equal([
        rig.time(20),
      ]);
      expect(rig.signed(), "the node knows it already: that is as good as sent").to.equal(2);

      await rig.chain.networkHelpers.mine();
      relayer.submit(rig.report(rig.time(40), prices(2001n)));
      await relayer.idle();
      expect(await rig.latest(A)).to.deep.equal([2000n, rig.time(20)]);
      expect((await rig.transmissions()).map(({ outcome }) => outcome!.kind)).to.deep.equal([
        "included",
        "included",
      ]);
    });

    it("ends at once when it is drained, and the next process goes on", async () => {
      const relayer = await submitUnmined();
      await relayer.drain();
      relayer.submit(rig.report(rig.time(30), prices(3000n)));
      await relayer.idle();
      expect(rig.events.at(-1)!.kind).to.equal("sent");
      await rig.reopen();
      await rig.chain.networkHelpers.mine();
      await rig.relayer().start();
      expect((await rig.transmissions()).at(-1)!.outcome!.kind).to.equal("included");
      expect(rig.pages).to.deep.equal([]);
    });

    it("waits 2.5 s for what is under way, and no longer, when it is drained", async () => {
      const relayer = await record();
      const { promise, resolve } = Promise.withResolvers<undefined>();
      rig.served.interference.before = () => promise;
      await rig.comeTo(rig.time(20));
      const asked = rig.served.calls.length;
      relayer.submit(rig.report(rig.time(20), prices(2000n)));
      await rig.until(() => rig.served.calls.length > asked);
      let drained = false;
      const end = relayer.drain().then(() => {
        drained = true;
      });
      await rig.clock.advance(2_499);
      expect(drained).to.equal(false);
      await rig.clock.advance(1);
      await end;
      resolve(undefined);
      expect(rig.pages).to.deep.equal([]);
    });
  });

  describe("with a schedule", () => {
    it("sends a scheduled price once, and a restart catches up exactly once", async () => {
      // The chain begins at 09:00 in Tokyo.
      const schedule = {
        at: [tokyo(rig.time(60))],
        weekdays: [0, 1, 2, 3, 4, 5, 6],
        timeZone: "Asia/Tokyo",
        offsets: zoneOffsets("Asia/Tokyo"),
      };
      rig.policy = policyOf({ schedule });
      await record();
      // The process is down while the time passes.
      const restarted = rig.relayer();
      await tick(restarted, rig.time(90), prices());
      expect(new Set(rig.judgements.at(-1)!.verdicts)).to.have.keys(["schedule"]);
      await tick(restarted, rig.time(100), prices());
      restarted.wake();
      await restarted.idle();
      await tick(rig.relayer(), rig.time(110), prices());
      expect(await rig.transmissions()).to.have.length(2);
      expect(await rig.latest(A)).to.deep.equal([1000n, rig.time(90)]);
    });
  });
});

function futureReport(observedAt: number, now: number): string {
  return ORACLE.encodeErrorResult("FutureReport", [observedAt, now]);
}

/** The time of day in Tokyo, as schedules write it. */
function tokyo(time: number): string {
  return new Date((time + 9 * 3600) * 1000).toISOString().slice(11, 16);
}
