import { expect } from "chai";

import type { Ledger } from "../../../oracle/ledger/ledger.ts";
import { LedgerError } from "../../../oracle/ledger/ledger.ts";
import type { TickRecord } from "../../../oracle/ledger/tick-record.ts";
import { DAY } from "../../../oracle/ledger/retention.ts";
import { rejection } from "../../utils/rejection.ts";
import { attempt, FIXING, intentAt, reportAt, Rig } from "./rig.ts";

/** A report that does not compress, of about 4 KB. */
const large = (time: number, feeds = 500) => {
  let state = BigInt(time);
  const next = (): bigint =>
    BigInt.asIntN(55, (state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n)));
  return reportAt(time, { prices: BigInt64Array.from({ length: feeds }, next) });
};
const tickAt = (time: number): TickRecord => ({
  ...{ time, provenance: "live", epoch: 1, root: null, decision: null },
  observed: Array.from(large(time, 3000).prices, (price) => ({
    price,
    abstention: "priced" as const,
    inputs: [],
  })),
  verdicts: ["initial"],
});

describe("a ledger on a full disk", () => {
  let rig: Rig;
  let ledger: Ledger;
  let batchErrors: Error[];
  beforeEach(async () => {
    rig = new Rig();
    batchErrors = [];
    ledger = await rig.open({ maxPages: 120, onBatchError: (error) => batchErrors.push(error) });
  });
  afterEach(() => rig.end());

  /** Puts ordinary reports until there is no space. */
  const fill = async (): Promise<{ last: number; error: Error }> => {
    for (let time = FIXING + 10; ; time += time % 300 === 290 ? 20 : 10) {
      try {
        await ledger.putReport(large(time));
      } catch (error) {
        return { last: time, error: error as Error };
      }
    }
  };

  it("refuses what it cannot keep, names the file, the free space and the remedy, and keeps the rest", async () => {
    const { last, error } = await fill();
    expect(error).to.be.instanceOf(LedgerError);
    expect(error.message)
      .to.contain(rig.file)
      .and.to.match(/has \d+ MB free/);
    expect(error.message).to.contain("Nothing was written by half").and.to.contain("at least 1000 MB");
    expect(error.cause).to.be.instanceOf(Error).with.property("message", "database or disk is full");
    expect(await ledger.report(last)).to.equal(null);
    expect(await ledger.report(FIXING + 10)).to.deep.equal(large(FIXING + 10));
    const { rows } = (await ledger.verifyAudit()) as { rows: number };
    await ledger.close().catch(() => undefined);
    const again = await rig.open();
    expect(await again.verifyAudit()).to.include({ intact: true });
    expect(rows).to.be.greaterThan(10);
    await rig.tamper((database) => {
      expect(database.prepare("PRAGMA integrity_check").get()).to.include({ integrity_check: "ok" });
    });
  });

  it("goes on by itself when there is space again", async () => {
    const { last } = await fill();
    const intent = { ...intentAt(FIXING), data: `0x${"12".repeat(8000)}` };
    expect(await rejection(ledger.openTransmission(intent, 4))).to.be.instanceOf(LedgerError);
    await ledger.prune(FIXING + 95 * DAY);
    await ledger.putReport(large(last));
    const { id, nonce } = await ledger.openTransmission(intent, 4);
    await ledger.putAttempt(id, attempt("1"));
    expect(nonce).to.equal(4);
    expect(await ledger.report(last)).to.deep.equal(large(last));
    expect(await ledger.verifyAudit()).to.include({ intact: true });
  });

  it("lets tick records wait, tells whoever asked to be told, and writes them when it can", async () => {
    await fill();
    ledger.putTick(tickAt(FIXING));
    await rig.clock.advance(1000);
    expect(await rejection(ledger.flush())).to.be.instanceOf(LedgerError);
    expect(batchErrors.map(({ name }) => name)).to.deep.equal(["LedgerError"]);
    ledger.putTick(tickAt(FIXING + 10));
    await rig.clock.advance(1000);
    expect(await rejection(ledger.tick(FIXING))).to.be.instanceOf(LedgerError);
    await ledger.prune(FIXING + 95 * DAY);
    for (const time of [FIXING, FIXING + 10]) expect(await ledger.tick(time)).to.deep.equal(tickAt(time));
    expect(batchErrors).to.have.length(2);
    expect(await ledger.verifyAudit()).to.include({ intact: true });
  });

  it("keeps the newest 60 ticks while it waits, and says in its chain how many it dropped", async () => {
    await fill();
    const record = (i: number): TickRecord => ({
      ...tickAt(FIXING + 10 * i),
      observed: i === 61 ? tickAt(FIXING).observed : [],
    });
    for (let i = 0; i < 62; i++) ledger.putTick(record(i));
    expect(await rejection(ledger.flush())).to.be.instanceOf(LedgerError);
    await ledger.prune(FIXING + 95 * DAY);
    const times = [0, 1, 2, 61].map(async (i) => (await ledger.tick(FIXING + 10 * i))?.time ?? null);
    expect(await Promise.all(times)).to.deep.equal([null, null, FIXING + 20, FIXING + 610]);
    ledger.putTick(record(3));
    await ledger.flush();
    const rows = await ledger.auditRows(ledger.writer, 0, 1000);
    expect(rows.filter(({ kind }) => kind === "ticks").map(({ body }) => body["dropped"])).to.deep.equal([
      2, 0,
    ]);
  });
});
