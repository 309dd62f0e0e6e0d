import { expect } from "chai";

import { type Ledger, LedgerConflict } from "../../../oracle/ledger/ledger.ts";
import { rejection } from "../../utils/rejection.ts";
import { FIXING, reportAt, Rig } from "./rig.ts";

describe("reports in the ledger", () => {
  let rig: Rig;
  let ledger: Ledger;
  beforeEach(async () => {
    rig = new Rig();
    ledger = await rig.open();
  });
  afterEach(() => rig.end());

  it("come back as they were, also from a file opened again", async () => {
    await ledger.putReport(reportAt(FIXING));
    expect(await ledger.report(FIXING)).to.deep.equal(reportAt(FIXING));
    await ledger.close();
    const again = await rig.open();
    expect(await again.report(FIXING)).to.deep.equal(reportAt(FIXING));
    expect(await again.report(FIXING + 10)).to.equal(null);
  });

  it("are found as the newest one, and the newest at or before a time", async () => {
    expect(await ledger.newestReport()).to.equal(null);
    for (const time of [FIXING + 20, FIXING, FIXING + 10]) await ledger.putReport(reportAt(time));
    const times = await Promise.all(
      [undefined, FIXING + 19, FIXING + 10, FIXING - 1].map((time) => ledger.newestReport(time)),
    );
    expect(times.map((report) => report?.observedAt ?? null)).to.deep.equal([
      FIXING + 20,
      FIXING + 10,
      FIXING + 10,
      null,
    ]);
  });

  it("of fixing times are listed from one time to another, both in, at most 1,000", async () => {
    for (const time of [FIXING, FIXING + 10, FIXING + 300, FIXING + 600, FIXING + 900])
      await ledger.putReport(reportAt(time));
    expect(await ledger.fixingTimes(FIXING, FIXING + 600)).to.deep.equal([
      FIXING,
      FIXING + 300,
      FIXING + 600,
    ]);
    expect(await ledger.fixingTimes(FIXING + 1, FIXING + 299)).to.deep.equal([]);
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) => ledger.putReport(reportAt(FIXING + 1200 + 300 * i))),
    );
    const times = await ledger.fixingTimes(FIXING, FIXING + 10_000_000);
    expect([times.length, times.at(-1)]).to.deep.equal([1000, FIXING + 1200 + 300 * 995]);
  });

  it("are kept once: the same one again, even from other signers, changes nothing", async () => {
    await ledger.putReport(reportAt(FIXING));
    await ledger.putReport(reportAt(FIXING, { head: Uint8Array.of(9) }));
    expect((await ledger.report(FIXING))?.head).to.deep.equal(Uint8Array.of(1, 2, 255));
    const rows = await ledger.auditRows(ledger.writer, 0, 100);
    expect(rows.map(({ kind }) => kind)).to.deep.equal(["started", "report"]);
  });

  it("contradict none: another one for the same time is refused, with both roots", async () => {
    await ledger.putReport(reportAt(FIXING));
    const other = "c".repeat(64);
    const error = await rejection(ledger.putReport(reportAt(FIXING, { root: other })));
    expect(error).to.be.instanceOf(LedgerConflict);
    expect(error.message).to.contain(reportAt(FIXING).root).and.to.contain(other);
    for (const over of [
      { prices: BigInt64Array.of(1n) },
      { epoch: 4 },
      { bundles: [0] },
      { provenance: "live" as const },
    ]) {
      const refusal = await rejection(ledger.putReport(reportAt(FIXING, over)));
      expect(refusal).to.be.instanceOf(LedgerConflict);
      expect(refusal.message).to.contain("another report with that root");
    }
    expect(await ledger.report(FIXING)).to.deep.equal(reportAt(FIXING));
  });

  it("whose root is no root are refused whole", async () => {
    const error = await rejection(ledger.putReport(reportAt(FIXING, { root: "ab" })));
    expect(error.name).to.equal("LedgerError");
    expect(await ledger.report(FIXING)).to.equal(null);
    expect(await ledger.verifyAudit()).to.include({ intact: true, rows: 1 });
  });
});
