import { expect } from "chai";
import fc from "fast-check";

import type { DecisionInput } from "../../../oracle/ledger/decision/decide.ts";
import type { Ledger } from "../../../oracle/ledger/ledger.ts";
import type { TickRecord } from "../../../oracle/ledger/tick-record.ts";
import { tickRecord } from "./arbitraries.ts";
import { rejection } from "../../utils/rejection.ts";
import { FIXING, Rig } from "./rig.ts";

function recordAt(time: number, over: Partial<TickRecord> = {}): TickRecord {
  return {
    time,
    provenance: "simulated",
    epoch: 1,
    root: "a".repeat(64),
    observed: [
      {
        price: BigInt(time),
        abstention: "priced",
        inputs: [{ from: "gmo", units: 1n, time: 2, exclusion: "used" }],
      },
    ],
    decision: null,
    verdicts: ["none"],
    ...over,
  };
}

describe("tick records in the ledger", () => {
  let rig: Rig;
  let ledger: Ledger;
  beforeEach(async () => {
    rig = new Rig();
    ledger = await rig.open();
  });
  afterEach(() => rig.end());

  /** Audit rows of batches, as lists of times. */
  const batches = async (): Promise<number[][]> => {
    const rows = await ledger.auditRows(ledger.writer, 0, 1000);
    return rows
      .filter(({ kind }) => kind === "ticks")
      .map(({ body }) => (body["records"] as { time: number }[]).map(({ time }) => time));
  };

  it("come back exactly, in any order, whatever they are, also from a file opened again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(tickRecord, { minLength: 1, maxLength: 20 }), async (records) => {
        for (const record of records) ledger.putTick(record);
        await ledger.close();
        ledger = await rig.open();
        const newest = new Map(records.map((record) => [record.time, record]));
        for (const [time, record] of newest) expect(await ledger.tick(time)).to.deep.equal(record);
      }),
      { seed: 20261126, numRuns: 10 },
    );
    expect(await ledger.verifyAudit()).to.include({ intact: true });
  });

  it("come back from runs longer than one, and across midnight", async () => {
    const midnight = Math.floor(FIXING / 86_400) * 86_400;
    for (let i = -70; i < 70; i++) ledger.putTick(recordAt(midnight + 10 * i));
    for (let i = -70; i < 70; i++)
      expect(await ledger.tick(midnight + 10 * i)).to.deep.equal(recordAt(midnight + 10 * i));
    expect(await ledger.tick(midnight + 5)).to.equal(null);
    await rig.tamper((database) => {
      const runs = database
        .prepare("SELECT day, count(*) AS records FROM tick GROUP BY whole ORDER BY whole")
        .all();
      const day = midnight / 86_400;
      expect(runs.map((run) => ({ ...run }))).to.deep.equal([
        { day: day - 1, records: 60 },
        { day: day - 1, records: 10 },
        { day, records: 60 },
        { day, records: 10 },
      ]);
    });
  });

  it("are written a second after the first of a batch, by the clock", async () => {
    ledger.putTick(recordAt(FIXING));
    await rig.clock.advance(600);
    ledger.putTick(recordAt(FIXING + 10));
    await rig.clock.advance(399);
    expect(await batches()).to.deep.equal([]);
    await rig.clock.advance(1);
    expect(await batches()).to.deep.equal([[FIXING, FIXING + 10]]);
    ledger.putTick(recordAt(FIXING + 20));
    await rig.clock.advance(1000);
    expect(await batches()).to.deep.equal([[FIXING, FIXING + 10], [FIXING + 20]]);
  });

  it("are written earlier where there are 16 of them, where one is asked for, and on flush", async () => {
    for (let i = 0; i < 16; i++) ledger.putTick(recordAt(FIXING + i));
    expect((await batches()).map((batch) => batch.length)).to.deep.equal([16]);
    ledger.putTick(recordAt(FIXING + 100));
    await ledger.tick(FIXING);
    ledger.putTick(recordAt(FIXING + 200));
    await ledger.flush();
    await ledger.flush();
    expect((await batches()).map((batch) => batch.length)).to.deep.equal([16, 1, 1]);
  });

  it("leave a row for every verdict that is not `none`; a second record for a time takes the place of its rows", async () => {
    ledger.putTick(recordAt(FIXING, { verdicts: ["initial", "none", "heartbeat"] }));
    ledger.putTick(recordAt(FIXING + 10, { verdicts: ["none", "none", "none"] }));
    ledger.putTick(recordAt(FIXING + 20, { verdicts: ["none", "deviation", "none"] }));
    expect(await ledger.verdicts(FIXING, FIXING + 20)).to.deep.equal([
      { time: FIXING, place: 0, reason: "initial" },
      { time: FIXING, place: 2, reason: "heartbeat" },
      { time: FIXING + 20, place: 1, reason: "deviation" },
    ]);
    const late = recordAt(FIXING, { verdicts: ["none", "fixing", "none"] });
    ledger.putTick(late);
    expect(await ledger.verdicts(FIXING, FIXING + 19)).to.deep.equal([
      { time: FIXING, place: 1, reason: "fixing" },
    ]);
    expect(await ledger.tick(FIXING)).to.deep.equal(late);
  });

  it("may be changed by their owner after they were handed over", async () => {
    const prices = BigInt64Array.of(1n, 2n);
    const decision = decisionOf(prices);
    ledger.putTick(recordAt(FIXING, { decision }));
    prices.fill(9n);
    expect((await ledger.tick(FIXING))?.decision?.prices).to.deep.equal(BigInt64Array.of(1n, 2n));
  });

  it("that cannot be encoded are dropped, told of, and do not stand in the way of the others", async () => {
    const bad = { ...decisionOf(BigInt64Array.of(1n)), extra: undefined };
    ledger.putTick(recordAt(FIXING));
    ledger.putTick(recordAt(FIXING + 10, { decision: bad }));
    ledger.putTick(recordAt(FIXING + 20));
    const error = await rejection(ledger.flush());
    expect(error).to.be.instanceOf(TypeError);
    expect(error.message).to.contain(".decision.extra is undefined");
    const times = [FIXING, FIXING + 10, FIXING + 20];
    const read = await Promise.all(times.map((time) => ledger.tick(time)));
    expect(read).to.deep.equal([recordAt(FIXING), null, recordAt(FIXING + 20)]);
    const [, row] = await ledger.auditRows(ledger.writer, 0, 9);
    expect(row?.body["dropped"]).to.equal(1);
    expect(await ledger.verifyAudit()).to.include({ intact: true });
  });

  it("of large catalogs come in short runs, so that one is read soon", async () => {
    const decision = decisionOf(new BigInt64Array(1_200_000));
    for (let i = 0; i < 3; i++) ledger.putTick(recordAt(FIXING + i, { decision }));
    await ledger.flush();
    await rig.tamper((database) => {
      const runs = database.prepare("SELECT whole FROM tick ORDER BY number").all();
      expect(runs.map(({ whole }) => whole)).to.deep.equal([1, 1, 3]);
    });
  });
});

function decisionOf(prices: BigInt64Array): DecisionInput {
  const column = new Uint32Array(1);
  return {
    ...{ time: FIXING, now: FIXING, prices, catalog: [{ bundle: 0, feeds: 1 }], bundles: [0] },
    rules: { deviation: column, heartbeat: column },
    chain: {
      block: 1,
      blockTime: 1,
      latestDelay: 1,
      prices: prices.slice(0, 1),
      observedAt: column,
      fixingStored: Uint8Array.of(1),
    },
    ...{ pending: [], scheduled: column, requested: new Set([0]) },
  };
}
