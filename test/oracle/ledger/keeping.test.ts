import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { type Ledger, LedgerError } from "../../../oracle/ledger/ledger.ts";
import { DAY } from "../../../oracle/ledger/retention.ts";
import type { TickRecord } from "../../../oracle/ledger/tick-record.ts";
import { rejection } from "../../utils/rejection.ts";
import { attempt, FIXING, intentAt, reportAt, Rig } from "./rig.ts";

const MIDNIGHT = Math.floor(FIXING / DAY) * DAY;
const tickAt = (time: number): TickRecord => ({
  ...{
    time,
    provenance: "live",
    epoch: 1,
    root: null,
    observed: [],
    decision: null,
    verdicts: ["heartbeat"],
  },
});

describe("how long the ledger keeps", () => {
  let rig: Rig;
  let ledger: Ledger;
  beforeEach(async () => {
    rig = new Rig();
    ledger = await rig.open();
  });
  afterEach(() => rig.end());

  /** Which of these times have an ordinary report or one of a fixing, a verdict, a tick record. */
  const kept = async (times: readonly number[]): Promise<Record<string, number[]>> => {
    const found = async (has: (time: number) => Promise<boolean>): Promise<number[]> => {
      const yes: number[] = [];
      for (const time of times) if (await has(time)) yes.push((time - MIDNIGHT) / 10);
      return yes;
    };
    return {
      reports: await found(async (time) => (await ledger.report(time)) !== null),
      verdicts: await found(async (time) => (await ledger.verdicts(time, time)).length > 0),
      ticks: await found(async (time) => (await ledger.tick(time)) !== null),
    };
  };

  it("is 93 days for verdicts and ordinary reports, 400 for tick records, for ever for fixings", async () => {
    // The last tick of a day, the first of the next, which is a fixing, and the one after it.
    const times = [MIDNIGHT - 10, MIDNIGHT, MIDNIGHT + 10];
    for (const time of times) {
      await ledger.putReport(reportAt(time));
      ledger.putTick(tickAt(time));
    }
    const all = [-1, 0, 1];
    const steps: [days: number, seconds: number, reports: number[], verdicts: number[], ticks: number[]][] = [
      [93, -1, all, all, all],
      [93, 0, [0, 1], [0, 1], all],
      [94, -1, [0, 1], [0, 1], all],
      [94, 0, [0], [], all],
      [400, -1, [0], [], all],
      [400, 0, [0], [], [0, 1]],
      [401, 0, [0], [], []],
    ];
    for (const [days, seconds, reports, verdicts, ticks] of steps) {
      await ledger.prune(MIDNIGHT + days * DAY + seconds);
      expect(await kept(times), `${days} days and ${seconds} s later`).to.deep.equal({
        reports,
        verdicts,
        ticks,
      });
      expect(await ledger.verifyAudit()).to.include({ intact: true });
    }
  });

  it("is written down with what went, never goes back, and leaves transmissions alone", async () => {
    await ledger.putReport(reportAt(MIDNIGHT + 10));
    ledger.putTick(tickAt(MIDNIGHT));
    await ledger.flush();
    const { id } = await ledger.openTransmission(intentAt(MIDNIGHT + 10), 0);
    await ledger.putAttempt(id, attempt("1"));
    const keptFrom = {
      verdicts: MIDNIGHT + 907 * DAY,
      reports: MIDNIGHT + 907 * DAY,
      ticks: MIDNIGHT + 600 * DAY,
    };
    expect(await ledger.prune(FIXING + 1000 * DAY)).to.deep.equal({
      keptFrom,
      deleted: { verdicts: 1, reports: 1, tickRecords: 1 },
    });
    const back = await ledger.prune(FIXING);
    expect(back).to.deep.equal({ keptFrom, deleted: { verdicts: 0, reports: 0, tickRecords: 0 } });
    const rows = await ledger.auditRows(ledger.writer, 0, 99);
    expect(rows.at(-1)).to.deep.include({ kind: "pruned", body: back });
    expect(await ledger.transmission(id)).to.deep.include({ attempts: [attempt("1")] });
  });

  it("is no excuse for a fixing that is gone", async () => {
    await ledger.putReport(reportAt(MIDNIGHT));
    await ledger.putReport(reportAt(MIDNIGHT + 10));
    await ledger.prune(MIDNIGHT + 500 * DAY);
    expect(await ledger.verifyAudit()).to.include({ intact: true });
    await rig.tamper((database) => {
      database.exec("DELETE FROM report");
    });
    const verdict = await (await rig.open()).verifyAudit();
    expect(verdict).to.include({ intact: false, flaw: "content", seq: 2 });
  });

  it("does not hinder tick records that come after: the next one is whole, and numbers are not used again", async () => {
    for (let i = 0; i < 3; i++) ledger.putTick(tickAt(MIDNIGHT + 10 * i));
    await ledger.flush();
    await ledger.prune(MIDNIGHT + 401 * DAY);
    ledger.putTick(tickAt(MIDNIGHT + 30));
    expect(await ledger.tick(MIDNIGHT + 30)).to.deep.equal(tickAt(MIDNIGHT + 30));
    await rig.tamper((database) => {
      const [row] = database.prepare("SELECT number, whole FROM tick").all();
      expect({ ...row }).to.deep.equal({ number: 4, whole: 4 });
    });
  });
});

describe("a backup of the ledger", () => {
  let rig: Rig;
  let ledger: Ledger;
  beforeEach(async () => {
    rig = new Rig();
    ledger = await rig.open();
  });
  afterEach(() => rig.end());

  it("is a whole ledger of its own, as of its time, with its chains", async () => {
    await ledger.putReport(reportAt(FIXING));
    ledger.putTick(tickAt(FIXING));
    const file = join(rig.folder, "backup.db");
    await ledger.backup(file);
    await ledger.putReport(reportAt(FIXING + 10));
    const copy = await rig.open({ file });
    expect(await copy.report(FIXING)).to.deep.equal(reportAt(FIXING));
    expect(await copy.tick(FIXING)).to.deep.equal(tickAt(FIXING));
    expect(await copy.report(FIXING + 10)).to.equal(null);
    expect(await copy.verifyAudit()).to.include({ intact: true });
    const rows = await ledger.auditRows(ledger.writer, 0, 99);
    expect(rows.find(({ kind }) => kind === "backup")?.body).to.deep.equal({ file });
  });

  it("never overwrites a file, and says why there is none", async () => {
    const file = join(rig.folder, "letter.txt");
    writeFileSync(file, "dear bank");
    for (const path of [file, join(rig.folder, "nowhere", "backup.db")]) {
      const error = await rejection(ledger.backup(path));
      expect(error).to.be.instanceOf(LedgerError);
      expect(error.message).to.contain(path);
    }
    expect(existsSync(join(rig.folder, "nowhere"))).to.equal(false);
    await ledger.putReport(reportAt(FIXING));
    expect(await ledger.verifyAudit()).to.include({ intact: true, rows: 2 });
  });
});
