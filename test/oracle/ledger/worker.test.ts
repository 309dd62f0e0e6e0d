import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect } from "chai";

import { type Ledger, LedgerConflict, LedgerError } from "../../../oracle/ledger/ledger.ts";
import { startLedgerWorker } from "../../../oracle/ledger/open-ledger.ts";
import type { TickRecord } from "../../../oracle/ledger/tick-record.ts";
import { WorkerLedger } from "../../../oracle/ledger/worker-ledger.ts";
import { fromFailure, toFailure } from "../../../oracle/ledger/worker-messages.ts";
import { rejection } from "../../utils/rejection.ts";
import { FIXING, intentAt, reportAt, Rig } from "./rig.ts";

const TICK: TickRecord = {
  ...{ time: FIXING, provenance: "live", epoch: 1, root: null, observed: [], decision: null, verdicts: [] },
};

describe("the ledger's worker", () => {
  let rig: Rig;
  beforeEach(() => {
    rig = new Rig();
  });
  afterEach(() => rig.end());

  it("answers in the order in which it was asked", async () => {
    const ledger = await rig.open();
    const order: number[] = [];
    const asked = [
      ledger.putReport(reportAt(FIXING)),
      ledger.report(FIXING),
      ledger.putReport(reportAt(FIXING, { epoch: 9 })).catch(() => undefined),
      ledger.audit("page", {}),
      ledger.report(FIXING + 10),
    ].map(async (promise, i) => {
      await promise;
      order.push(i);
    });
    await Promise.all(asked);
    expect(order).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it("that dies takes its promises with it: each is refused, those after it too, and tick records are told of", async () => {
    const worker = startLedgerWorker({ file: rig.file, instance: "tokyo-1", clock: rig.clock });
    const errors: Error[] = [];
    const ledger: Ledger = await WorkerLedger.open(worker, {
      file: rig.file,
      clock: rig.clock,
      onBatchError: (error) => errors.push(error),
    });
    await ledger.putReport(reportAt(FIXING));
    const ended = worker.terminate(); // from here on it answers nothing, and nobody knows yet that it ended
    const waiting = Array.from({ length: 200 }, (_, i) =>
      rejection(ledger.openTransmission(intentAt(FIXING), i)),
    );
    ledger.putTick(TICK);
    await ended;
    const refused = await Promise.all(waiting);
    for (const error of [
      ...refused,
      await rejection(ledger.report(FIXING)),
      await rejection(ledger.close()),
    ]) {
      expect(error).to.be.instanceOf(LedgerError);
      expect(error.message)
        .to.contain(rig.file)
        .and.to.contain("its thread ended")
        .and.to.contain("What was promised is on disk");
    }
    ledger.putTick(TICK);
    expect(errors).to.have.length(1);
    await rig.clock.advance(5000);
    expect(errors).to.have.length(1);
    const again = await rig.open();
    expect(await again.report(FIXING)).to.deep.equal(reportAt(FIXING));
    expect(await again.verifyAudit()).to.include({ intact: true });
  });

  it("gives errors their class, their message and their cause across the threads", () => {
    for (const error of [
      new LedgerConflict("a"),
      new LedgerError("b", { cause: new Error("disk") }),
      new RangeError("c"),
      new TypeError("d"),
    ]) {
      const back = fromFailure(structuredClone(toFailure(error)));
      expect(back)
        .to.be.instanceOf(error.constructor)
        .and.to.include({ message: error.message, name: error.name });
      expect((back.cause as Error | undefined)?.message).to.equal(
        (error.cause as Error | undefined)?.message,
      );
    }
    expect(fromFailure(toFailure("thrown text"))).to.include({ message: "thrown text", name: "Error" });
  });

  it("writes what was batched when it is closed, and answers nothing afterwards", async () => {
    const ledger = await rig.open();
    ledger.putTick(TICK);
    await ledger.close();
    const error = await rejection(ledger.report(FIXING));
    expect(error).to.be.instanceOf(LedgerError);
    expect(error.message).to.contain("was closed; open it again");
    expect((await rejection(ledger.close())).message).to.equal(error.message);
    const again = await rig.open();
    expect(await again.tick(FIXING)).to.deep.equal(TICK);
    const [first] = await again.auditHeads();
    const rows = await again.auditRows(first!.writer, 0, 9);
    expect(rows.map(({ kind }) => kind)).to.deep.equal(["started", "ticks", "stopped"]);
  });

  it("keeps no process alive that has nothing to ask", async () => {
    const script = new URL("./idle-process.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script, rig.file], {
      stdio: ["ignore", "pipe", "inherit"],
      timeout: 60_000, // hung, not merely slow
    });
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    expect([code, signal]).to.deep.equal([0, null]);
    expect(await (await rig.open()).report(FIXING)).to.deep.equal(reportAt(FIXING));
  });

  it("refuses what cannot be handed to a thread, and goes on", async () => {
    const ledger = await rig.open();
    const report = { ...reportAt(FIXING), root: (() => "a") as unknown as string };
    expect((await rejection(ledger.putReport(report))).name).to.equal("DataCloneError");
    await ledger.putReport(reportAt(FIXING));
  });
});
