import { expect } from "chai";

import type { SourceReport } from "../../../oracle/market/market.ts";
import type { Observation } from "../../../oracle/market/observer.ts";
import type { PageReason } from "../../../oracle/relayer/relay-error.ts";
import { NO_PRICE } from "../../../oracle/report/word.ts";
import { readinessChecks, type ReadinessFacts } from "../../../oracle/run/readiness.ts";
import { CATALOG, NOW } from "../api/world.ts";

/** What the own signer saw of the catalog's four feeds. */
function observation(...prices: bigint[]): Observation {
  return {
    tick: NOW - 5,
    provenance: "live",
    prices: BigInt64Array.from(prices),
    abstentions: new Uint8Array(prices.length),
    oldest: new Float64Array(prices.length),
  };
}

const failed = (source: string, expected: boolean): SourceReport => ({
  kind: "failed",
  source,
  venue: source,
  problem: "status",
  message: `api.${source}.example: expected status 200, saw 503`,
  expected,
});

const GOOD: ReadinessFacts = {
  now: NOW,
  tick: 10,
  newestReport: NOW - 5,
  observation: observation(15_000_000n, 500_000n, 100n, 150n),
  sources: new Map(),
  head: { time: NOW - 2 },
  pages: new Map(),
  ledgerProblem: undefined,
};

/** One check's verdict and what it says, with some facts changed. */
function check(name: string, change: Partial<ReadinessFacts>): readonly [boolean, string] {
  const found = readinessChecks(CATALOG, { ...GOOD, ...change }).find((one) => one.name === name);
  return [found!.ok, found!.reason];
}

describe("readinessChecks", () => {
  it("has five checks, all well where all is well, each with the numbers that say so", () => {
    expect(readinessChecks(CATALOG, GOOD)).to.deep.equal([
      { name: "signers", ok: true, reason: "the newest report is 5 s old; ready up to 60 s" },
      { name: "market", ok: true, reason: "3 of 3 feeds have a price; 1 closed by calendar" },
      { name: "chain", ok: true, reason: "the newest block is 2 s old; ready up to 120 s" },
      { name: "relayer", ok: true, reason: "nothing stands in its way" },
      { name: "ledger", ok: true, reason: "everything is on disk" },
    ]);
  });

  it("waits for the first report, and for a new one after a minute", () => {
    expect(check("signers", { newestReport: null })).to.deep.equal([false, "no report has been agreed yet"]);
    expect(check("signers", { newestReport: NOW - 60 })[0]).to.equal(true);
    expect(check("signers", { newestReport: NOW - 61 })).to.deep.equal([
      false,
      "the newest report is 61 s old; ready up to 60 s",
    ]);
  });

  it("has patience of three ticks where these are more than a minute", () => {
    expect(check("signers", { tick: 60, newestReport: NOW - 180 })).to.deep.equal([
      true,
      "the newest report is 180 s old; ready up to 180 s",
    ]);
    expect(check("signers", { tick: 60, newestReport: NOW - 181 })[0]).to.equal(false);
  });

  it("wants a price of every feed, and says how many there are", () => {
    expect(
      check("market", { observation: observation(15_000_000n, NO_PRICE, 100n, NO_PRICE) }),
    ).to.deep.equal([false, "2 of 3 feeds have a price; 1 closed by calendar"]);
    expect(check("market", { observation: undefined })).to.deep.equal([
      false,
      "nothing has been observed yet",
    ]);
  });

  it("wants no price of a market that is closed, and one as soon as it opens", () => {
    const closed = observation(15_000_000n, 500_000n, 100n, NO_PRICE);
    expect(check("market", { observation: closed })[0]).to.equal(true);
    const monday = Date.UTC(2027, 0, 18, 0, 0, 0) / 1000; // 09:00 in Tokyo
    expect(check("market", { observation: { ...closed, tick: monday - 10 } })[0]).to.equal(true);
    expect(check("market", { observation: { ...closed, tick: monday } })).to.deep.equal([
      false,
      "3 of 4 feeds have a price",
    ]);
  });

  it("repeats what failing sources say, but not those that are in maintenance", () => {
    const sources = new Map(
      [failed("bitflyer", true), failed("bitbank", false), failed("coincheck", false)].map((one) => [
        one.source,
        one,
      ]),
    );
    const said =
      "; api.bitbank.example: expected status 200, saw 503; api.coincheck.example: expected status 200, saw 503";
    expect(check("market", { sources })).to.deep.equal([
      true,
      `3 of 3 feeds have a price; 1 closed by calendar${said}`,
    ]);
    expect(check("market", { sources, observation: undefined })).to.deep.equal([
      false,
      `nothing has been observed yet${said}`,
    ]);
  });

  it("notices a chain that stands still, or does not answer", () => {
    expect(check("chain", { head: { time: NOW - 120 } })[0]).to.equal(true);
    expect(check("chain", { head: { time: NOW - 121 } })).to.deep.equal([
      false,
      "the newest block is 121 s old; ready up to 120 s",
    ]);
    expect(check("chain", { head: { problem: "the node cannot be reached" } })).to.deep.equal([
      false,
      "the node cannot be reached",
    ]);
  });

  it("repeats every page of the relayer that is not over", () => {
    const pages = new Map<PageReason, string>([
      ["funds", "The sender cannot pay."],
      ["feeCap", "Gas is above the cap."],
    ]);
    expect(check("relayer", { pages })).to.deep.equal([
      false,
      "The sender cannot pay. Gas is above the cap.",
    ]);
  });

  it("withholds what KMS said, and what nobody has foreseen, from whoever asks", () => {
    const arn = "arn:aws:kms:ap-northeast-1:111122223333:key/6d0f7a4e-5b1c-4c39-9f5d-1f6c2a7f3b10";
    const pages = new Map<PageReason, string>([
      ["kms", `KMS did not sign for the sender 0x12: Sign on ${arn} failed: DisabledException`],
      ["fault", "cannot read /srv/nakane/data"],
    ]);
    expect(check("relayer", { pages })).to.deep.equal([
      false,
      "KMS does not sign for the sender. Check the key's state and policy. Something happened that should not. Keep the log and call a developer.",
    ]);
  });

  it("is not ready while the ledger cannot be written", () => {
    expect(check("ledger", { ledgerProblem: "No space left for the ledger." })).to.deep.equal([
      false,
      "No space left for the ledger.",
    ]);
  });
});
