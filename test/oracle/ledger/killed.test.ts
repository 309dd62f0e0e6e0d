import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";

import { expect } from "chai";

import type { Ledger } from "../../../oracle/ledger/ledger.ts";
import { attempt, FIXING, intentAt, reportAt, Rig } from "./rig.ts";

/** After how many promises the writer is killed, one life after the other on the same file. */
const LIVES = [1, 2, 3, 4, 30, 61];

type Promised = [kind: "report" | "intent" | "attempt" | "audit", a: number | string, b: number | string];

describe("a ledger whose process is killed", function () {
  this.timeout(300_000);
  let rig: Rig;
  beforeEach(() => {
    rig = new Rig();
  });
  afterEach(() => rig.end());

  /** One life: all it promised until it was killed, which is `count` promises or a few more. */
  async function live(first: number, count: number): Promise<Promised[]> {
    const script = new URL("./killed-writer.ts", import.meta.url).pathname;
    const child: ChildProcess = spawn(process.execPath, [script, rig.file, String(first)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const promises: Promised[] = [];
    const closed = once(child, "close");
    for await (const line of createInterface({ input: child.stdout! })) {
      promises.push(JSON.parse(line) as Promised);
      if (promises.length >= count) child.kill("SIGKILL");
    }
    expect((await closed)[1]).to.equal("SIGKILL");
    return promises;
  }

  async function isKept(ledger: Ledger, [kind, a, b]: Promised): Promise<void> {
    switch (kind) {
      case "report":
        expect(await ledger.report(Number(a))).to.deep.equal(reportAt(Number(a)));
        return;
      case "intent": {
        const kept = await ledger.transmission(Number(a));
        expect(kept).to.include({ nonce: b, data: intentAt(0).data });
        return;
      }
      case "attempt": {
        const [kept] = (await ledger.transmission(Number(a)))?.attempts ?? [];
        expect(kept).to.deep.equal(attempt(String(b).slice(2)));
        return;
      }
      case "audit":
        expect(await ledger.auditRows(String(a), Number(b) - 1, 1)).to.have.length(1);
    }
  }

  it("keeps all it promised, to the last promise, at whatever point it is killed; its chains are whole", async () => {
    const promises: Promised[] = [];
    for (const [life, count] of LIVES.entries())
      promises.push(...(await live(FIXING + 100_000 * life, count)));
    expect(promises.length).to.be.at.least(LIVES.reduce((sum, count) => sum + count, 0));

    const ledger = await rig.open();
    for (const promise of promises) await isKept(ledger, promise);
    const verdict = await ledger.verifyAudit();
    expect(verdict).to.include({ intact: true });
    expect((await ledger.auditHeads()).length).to.equal(LIVES.length + 1);
    const nonces = (await ledger.openTransmissions(intentAt(0).chainId, intentAt(0).sender)).map(
      ({ nonce }) => nonce,
    );
    expect(nonces).to.deep.equal(nonces.map((_, i) => i));
    await rig.close();

    const database = new DatabaseSync(rig.file, { readOnly: true });
    expect({ ...database.prepare("PRAGMA integrity_check").get() }).to.deep.equal({ integrity_check: "ok" });
    database.close();
  });
});
