import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { floor } from "../../../oracle/lab/desk/fraction.ts";
import { readOwnPayoff } from "../../../oracle/lab/desk/own-payoff.ts";
import type { Result } from "../../../oracle/lab/result.ts";
import { runScenario } from "../../../oracle/lab/run-scenario.ts";
import { small } from "./small-scenario.ts";

const run = (change: Parameters<typeof small>[0] = {}): Promise<Result> =>
  runScenario(small(change), { folder: "." });

/** Every token's money is where it should be, to the smallest unit. */
function expectConserved({ money, settlements }: Result): void {
  for (const { token, collateral, payouts, refunds, dust, left, stuck, reverts } of money) {
    expect(payouts + refunds + dust, token).to.equal(collateral);
    expect(left, token).to.equal(dust);
    expect([stuck, reverts], token).to.deep.equal([0, 0]);
  }
  for (const { option, payout, exact, difference, dust } of settlements) {
    expect(difference, `option ${option}`).to.equal(0n);
    expect(payout, `option ${option}`).to.equal(floor(exact));
    expect(dust >= 0n && dust <= 1n, `option ${option}`).to.equal(true);
  }
}

describe("a scenario, run", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "nakane-scenario-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("goes from the prices to the last claim, and no money is lost", async () => {
    const result = await run();
    expect(result.path).to.have.length(120);
    expect(result.fixings.every(({ status }) => status === "final")).to.equal(true);
    expect(result.trades.filter(({ action }) => action === "create")).to.have.length(24);
    expect(result.settlements).to.have.length(24);
    expect(new Set(result.settlements.map(({ outcome }) => outcome))).to.include("fixed");
    expect(new Set(result.settlements.map(({ terms }) => terms.kind)).size).to.be.at.least(6);
    expect(result.settlements.some(({ payout }) => payout > 0n)).to.equal(true);
    expectConserved(result);
    expect(result.manifest).to.include({ signing: "keys in this process", signers: 1, quorum: 1 });
    expect(result.gas.find(({ action }) => action === "Oracle.record, with a fixing")?.count).to.be.at.least(
      23,
    );
  });

  for (const latency of [13, 45])
    it(`each block has the time of its report, the delay and a latency of ${latency} s, to the second`, async () => {
      const result = await run({ oracle: { latency, deviation: "0.05%" }, options: { count: 0 } });
      expect(result.rounds.length).to.be.greaterThan(30);
      expect(result.rounds.some(({ fixing }) => !fixing)).to.equal(true);
      for (const { observedAt, blockTime, price } of result.rounds) {
        const delay = observedAt % 300 === 0 ? 5 : 0; // fixingDelay and observeDelay, whole seconds of them
        expect(blockTime - observedAt).to.equal(delay + latency);
        expect(observedAt).to.be.at.most(result.path.at(-1)!.time);
        expect(price).to.not.equal(null);
      }
    });

  it("a price is known at the end of its bar, never before: fixings are the truth of their own time", async () => {
    const result = await run({ market: { points: 60, disagreement: "0%" }, options: { count: 0 } });
    for (const { price, truth } of result.fixings) expect(price).to.equal(truth);
    const byTime = new Map(result.path.map(({ time, price }) => [time, price]));
    for (const { time, truth } of result.fixings) expect(truth).to.equal(byTime.get(time));
  });

  it("an outage of all venues leaves no price: older fixings count, and then the share", async () => {
    const result = await run({
      market: { points: 240, outages: [{ from: 3_600, until: 10_800 }] },
      options: { count: 40, kinds: ["call", "digital-put"], life: { from: 3_600, to: 7_200 }, unsold: "0%" },
    });
    const silent = result.fixings.filter(({ status }) => status === "no-price");
    expect(silent).to.have.length(24);
    expect(result.settlements.some(({ outcome, back }) => outcome === "fixed" && back > 0)).to.equal(true);
    const split = result.settlements.filter(({ outcome }) => outcome === "split");
    expect(split.length).to.be.greaterThan(0);
    // The buyer has back what he paid, to a hundredth of a percent of the collateral.
    for (const { payout, premium, terms } of split) {
      const off = payout > premium ? payout - premium : premium - payout;
      expect(off * 20_000n <= terms.collateral + 20_000n).to.equal(true);
    }
    expectConserved(result);
  });

  it("people halt, resume and void; what was void does not count", async () => {
    const result = await run({
      people: [
        { do: "halt", at: 1_200 },
        { do: "resume", at: 2_400 },
        { do: "void", at: 3_660, fixing: 3_600 },
      ],
      options: { count: 30, kinds: ["put"], life: { from: 1_200, to: 3_600 }, unsold: "0%" },
    });
    const from = result.path[0]!.time;
    expect(
      result.fixings.filter(({ status }) => status === "void").map(({ time }) => time - from),
    ).to.deep.equal([3_600]);
    const hit = result.settlements.filter(({ terms }) => terms.expiry === from + 3_600);
    expect(hit.length).to.be.greaterThan(0);
    for (const { back } of hit) expect(back).to.equal(1);
    expectConserved(result);
  });

  it("two people who void too late are refused by the chain, in its words", async () => {
    const late = run({ people: [{ do: "void", at: 5_000, fixing: 3_600 }], options: { count: 0 } });
    const error: unknown = await late.catch((thrown: unknown) => thrown);
    expect((error as Error).message).to.match(
      /^a transaction to 0x[0-9a-fA-F]{40} reverted: AlreadyFinal\(\d+, \d+\)$/,
    );
  });

  it("a venue that lies moves no fixing beyond what honest venues say", async () => {
    const result = await run({
      market: {
        points: 90,
        venues: ["bitflyer", "coincheck", "bitbank", "gmo"],
        lies: [{ venue: "gmo", from: 0, until: 5_400, times: "10" }],
      },
      options: { count: 0 },
    });
    for (const { price, truth } of result.fixings) {
      const off = Number(((price ?? 0n) - (truth ?? 0n)) * 1_000_000n) / Number(truth);
      expect(Math.abs(off)).to.be.at.most(100); // a disagreement of 0.01 %
    }
  });

  it("four signers with keys in a local KMS come to the same fixings as one", async () => {
    const few = { market: { points: 20, disagreement: "0%" }, options: { count: 0 } } as const;
    const one = await run(few);
    const four = await run({ ...few, oracle: { signers: 4, keys: "kms" } });
    expect(four.manifest).to.include({ signing: "local KMS", signers: 4, quorum: 3 });
    expect(four.fixings.map(({ price }) => price)).to.deep.equal(one.fixings.map(({ price }) => price));
  });

  it("a payoff of the user's own is compared with what he says apart from it, and cut at what was locked", async () => {
    const reference = new URL("../../../oracle/lab/desk/straddle.ts", import.meta.url).pathname;
    const straddles = (given: readonly string[], named: string) =>
      run({
        market: { points: 60 },
        options: {
          count: 0,
          life: { from: 600, to: 1_200 },
          payoff: {
            ...{ artifact: "samples/StraddlePayoff.sol", arguments: [...given], count: 8 },
            reference: named,
          },
        },
      });
    const right = await straddles(["10000000", "50000"], reference);
    expect(right.settlements).to.have.length(8);
    expectConserved(right);
    expect(right.settlements.some(({ exact }) => exact.denominator === 50_000n)).to.equal(true);
    expect(Object.keys(right.manifest.bytecode)).to.include.members(["PayoffOptions", "StraddlePayoff"]);
    // Reached by every price: the reference says more than was locked.
    const cut = await straddles(["1", "2"], reference);
    for (const { payout, terms } of cut.settlements) expect(payout).to.equal(terms.collateral);
    expectConserved(cut);
    // Another opinion on what is due is a finding, not a match.
    const other = path.join(folder, "other.mjs");
    writeFileSync(other, "export default (amount) => ({ numerator: amount + 1n, denominator: 1n });");
    const wrong = await straddles(["10000000", "50000000"], other);
    for (const { difference } of wrong.settlements) expect(difference < 0n).to.equal(true);
    // The page tells files by their names: the same on every machine.
    expect(JSON.stringify(wrong.manifest.scenario)).to.include('"reference":"other.mjs"');
  });

  it("a reference that is none is refused, with what it should be", async () => {
    const says = async (name: string, code: string | null): Promise<string> => {
      const file = path.join(folder, name);
      if (code !== null) writeFileSync(file, code);
      const asked = readOwnPayoff(file).then((due) => due(1n, 1n, []));
      return asked.then(
        () => "nothing",
        (error: unknown) => (error as Error).message,
      );
    };
    expect(await says("none.mjs", null)).to.match(/none\.mjs cannot be loaded: /);
    expect(await says("named.mjs", "export const payoff = () => 1;")).to.include(
      "no function as its default",
    );
    expect(await says("number.mjs", "export default () => 1;")).to.include("answers with no fraction");
    const zero = "export default () => ({ numerator: 1n, denominator: 0n });";
    expect(await says("zero.mjs", zero)).to.include("the second is above 0");
  });

  it("a contract of the user's own behind IPayoff is sold, settled and paid", async () => {
    const result = await run({
      market: { points: 60 },
      options: {
        count: 0,
        life: { from: 600, to: 1_200 },
        payoff: { artifact: "samples/StraddlePayoff.sol", arguments: ["10000000", "50000"], count: 8 },
      },
    });
    expect(result.settlements).to.have.length(8);
    for (const { terms, fixing, payout } of result.settlements) {
      expect(terms).to.include({ contract: "PayoffOptions", kind: "StraddlePayoff" });
      const gone = (fixing ?? 0n) > 10_000_000n ? fixing! - 10_000_000n : 10_000_000n - fixing!;
      expect(payout).to.equal((terms.size * (gone > 50_000n ? 50_000n : gone)) / 50_000n);
    }
    expectConserved(result);
  });
});
