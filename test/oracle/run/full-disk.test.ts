import path from "node:path";
import { DatabaseSync } from "node:sqlite";

import { expect } from "chai";

import { LedgerError } from "../../../oracle/ledger/ledger.ts";
import { RunRig } from "./run-rig.ts";
import { Watch } from "./watch.ts";

describe("an instance on a full disk", function () {
  this.timeout(60_000);
  let rig: RunRig;
  before(async () => {
    rig = await RunRig.shared();
  });

  it("says so, is not ready, carries nothing that is not kept, and goes on where there is space again", async () => {
    const config = rig.config("full");
    rig.before(290);
    // What an instance has that has just begun, and room for a few ticks.
    const empty = await rig.open(config);
    await empty.close();
    const file = path.join(config.dataDirectory, "ledger.db");
    const database = new DatabaseSync(file);
    const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
    database.close();

    const first = new Watch();
    const one = await rig.open(config, first.listener, { maxPages: pages + 4 });
    await first.until(() => first.failures.length > 0);
    const [failure] = first.failures;
    expect(failure).to.be.instanceOf(LedgerError);
    expect(failure!.message)
      .to.contain(`No space left for the ledger ${file}`)
      .and.to.contain("Nothing was written by half")
      .and.to.contain("Make space on that disk");
    const kept = first.reports.map(({ time }) => time);
    const answer = await fetch(`${one.apiUrl}/ready`);
    const { checks } = (await answer.json()) as { checks: object[] };
    expect(answer.status).to.equal(503);
    expect(checks).to.deep.include({ name: "ledger", ok: false, reason: failure!.message });
    await one.close().catch((error: unknown) => {
      expect(error, "what waited is not on disk").to.be.instanceOf(LedgerError);
    });

    const ledger = await rig.ledger("full");
    expect(await ledger.verifyAudit()).to.include({ intact: true });
    for (const time of kept) expect((await ledger.report(time))?.observedAt).to.equal(time);
    const newest = (await ledger.newestReport())!;
    expect(newest.observedAt, "and nothing that was not told of").to.equal(Math.max(...kept));
    await ledger.close();

    const second = new Watch();
    const two = await rig.open(config, second.listener);
    await second.until(() => second.reports.length > 0);
    expect((await two.instance.view.readiness()).find(({ name }) => name === "ledger")).to.include({
      ok: true,
    });
    await two.close();
  });
});
