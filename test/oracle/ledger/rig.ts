import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { type ManualClock, manualClock } from "../../../oracle/clock.ts";
import type { Ledger, StoredReport } from "../../../oracle/ledger/ledger.ts";
import { type LedgerOptions, openLedger } from "../../../oracle/ledger/open-ledger.ts";
import type { Attempt, TransmissionIntent } from "../../../oracle/ledger/transmission.ts";
import { NO_PRICE } from "../../../oracle/report/word.ts";

/** A fixing time: 2026-11-26T03:00:00Z. */
export const FIXING = Date.UTC(2026, 10, 26, 3) / 1000;
export const SENDER = "0xAb5801a7D398351b8bE11C439e05C5B3259aeC9B";

/** A folder and a clock of its own for each test, and every ledger that a test opened closed after it. */
export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), "nakane-ledger-"));
  readonly file = join(this.folder, "ledger.db");
  readonly clock: ManualClock = manualClock(FIXING * 1000);
  readonly #open: Ledger[] = [];

  async open(options: Partial<LedgerOptions> = {}): Promise<Ledger> {
    const { file, clock } = this;
    const ledger = await openLedger({ file, clock, instance: "tokyo-1", durability: "process", ...options });
    this.#open.push(ledger);
    return ledger;
  }

  /** Closes every ledger, and hands the file to `work` as an intruder would have it: without triggers. */
  async tamper(work: (database: DatabaseSync) => void): Promise<void> {
    await this.close();
    const database = new DatabaseSync(this.file, { enableForeignKeyConstraints: false });
    const triggers = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all();
    for (const { name } of triggers) database.exec(`DROP TRIGGER "${String(name)}"`);
    work(database);
    database.close();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#open.splice(0).map((ledger) => ledger.close()));
  }

  async end(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true });
  }
}

export function reportAt(observedAt: number, over: Partial<StoredReport> = {}): StoredReport {
  return {
    observedAt,
    epoch: 3,
    root: observedAt.toString(16).padStart(64, "a"),
    provenance: "simulated",
    prices: BigInt64Array.of(14_000_100n, NO_PRICE, -37n, 2n ** 55n - 1n, BigInt(observedAt)),
    bundles: [0, 7],
    head: Uint8Array.of(1, 2, 255),
    ...over,
  };
}

export function intentAt(observedAt: number, over: Partial<TransmissionIntent> = {}): TransmissionIntent {
  return {
    chainId: 31_337,
    sender: SENDER,
    to: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    observedAt,
    root: "b".repeat(64),
    fixing: observedAt % 300 === 0,
    bundles: [{ bundle: 7, mask: 2n ** 64n + 1n }],
    reasons: [{ feed: 1792, reason: "deviation" }],
    data: "0x1234",
    ...over,
  };
}

export function attempt(hash: string, over: Partial<Attempt> = {}): Attempt {
  return {
    hash: `0x${hash.padStart(64, "0")}`,
    raw: "0x02f8",
    maxFeePerGas: 2n ** 70n,
    maxPriorityFeePerGas: 1_000_000_000n,
    gasLimit: 500_000n,
    signedAt: FIXING * 1000 + 5,
    kmsRequestId: "7b1c2d3e-0000-4000-8000-000000000001",
    ...over,
  };
}
