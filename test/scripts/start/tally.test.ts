import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import type { Inclusion, Transmission } from "../../../oracle/ledger/transmission.ts";
import { readPriceFile } from "../../../oracle/market/simulated/price-file.ts";
import { NO_PRICE } from "../../../oracle/report/word.ts";
import type { QuorumReport } from "../../../oracle/signer/agreement/effects.ts";
import { Tally } from "../../../scripts/start/tally.ts";
import { planWorld } from "../../../scripts/start/world-plan.ts";
import { attempt, intentAt } from "../../oracle/ledger/rig.ts";

const PLAN = planWorld({ kind: "simulated", seed: 1 }, Date.UTC(2026, 10, 26, 12) / 1000);
const T = PLAN.strikeAt;

const report = (time: number, ...prices: bigint[]) =>
  ({ time, prices: BigInt64Array.from(prices) }) as unknown as QuorumReport;

function closed(outcome: Inclusion, ...reasons: Transmission["reasons"][number]["reason"][]): Transmission {
  const sent = { id: 1, nonce: 0, openedAt: 0, attempts: [attempt("1")], outcome };
  return { ...intentAt(T), ...sent, reasons: reasons.map((reason, feed) => ({ feed, reason })) };
}
const included = (gasUsed: bigint): Inclusion => ({
  kind: "included",
  hash: "0x1",
  block: 1,
  blockHash: "0x2",
  blockTime: T,
  gasUsed,
  effectiveGasPrice: 1n,
});

describe("Tally", () => {
  it("counts reports, and keeps the newest whichever comes last", () => {
    const tally = new Tally(PLAN);
    for (const time of [T, T + 20, T + 10]) tally.listener.onReport?.(report(time, 1n));
    expect([tally.reports, tally.newest?.time]).to.deep.equal([3, T + 20]);
  });

  it("counts what changed something on chain, with its gas, and each reason once a transmission", () => {
    const tally = new Tally(PLAN);
    const tell = (kind: "sent" | "closed", transmission: Transmission) =>
      tally.listener.onTransmission?.({ kind, transmission });
    tell("sent", closed(included(1n), "initial"));
    tell("closed", closed(included(50_000n), "fixing", "fixing", "deviation"));
    tell("closed", closed(included(40_000n), "fixing"));
    tell("closed", closed({ kind: "reverted", hash: "0x1", block: 1, reason: "no" }, "fixing"));
    expect(tally.recorded).to.equal(2);
    expect(tally.gas).to.deep.equal([50_000n, 40_000n]);
    expect([...tally.reasons]).to.deep.equal([
      ["fixing", 2],
      ["deviation", 1],
    ]);
  });

  it("keeps the first failure, and hands on what is told", () => {
    const tally = new Tally(PLAN);
    const heard: unknown[] = [];
    tally.also.onFailure = (error) => heard.push(error);
    tally.also.onReport = ({ time }) => heard.push(time);
    const [first, second] = [new Error("first"), new Error("second")];
    for (const error of [first, second]) tally.listener.onFailure?.(error);
    tally.listener.onReport?.(report(T, 1n));
    expect(tally.failure).to.equal(first);
    expect(heard).to.deep.equal([first, second, T]);
  });

  it("writes what was agreed as a price file: known at the very ticks at which it was agreed, up to the expiry", () => {
    const tally = new Tally(PLAN);
    const agreed: [number, bigint][] = [
      [T, 11_250_000n],
      [T + 10, 11_250_500n],
      [T + 20, NO_PRICE],
      [T + 30, 11_251_000n],
      [PLAN.expireAt, 11_240_000n],
      [PLAN.expireAt + 10, 1n],
    ];
    for (const [time, price] of agreed) tally.listener.onReport?.(report(time, price));
    const folder = mkdtempSync(path.join(tmpdir(), "nakane-agreed-"));
    try {
      const name = tally.agreed.write(folder);
      const text = readFileSync(name, "utf8");
      expect(
        text
          .split("\n")
          .slice(1, -1)
          .every((row) => row.endsWith(",SIMULATED")),
      ).to.equal(true);
      const file = readPriceFile(path.basename(name), text);
      expect(file.symbol).to.equal("BTC/JPY");
      expect(file.points.map(({ knownAt, price }) => [knownAt / 1000, price.units])).to.deep.equal([
        [T, 11_250_000n],
        [T + 10, 11_250_500n],
        [T + 30, 11_251_000n],
        [PLAN.expireAt, 11_240_000n],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
