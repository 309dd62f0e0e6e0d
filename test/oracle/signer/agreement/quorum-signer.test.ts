import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { manualClock } from "../../../../oracle/clock.ts";
import { reportDigest } from "../../../../oracle/report/digest.ts";
import { recoverAddress } from "../../../../oracle/report/signature.ts";
import { ed25519Cryptography, identityOf } from "../../../../oracle/signer/ed25519.ts";
import type { Page, QuorumReport } from "../../../../oracle/signer/agreement/effects.ts";
import { decodeHeader } from "../../../../oracle/signer/agreement/decode-message.ts";
import type { StoreRecord } from "../../../../oracle/signer/agreement/store.ts";
import { MemoryNetwork } from "../../../../oracle/signer/memory-transport.ts";
import { QuorumSigner } from "../../../../oracle/signer/quorum-signer.ts";
import { MemoryStore } from "../../../../oracle/signer/store/memory-store.ts";
import { SqliteStore } from "../../../../oracle/signer/store/sqlite-store.ts";
import { epochFor, FIXING, type Keys, keysOf, signReport } from "./epoch-for-tests.ts";

/** Real keys, real disks, one process; only time is turned by hand. */
describe("signers over the in-process transport", function () {
  this.timeout(60_000);
  let folder: string;
  const running: QuorumSigner[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "nakane-quorum-"));
  });
  afterEach(() => {
    for (const signer of running.splice(0)) signer.stop();
    rmSync(folder, { recursive: true });
  });

  function begin(n: number, lie: (signer: number, price: bigint) => bigint = (_, price) => price) {
    const keys = keysOf(n);
    const epoch = epochFor(keys);
    const clock = manualClock(1000 * (FIXING - 45));
    const network = new MemoryNetwork();
    const reports = new Map<number, QuorumReport[]>();
    const pages: Page[] = [];
    const failures: Error[] = [];
    const stores = keys.map((_, i) => new SqliteStore(join(folder, `${i}.db`), join(folder, `${i}.witness`)));
    for (const [i, key] of keys.entries()) {
      const signer = new QuorumSigner({
        identity: identityOf(key.identity),
        epochs: [epoch],
        cryptography: ed25519Cryptography(key.identity),
        store: stores[i]!,
        transport: network.join(i),
        clock,
        observe: (time) =>
          Promise.resolve(BigInt64Array.of(lie(i, BigInt(1_000_000 + (time % 1000) + i)), 5_000_000n, 77n)),
        sign: (digest) => Promise.resolve(signReport(key, digest)),
        onReport: (report) => {
          reports.set(report.time, [...(reports.get(report.time) ?? []), report]);
        },
        onPage: (page) => pages.push(page),
        onFailure: (error) => failures.push(error),
      });
      running.push(signer);
      signer.start();
    }
    const live = async (seconds: number) => {
      for (let i = 0; i < seconds * 4; i++) await clock.advance(250);
    };
    return { epoch, reports, stores, pages, failures, live };
  }

  for (const n of [1, 4]) {
    it(`n = ${n}: after the sit-out of new stores every tick is reported, fixings too`, async () => {
      const { epoch, reports, pages, failures, live } = begin(n);
      await live(70);
      expect(failures).to.deep.equal([]);
      expect(pages.every(({ reason }) => reason === "sitOut")).to.equal(true);
      const until = FIXING - 45 + 20;
      const expected = [FIXING - 20, FIXING - 10, FIXING, FIXING + 10, FIXING + 20];
      expect([...reports.keys()].sort((a, b) => a - b)).to.deep.equal(expected);
      expect(Math.min(...reports.keys())).to.be.greaterThan(until);
      for (const [time, all] of reports) {
        expect(all).to.have.length(n);
        expect(new Set(all.map(({ root }) => root)).size).to.equal(1);
        const digest = reportDigest(epoch.domain, time, all[0]!.tree.root);
        for (const { signatures } of all) {
          expect(signatures).to.have.length(epoch.q);
          for (const { index, compact } of signatures) {
            expect(recoverAddress(digest, compact)).to.deep.equal(epoch.members[index]!.address);
          }
        }
      }
    });
  }

  it("leaves a signer out whose market is ten times too high, and pages its operator", async () => {
    const { reports, pages, live } = begin(4, (signer, price) => (signer === 3 ? price * 10n : price));
    await live(50);
    const [report] = reports.get(FIXING - 10)!;
    expect(report!.prices[0]! <= 1_001_002n).to.equal(true);
    expect(report!.signatures.map(({ index }) => index)).to.deep.equal([0, 1, 2]);
    expect(pages.some(({ reason }) => reason === "dissent")).to.equal(true);
  });

  it("says so and stops when its store fails, and the others go on", async () => {
    const { reports, stores, failures, live } = begin(4);
    await live(25);
    const write = stores[1]!.write.bind(stores[1]);
    stores[1]!.write = (records) => {
      if (records.some(({ kind }) => kind === "vote")) throw new Error("disk full");
      write(records);
    };
    await live(15);
    expect(failures.map(({ message }) => message)).to.deep.equal(["disk full"]);
    expect(reports.get(FIXING - 10)).to.have.length(3);
  });

  it("lets nothing leave that is not on disk: no message, no request to KMS", async () => {
    const [key] = keysOf(1) as [Keys];
    const clock = manualClock(1000 * (FIXING + 5));
    const store = new MemoryStore(true);
    const log: string[] = [];
    const signer = new QuorumSigner({
      identity: identityOf(key.identity),
      epochs: [epochFor([key])],
      cryptography: ed25519Cryptography(key.identity),
      store: Object.assign(Object.create(store) as MemoryStore, {
        load: (since: number) => store.load(since),
        close: () => undefined,
        write: (records: readonly StoreRecord[]) => {
          store.write(records);
          log.push(...records.map((record) => (record.kind === "vote" ? record.step : record.kind)));
        },
      }),
      transport: {
        send: (_, messages) => log.push(...messages.map((bytes) => `sent ${decodeHeader(bytes).kind}`)),
        receive: () => undefined,
        close: () => undefined,
      },
      clock,
      observe: () => Promise.resolve(BigInt64Array.of(1n, 2n, 3n)),
      sign: (digest) => {
        log.push("asked KMS");
        return Promise.resolve(signReport(key, digest));
      },
      onReport: () => log.push("reported"),
      onFailure: (error) => log.push(String(error)),
    });
    running.push(signer);
    signer.start();
    for (let i = 0; i < 30; i++) await clock.advance(250);
    for (const kind of ["obs", "prop", "prevote", "precommit", "sig"])
      expect(log.indexOf(kind), `${kind}: ${log.join(", ")}`).to.be.within(
        0,
        log.indexOf(`sent ${kind}`) - 1,
      );
    expect(log.indexOf("intent")).to.be.within(0, log.indexOf("asked KMS") - 1);
    expect(log.indexOf("report")).to.be.within(0, log.indexOf("reported") - 1);
  });
});
