import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { expect } from "chai";

import { DEFAULT_API_PORT } from "../../../oracle/config/config.ts";
import { WrongChainError } from "../../../oracle/relayer/rpc/rpc-error.ts";
import { KmsSigningError } from "../../../oracle/signer/kms-signer.ts";
import { SqliteStore } from "../../../oracle/signer/store/sqlite-store.ts";
import { startChain } from "../../utils/deploy-oracle.ts";
import { ServedChain } from "../../utils/serve-chain.ts";
import { rejection } from "../../utils/rejection.ts";
import { RunRig, UNREACHABLE, unreachableCatalog } from "./run-rig.ts";
import { Watch } from "./watch.ts";

async function json(url: string): Promise<Record<string, unknown>> {
  return (await (await fetch(url)).json()) as Record<string, unknown>;
}

describe("an instance from its configuration", function () {
  this.timeout(60_000);
  let rig: RunRig;
  before(async () => {
    rig = await RunRig.shared();
  });

  it("agrees, keeps, records and answers; stopped, it goes on where it was", async () => {
    const [config, time] = [rig.config("whole"), rig.before(4)];
    const [BTC, INVERSE] = config.catalog.feeds.map(({ id }) => id) as [number, number];
    const first = new Watch();
    const one = await rig.open(config, first.listener);
    await first.recorded(time);

    // New stores sit out two ticks: nothing of before that is voted on.
    expect(first.signerPages).to.deep.equal([1, 2, 3, 4].map((n) => `signer-${n} sitOut`));
    expect(first.reports[0]!.time).to.be.within(time - 2, time);
    const report = first.reports.find((found) => found.time === time)!;
    expect(report.signatures).to.have.length(3);

    const [price, inverse] = report.prices as unknown as [bigint, bigint];
    const chain = await one.instance.view.chainFixing(BTC, time);
    expect(chain).to.deep.include({ status: "provisional", price });
    expect(await rig.deployed.oracle.fixing(INVERSE, time).catch(() => null)).to.equal(null); // not final yet
    expect((await one.instance.view.chainFixing(INVERSE, time)).price).to.equal(inverse);
    // Each is the median of what four signers saw, and these may be two signers: a price of one, the inverse of another.
    const exact = 10n ** 12n / price;
    expect(
      inverse > (exact * 999n) / 1_000n && inverse < (exact * 1_001n) / 1_000n,
      `${inverse}, ${exact}`,
    ).to.equal(true);

    const latest = await json(`${one.apiUrl}/v1/feeds/BTC-JPY/latest`);
    expect(latest["agreed"]).to.deep.nested.include({ status: "priced", "price.mark": "SIMULATED" });
    expect(latest["chain"]).to.deep.include({ status: "recorded" });
    const answer = await json(`${one.apiUrl}/v1/feeds/BTC-JPY/fixings/${time}`);
    expect(answer).to.deep.nested.include({ status: "provisional", "report.root": `0x${report.root}` });
    expect(answer).to.nested.include({ "price.units": String(price) });
    expect(await json(`${one.apiUrl}/ready`)).to.include({ ready: true });

    await one.close();
    expect(await fetch(`${one.apiUrl}/live`).catch((error: unknown) => String(error))).to.contain(
      "fetch failed",
    );

    // The second process over the same files.
    const second = new Watch();
    const two = await rig.open(config, second.listener);
    await second.until(() => second.reports.length >= 2);
    await two.close();
    expect(second.signerPages, "its stores are the ones last stopped with").to.deep.equal([]);
    const times = [...first.reports, ...second.reports].map((found) => found.time);
    expect(new Set(times).size, "no time has two reports").to.equal(times.length);

    const ledger = await rig.ledger("whole");
    for (const { time: observedAt, root } of [...first.reports, ...second.reports])
      expect(await ledger.report(observedAt)).to.include({ root, provenance: "simulated", epoch: 0 });
    expect(await ledger.fixingTimes(0, time)).to.deep.equal([time]);
    expect(await ledger.verifyAudit()).to.include({ intact: true });
    const tick = (await ledger.tick(time))!;
    expect(tick).to.deep.include({ root: report.root, provenance: "simulated" });
    expect(tick.observed.map(({ inputs }) => inputs.length)).to.deep.equal([4, 1]);
    expect(tick.verdicts, "both are sent").to.have.length(2).and.not.to.include("none");
    await ledger.close();

    // What the ledger could not write down when it was agreed, it gets from the signer's store at the next start.
    rig.loseLedger("whole");
    const third = new Watch();
    await (await rig.open(config, third.listener)).close();
    const again = await rig.ledger("whole");
    expect(await again.fixingTimes(0, time)).to.deep.equal([time]);
    expect(await again.report(time)).to.deep.include({ root: report.root, prices: report.prices });
    await again.close();
  });

  it("pages when a key is disabled, goes on with the others, and brings what is late once it can", async () => {
    const [config, time] = [rig.config("disabled"), rig.before(4)];
    const [BTC] = config.catalog.feeds.map(({ id }) => id) as [number];
    const first = new Watch();
    const one = await rig.open(config, first.listener);
    await rig.disable(rig.signers[3]!);
    await rig.disable(rig.sender);
    await first.until(() => first.reports.some((report) => report.time >= time + 1));
    await first.until(() => first.signerPages.includes("signer-4 kms"));
    await first.until(() => first.relayerPages.length > 0);

    const kms = first.pages.find(
      (page) => "page" in page && page.page.reason === "kms" && page.from === "signer",
    )!;
    expect(JSON.stringify(kms)).to.contain(rig.signers[3]!.keyArn).and.to.contain("DisabledException");
    const [page] = first.relayerPages;
    expect(page).to.include({ reason: "kms" });
    expect(page!.message).to.contain(rig.sender.keyArn).and.to.contain("DisabledException");
    const report = first.reports.find((found) => found.time === time)!;
    expect(report.signatures.map(({ index }) => index)).to.deep.equal([0, 1, 2]);
    const ready = await json(`${one.apiUrl}/ready`);
    expect(ready["ready"]).to.equal(false);
    const reason = "KMS does not sign for the sender. Check the key's state and policy.";
    expect(ready["checks"]).to.deep.include({ name: "relayer", ok: false, reason });
    expect(JSON.stringify(ready), "account numbers are for the log and the ledger").not.to.contain("arn:");
    expect(await one.instance.view.chainFixing(BTC, time)).to.include({ status: "none" });
    expect(first.failures).to.deep.equal([]);
    await one.close();

    await rig.enable(rig.sender);
    await rig.enable(rig.signers[3]!);
    // A check opens all of it, and takes part in nothing: what is late stays so.
    const checked = new Watch();
    const looked = await rig.open(config, checked.listener, { checkOnly: true });
    await looked.instance.relayer.idle();
    expect(await looked.instance.view.chainFixing(BTC, time)).to.include({ status: "none" });
    expect(await fetch(`${looked.apiUrl}/live`).catch((error: unknown) => String(error))).to.contain(
      "fetch failed",
    );
    await looked.close();
    expect([checked.reports, checked.judgements, checked.events]).to.deep.equal([[], [], []]);

    const second = new Watch();
    const two = await rig.open(config, second.listener);
    await second.recorded(time);
    expect((await two.instance.view.chainFixing(BTC, time)).price).to.equal(report.prices[0]);
    await second.until(() => second.reports.length > 0);
    await two.close();
    expect(second.signerPages, "the check has left the stores as they were").to.deep.equal([]);

    const ledger = await rig.ledger("disabled");
    const tick = (await ledger.tick(time))!;
    expect(
      tick.observed.map(({ inputs }) => inputs.length),
      "as it was seen at the time",
    ).to.deep.equal([4, 1]);
    expect(tick.verdicts, "both are sent").to.have.length(2).and.not.to.include("none");
    expect(await ledger.verifyAudit()).to.include({ intact: true });
    await ledger.close();
  });

  it("asks real venues as the one address that it is, however many signers it has", async () => {
    const file = { ...rig.file(), catalog: unreachableCatalog(2) };
    const watch = new Watch();
    const market = { provenance: "live", origins: new Map<string, string>() } as const;
    const one = await rig.open(rig.config("one-address", file), watch.listener, {
      market,
    });
    await watch.until(() => watch.sources.length >= 12);
    await one.close();
    const first = watch.sources.slice(0, 12);
    for (const house of UNREACHABLE) {
      const kinds = first.filter(({ source }) => source === house).map(({ kind }) => kind);
      // Half of two a minute is one for all four; the others wait for their turn.
      expect(kinds.sort(), house).to.deep.equal(["failed", "waiting", "waiting", "waiting"]);
    }
  });

  describe("where something is not as it says", () => {
    /** Why it does not open; it has left nothing on disk, and let go of what it had. */
    const refusal = async (name: string, file: object = rig.file()): Promise<Error> => {
      const error = await rejection(rig.open(rig.config(name, file)));
      expect(rig.hasData(name), "nothing was started").to.equal(false);
      return error;
    };
    const withChain = (change: object) => {
      const file = rig.file();
      return { ...file, chains: [{ ...file.chains[0]!, ...change }] };
    };

    it("refuses a key that is disabled, before anything is started", async () => {
      const [, , third] = rig.signers;
      await rig.disable(third!);
      const error = await refusal("refused");
      await rig.enable(third!);
      expect(error).to.be.instanceOf(KmsSigningError);
      expect(error.message).to.contain(third!.keyArn).and.to.contain("DisabledException");
    });

    it("refuses a node of another chain", async () => {
      const other = await startChain();
      await other.provider.request({ method: "hardhat_mine", params: [] });
      const served = await ServedChain.start(other);
      served.interference.before = ({ method }) =>
        method === "eth_chainId" ? { result: "0xaa36a7" } : undefined;
      const error = await refusal("refused", withChain({ rpcUrl: served.url }));
      await served.stop();
      expect(error).to.be.instanceOf(WrongChainError);
      expect(error.message).to.match(
        /serves chain 11155111, not 31337\. Nothing was sent\. Point the relayer at/,
      );
    });

    it("refuses a node that answers in HTML, is not there, or has no oracle", async () => {
      const empty = await ServedChain.start(await startChain());
      expect((await refusal("refused", withChain({ rpcUrl: empty.url }))).message).to.match(
        /There is no contract at 0x\w+ on chain 31337 .*Is it deployed there/,
      );
      empty.interference.answer = (response) => {
        response.setHeader("content-type", "text/html");
        response.end("<html><title>Sign in</title></html>");
        return true;
      };
      expect((await refusal("refused", withChain({ rpcUrl: empty.url }))).message).to.contain(
        "answered, but not in JSON-RPC",
      );
      await empty.stop();
      expect((await refusal("refused", withChain({ rpcUrl: empty.url }))).message).to.match(
        /cannot be reached \(ECONNREFUSED\)\. Is the node running/,
      );
    });

    it("refuses another network's oracle, and a book of another network, mode or chain", async () => {
      const file = rig.file();
      const problem = async (changed: object) => (await refusal("refused", changed)).message;
      expect(await problem({ ...file, network: { name: "elsewhere", mode: "test" } })).to.match(
        /chains\[0\]\.addressBook: the network is elsewhere here and run-rig in .*is it the right book\?/,
      );
      expect(await problem(withChain({ chainId: 5 }))).to.match(/the chain id is 5 here and 31337 in/);
      expect(await problem(withChain({ addressBook: "none.json" }))).to.match(/addressBook: ENOENT/);
      expect(await problem(withChain({ addressBook: "refused.json" }))).to.contain("is not an address book");
    });

    it("refuses to run some of the members only, or to relay to two chains", async () => {
      const file = rig.file();
      const [chain] = file.chains;
      const message = async (changed: object) => (await refusal("refused", changed)).message;
      expect(await message({ ...file, signers: file.signers.slice(1) })).to.match(
        /signers: the epoch has 4 members, this process runs 3 of them/,
      );
      expect(await message({ ...file, chains: [chain, { ...chain, name: "second", chainId: 5 }] })).to.match(
        /chains: one instance relays to one chain, 2 are named; run an instance for each/,
      );
    });

    it("refuses a port that was named and is taken, and passes over the default one", async () => {
      const taken = createServer();
      await once(taken.listen(0, "127.0.0.1"), "listening");
      const { port } = taken.address() as AddressInfo;
      const error = await refusal("refused", { ...rig.file(), api: { port } });
      taken.close();
      expect(error.message).to.match(
        new RegExp(`port ${port} is taken by another program; give api\\.port another one`),
      );
      const preferred = createServer();
      // Taken by us, or by somebody else already. Not events.once: where that waits for listening, an error rejects it.
      await new Promise((settled) =>
        preferred.once("listening", settled).once("error", settled).listen(DEFAULT_API_PORT, "127.0.0.1"),
      );
      const one = await rig.open(rig.config("passed-over"));
      expect(Number(new URL(one.apiUrl).port)).to.be.greaterThan(DEFAULT_API_PORT);
      expect((await fetch(`${one.apiUrl}/v1/feeds`)).status).to.equal(200);
      await one.close();
      preferred.close();
    });

    it("lets go of every file when a signer's store is in use by another process", async () => {
      const config = rig.config("locked");
      const one = await rig.open(config);
      await one.close();
      const lock = new SqliteStore(
        path.join(config.dataDirectory, "signer-3.db"),
        path.join(config.dataDirectory, "signer-3.witness"),
        "process",
      );
      const error = await rejection(rig.open(config));
      expect(error.message).to.match(/signer-3\.db cannot be opened; is another signer using it\?/);
      lock.close();
      const again = await rig.open(config);
      await again.close();
    });
  });
});
