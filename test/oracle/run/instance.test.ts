import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { freePort } from "../../../oracle/api/free-port.ts";
import { manualClock } from "../../../oracle/clock.ts";
import { type Ledger, LedgerError } from "../../../oracle/ledger/ledger.ts";
import { openLedger } from "../../../oracle/ledger/open-ledger.ts";
import { Instance } from "../../../oracle/run/instance.ts";
import type { LocalMember } from "../../../oracle/run/quorum.ts";
import { SqliteStore } from "../../../oracle/signer/store/sqlite-store.ts";
import { CATALOG, FIXING } from "../api/world.ts";
import { rejection } from "../../utils/rejection.ts";

/** An instance with stores and a ledger of its own, whose node is never asked. What it does with a chain is shown elsewhere. */
describe("an instance that has not begun", () => {
  const clock = manualClock(FIXING * 1000);
  let folder: string;
  let ledger: Ledger;
  let instance: Instance;
  const failures: Error[] = [];
  const store = (i: number) =>
    new SqliteStore(path.join(folder, `${i}.db`), path.join(folder, `${i}.witness`), "process");
  const openedLedger = () =>
    openLedger({ file: path.join(folder, "ledger.db"), instance: "one", clock, durability: "process" });

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "nakane-instance-"));
    ledger = await openedLedger();
    const nobody = await freePort("node", 0, 0);
    failures.length = 0;
    instance = new Instance({
      clock,
      network: "local",
      mode: "test",
      provenance: "live",
      catalog: CATALOG,
      epochs: [],
      members: [1, 2].map((i) => ({ name: `signer-${i}`, store: store(i) }) as unknown as LocalMember),
      ledger,
      relayer: {
        node: { url: `http://127.0.0.1:${nobody}`, chainId: 1 },
        oracle: { address: `0x${"1".repeat(40)}`, codeHash: "0x" },
        signer: {
          address: `0x${"2".repeat(40)}`,
          signDigest: () => Promise.reject(new Error("never asked")),
        },
        fees: { cap: 1n, tip: 1n },
        policyOf: () => {
          throw new Error("never asked");
        },
      },
      listener: { onFailure: (error) => failures.push(error) },
    });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("lets go of every store and of the ledger when it is drained, once", async () => {
    instance.close();
    await instance.drain();
    for (const i of [1, 2]) store(i).close(); // locked for whoever has it open
    await (await openedLedger()).close();
  });

  it("has no plan of an epoch that it does not know", async () => {
    expect(() => instance.view.plan(7)).to.throw(RangeError, "there is no epoch 7 here");
    await instance.drain();
  });

  it("has failed when the ledger's disk is full, and says why it is not ready", async () => {
    const full = new LedgerError("No space left for the ledger.");
    instance.ledgerFailed(full);
    expect(failures).to.deep.equal([full]);
    expect(await instance.view.readiness()).to.deep.include({
      name: "ledger",
      ok: false,
      reason: "No space left for the ledger.",
    });
    await instance.drain();
  });

  it("goes on without a tick record that cannot be written down, and notes it", async () => {
    instance.ledgerFailed(new RangeError("units of 80 bits"));
    expect(failures).to.deep.equal([]);
    const rows = await ledger.auditRows(ledger.writer, 0, 10);
    expect(rows.at(-1)).to.deep.include({
      kind: "page",
      body: { from: "ledger", message: "units of 80 bits" },
    });
    await instance.drain();
  });

  it("says what stands between it and a chain that does not answer, and lives", async () => {
    const checks = await instance.view.readiness();
    const chain = checks.find(({ name }) => name === "chain")!;
    expect(chain.ok).to.equal(false);
    expect(chain.reason).to.match(/cannot be reached \(ECONNREFUSED\)\. Is the node running/);
    expect(await rejection(instance.view.chainLatest(CATALOG.feeds[0]!.id))).to.have.property(
      "name",
      "ChainUnreachable",
    );
    expect(instance.view.lastLoop()).to.equal(null);
    await instance.drain();
  });
});
