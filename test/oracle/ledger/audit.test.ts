import { copyFileSync } from "node:fs";

import { expect } from "chai";
import type { DatabaseSync } from "node:sqlite";

import { GENESIS } from "../../../oracle/ledger/audit-chain.ts";
import type { Ledger } from "../../../oracle/ledger/ledger.ts";
import type { TickRecord } from "../../../oracle/ledger/tick-record.ts";
import { rejection } from "../../utils/rejection.ts";
import { attempt, FIXING, intentAt, reportAt, Rig } from "./rig.ts";

const TICK: TickRecord = {
  ...{
    time: FIXING,
    provenance: "simulated",
    epoch: 1,
    root: null,
    observed: [],
    decision: null,
    verdicts: [],
  },
};

/** Something of every kind. */
async function fill(ledger: Ledger): Promise<void> {
  await ledger.putReport(reportAt(FIXING));
  await ledger.putReport(reportAt(FIXING + 10));
  ledger.putTick(TICK);
  await ledger.flush();
  const { id } = await ledger.openTransmission(intentAt(FIXING), 0);
  await ledger.putAttempt(id, attempt("1"));
  await ledger.closeTransmission(id, {
    kind: "reverted",
    hash: attempt("1").hash,
    block: 5,
    reason: "Stale",
  });
  await ledger.audit("page", { to: "duty", amount: 2n ** 64n });
}

describe("the audit rows of the ledger", () => {
  let rig: Rig;
  /** With rows of two writers: the first filled it. */
  let filled: Rig;
  before(async () => {
    filled = new Rig();
    await fill(await filled.open());
    await filled.close();
    await (await filled.open()).close();
  });
  after(() => filled.end());
  beforeEach(() => {
    rig = new Rig();
  });
  afterEach(() => rig.end());

  it("tell of every write, numbered without gaps, each continuing the one before", async () => {
    const ledger = await rig.open({ versions: { nakane: "0.1.0" } });
    await fill(ledger);
    const rows = await ledger.auditRows(ledger.writer, 0, 100);
    expect(rows.map(({ seq, kind }) => [seq, kind])).to.deep.equal([
      [1, "started"],
      [2, "report"],
      [3, "report"],
      [4, "ticks"],
      [5, "intent"],
      [6, "attempt"],
      [7, "outcome"],
      [8, "page"],
    ]);
    expect(rows.map(({ previous }) => previous)).to.deep.equal([
      GENESIS,
      ...rows.slice(0, -1).map(({ hash }) => hash),
    ]);
    expect(rows[0]!.body).to.deep.include({ durability: "process" });
    expect(rows[0]!.body["versions"]).to.include({
      ...{ nakane: "0.1.0", node: process.versions.node, sqlite: process.versions["sqlite"], schema: "1" },
    });
    expect(rows[7]!.body).to.deep.equal({ to: "duty", amount: "18446744073709551616" });
    expect(rows.every(({ time }) => time === FIXING * 1000)).to.equal(true);
    expect(await ledger.auditRows(ledger.writer, 2, 3)).to.deep.equal(rows.slice(2, 5));
    expect(await ledger.auditRows("nobody", 0, 3)).to.deep.equal([]);
    expect(await ledger.verifyAudit()).to.deep.equal({
      intact: true,
      rows: 8,
      heads: await ledger.auditHeads(),
    });
  });

  it("make one chain of each start, linked to the one before; two starts in one millisecond are two", async () => {
    const first = await rig.open();
    await first.close();
    await rig.clock.advance(1);
    const second = await rig.open({ instance: "tokyo-2" });
    await second.close();
    const third = await rig.open({ instance: "tokyo-2" });
    expect([first.writer, second.writer, third.writer]).to.deep.equal([
      "tokyo-1 2026-11-26T03:00:00.000Z",
      "tokyo-2 2026-11-26T03:00:00.001Z",
      "tokyo-2 2026-11-26T03:00:00.001Z (2)",
    ]);
    const heads = await third.auditHeads();
    expect(heads.map(({ writer, seq }) => [writer, seq])).to.deep.equal([
      [first.writer, 2],
      [second.writer, 2],
      [third.writer, 1],
    ]);
    const [started] = await third.auditRows(third.writer, 0, 1);
    expect(started?.previous).to.equal(heads[1]!.hash);
    expect(await third.verifyAudit()).to.deep.equal({ intact: true, rows: 5, heads });
  });

  it("take what people note as JSON, and refuse what is none before anything is written", async () => {
    const ledger = await rig.open();
    expect(await rejection(ledger.audit("command", { at: Number.NaN }))).to.be.instanceOf(TypeError);
    const row = await ledger.audit("command", { z: 1, a: [Uint8Array.of(1)] });
    expect(row).to.deep.include({ seq: 2, kind: "command", body: { z: 1, a: ["0x01"] } });
    expect(await ledger.auditRows(ledger.writer, 1, 9)).to.deep.equal([row]);
  });

  it("are verified in slices, with writes between them", async () => {
    const ledger = await rig.open();
    await Promise.all(Array.from({ length: 2500 }, (_, i) => ledger.audit("page", { i })));
    const verdict = ledger.verifyAudit();
    const between = ledger.putReport(reportAt(FIXING));
    let written = false;
    void between.then(() => {
      written = true;
    });
    const result = await verdict;
    expect([written, result.intact && result.rows]).to.deep.equal([true, 2502]);
  });

  it("cannot be changed or deleted by SQL; nor can reports, ticks, intents, outcomes and attempts", async () => {
    const ledger = await rig.open();
    await fill(ledger);
    await rig.close();
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(rig.file);
    for (const sql of [
      "UPDATE audit SET body = '{}'",
      "DELETE FROM audit",
      "UPDATE report SET epoch = 9",
      "DELETE FROM report",
      "UPDATE tick SET body = x''",
      "DELETE FROM tick",
      "UPDATE transmission SET nonce = 9",
      "UPDATE transmission SET outcome = NULL, ended = NULL",
      "DELETE FROM transmission",
      "UPDATE attempt SET raw = ''",
      "DELETE FROM attempt",
    ])
      expect(() => {
        database.exec(sql);
      }, sql).to.throw(/never|kept/);
    database.close();
  });

  const attacks: Record<string, [(database: DatabaseSync) => void, { flaw: string; seq: number }]> = {
    "an altered body": [
      (db) => {
        db.exec("UPDATE audit SET body = replace(body, 'duty', 'none') WHERE kind = 'page'");
      },
      { flaw: "altered", seq: 8 },
    ],
    "another time": [
      (db) => {
        db.exec("UPDATE audit SET at = at + 1 WHERE seq = 3 AND writer = 1");
      },
      { flaw: "altered", seq: 3 },
    ],
    "another writer's name": [
      (db) => {
        db.exec("UPDATE writer SET name = 'osaka' WHERE number = 1");
      },
      { flaw: "altered", seq: 1 },
    ],
    "a writer without a name": [
      (db) => {
        db.exec("DELETE FROM writer WHERE number = 1");
      },
      { flaw: "altered", seq: 1 },
    ],
    "a deleted row": [
      (db) => {
        db.exec("DELETE FROM audit WHERE seq = 5 AND writer = 1");
      },
      { flaw: "missing", seq: 5 },
    ],
    "two rows that changed places": [
      (db) => {
        db.exec(`UPDATE audit SET seq = -3 WHERE seq = 3 AND writer = 1;
          UPDATE audit SET seq = 3 WHERE seq = 6 AND writer = 1; UPDATE audit SET seq = 6 WHERE seq = -3`);
      },
      { flaw: "reordered", seq: 3 },
    ],
    "a chain whose end is gone, though another follows": [
      (db) => {
        db.exec("DELETE FROM audit WHERE seq >= 8 AND writer = 1");
      },
      { flaw: "unlinked", seq: 1 },
    ],
    "a report with another price": [
      (db) => {
        db.exec(
          "UPDATE report SET prices = (SELECT prices FROM report WHERE observed_at % 300 <> 0) WHERE observed_at % 300 = 0",
        );
      },
      { flaw: "content", seq: 2 },
    ],
    "a report that is gone": [
      (db) => {
        db.exec("DELETE FROM report WHERE observed_at % 300 = 0");
      },
      { flaw: "content", seq: 2 },
    ],
    "a tick record with other bytes": [
      (db) => {
        db.exec("UPDATE tick SET body = x'00'");
      },
      { flaw: "content", seq: 4 },
    ],
    "a tick record that is gone": [
      (db) => {
        db.exec("DELETE FROM tick");
      },
      { flaw: "content", seq: 4 },
    ],
    "an intent for another chain": [
      (db) => {
        db.exec("UPDATE transmission SET chain_id = 1");
      },
      { flaw: "content", seq: 5 },
    ],
    "an attempt with other bytes": [
      (db) => {
        db.exec("UPDATE attempt SET raw = '0x00'");
      },
      { flaw: "content", seq: 6 },
    ],
    "an outcome undone": [
      (db) => {
        db.exec("UPDATE transmission SET ended = NULL, outcome = NULL");
      },
      { flaw: "content", seq: 7 },
    ],
    "a report that nobody put": [
      (db) => {
        db.exec(
          "INSERT INTO report SELECT observed_at + 600, epoch, root, provenance, bundles, prices, head FROM report LIMIT 1",
        );
      },
      { flaw: "unaudited", seq: 1 },
    ],
    "a time from which on all is kept, moved by hand": [
      (db) => {
        db.exec("UPDATE kept_from SET ticks = 5");
      },
      { flaw: "unaudited", seq: 1 },
    ],
  };
  for (const [name, [attack, expected]] of Object.entries(attacks))
    it(`show ${name}`, async () => {
      copyFileSync(filled.file, rig.file);
      await rig.tamper(attack);
      const verdict = await (await rig.open()).verifyAudit();
      expect(verdict).to.include({ intact: false, ...expected });
      expect(verdict).to.have.property("detail").that.matches(/\.$/);
    });

  it("lost at the very end are missed by whoever noted a head, and by nobody else", async () => {
    const ledger = await rig.open();
    await fill(ledger);
    const [head] = await ledger.auditHeads();
    await rig.tamper((database) => {
      database.exec("DELETE FROM audit WHERE seq > 7");
    });
    const again = await rig.open();
    expect(await again.verifyAudit()).to.include({ intact: true });
    expect(await again.verifyAudit([head!])).to.include({
      intact: false,
      flaw: "truncated",
      seq: 8,
      writer: head!.writer,
    });
    const [, noted] = await again.auditHeads();
    expect(await again.verifyAudit([noted!])).to.include({ intact: true });
    const forged = { ...noted!, hash: "e".repeat(64) };
    expect(await again.verifyAudit([forged])).to.include({ intact: false, flaw: "truncated", seq: 1 });
    expect(await again.verifyAudit([{ ...noted!, writer: "gone" }])).to.include({
      flaw: "truncated",
      seq: 1,
      writer: "gone",
    });
  });
});
