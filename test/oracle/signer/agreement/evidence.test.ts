import { expect } from "chai";

import type { Evidence } from "../../../../oracle/signer/agreement/evidence.ts";
import { FRESH, NIL, type Prevote } from "../../../../oracle/signer/agreement/message.ts";
import { PermanentDissent, PERMANENT } from "../../../../oracle/signer/agreement/permanent-dissent.ts";
import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import { NO_PRICE } from "../../../../oracle/report/word.ts";
import { Stage } from "./simulation/stage.ts";

/** A price list nearly the same for everybody. */
function view(signer: number): BigInt64Array {
  return BigInt64Array.of(1_000_000n + BigInt(signer), 2_000_000n, 3_000_000n, 4_000_000n, 5_000_000n);
}

function evidenceAt(stage: Stage, signer: number): Evidence[] {
  return stage.world.signers.get(signer)!.store.evidence();
}

/** That somebody accuses the liar of this, and that the messages are whole and by the liar. */
function expectAccusation(stage: Stage, kind: Evidence["kind"], about: string, messages: number): void {
  const all = stage.honest.flatMap((signer) => evidenceAt(stage, signer));
  expect(all.filter(({ accused }) => accused !== stage.cast.liar)).to.deep.equal([]);
  const [found] = all.filter((each) => each.kind === kind && each.about.startsWith(about));
  expect(found, `${kind} ${about} among ${all.map((each) => `${each.kind} ${each.about}`).join("; ")}`).to
    .exist;
  expect(found!.messages).to.have.length(messages);
  const [first, ...rest] = found!.messages.map((bytes) => stage.watch.decode(bytes)!);
  expect(first!.signer).to.equal(stage.cast.liar);
  if (kind === "equivocation") {
    expect(rest[0]!.signer).to.equal(stage.cast.liar);
    expect(found!.messages[0]).not.to.deep.equal(found!.messages[1]);
  }
}

describe("evidence", () => {
  it("holds both observations, both votes, and is on disk", () => {
    const stage = new Stage(RULES, 1, view);
    stage.world.at(1000 * stage.fixing + 5_100, () => {
      stage.observation(stage.cast.liar, view(3).fill(7n), stage.honest);
    });
    stage.script = (message) => {
      if (message.kind !== "prop") return;
      for (const value of [message.value, NIL]) {
        stage.prevote(0, value, stage.honest);
        stage.precommit(0, value, stage.honest);
      }
    };
    stage.runTo(30);
    expectAccusation(stage, "equivocation", "obs", 2);
    expectAccusation(stage, "equivocation", "prevote in round 0", 2);
    expectAccusation(stage, "equivocation", "precommit in round 0", 2);
  });

  it("holds two proposals of one round", () => {
    const stage = new Stage(RULES, 0, view);
    const [a = 0, b = 0, c = 0] = stage.honest;
    stage.world.at(1000 * stage.fixing + 6_000, () => {
      stage.propose(0, [a, b, c], stage.honest);
      stage.propose(0, [a, b, stage.cast.liar], stage.honest);
    });
    stage.runTo(30);
    expectAccusation(stage, "equivocation", "prop in round 0", 2);
  });

  it("holds a proposal that nobody may vote for, and says why", () => {
    const stage = new Stage(RULES, 0, view);
    stage.world.at(1000 * stage.fixing + 6_000, () => {
      const observations = stage.honest.map((signer) => stage.observations.get(signer)!.hash);
      const root = "11".repeat(32);
      const parts = { root, observations, drop: [], dissents: [] };
      stage.say(stage.honest, { kind: "prop", round: 0, validRound: FRESH, ...parts });
    });
    stage.runTo(30);
    expectAccusation(stage, "badProposal", `root ${"11".repeat(32)} is not the computed`, 1);
  });

  it("holds a proposal that drops feeds without enough dissents", () => {
    const stage = new Stage(RULES, 0, view);
    stage.world.at(1000 * stage.fixing + 6_000, () => {
      const observations = stage.honest.map((signer) => stage.observations.get(signer)!.hash);
      const drop = [stage.epoch.feeds[0]!.id];
      const parts = { root: "11".repeat(32), observations, drop, dissents: [] };
      stage.say(stage.honest, { kind: "prop", round: 0, validRound: FRESH, ...parts });
    });
    stage.runTo(30);
    expectAccusation(stage, "badProposal", "drops a feed without enough dissents", 1);
  });

  it("holds a proposal that leaves a feed out, with the observation that had it; the feed is priced", () => {
    const { liar } = new Stage(RULES, 0, view).cast;
    const stage = new Stage(RULES, 0, (signer) => {
      const prices = view(signer);
      if (signer === liar) prices[1] = NO_PRICE;
      return prices;
    });
    const [a = 0, b = 0] = stage.honest;
    stage.world.at(1000 * stage.fixing + 6_000, () => {
      stage.propose(0, [a, b, liar], stage.honest);
    });
    stage.runTo(60);
    expectAccusation(stage, "censorship", "round 0, feeds 257", 2);
    expect(stage.watch.prices.get(stage.fixing)!.prices[1]).to.equal(2_000_000n);
  });

  it("shows a dissent that never ends with its first and its latest prevote, once", () => {
    const rows = new PermanentDissent();
    const vote = (time: number, dissent: number[]): Prevote => {
      const common = { kind: "prevote", epoch: 0, round: 0, value: NIL, missing: [] } as const;
      return { ...common, time, signer: 3, dissent, bytes: Uint8Array.of(time) };
    };
    const found: Evidence[] = [];
    for (let time = 1; time <= PERMANENT + 3; time++)
      found.push(...rows.decided(0, [vote(time, [256, 257])]));
    expect(found.map(({ about, time }) => `${about}, at ${time}`)).to.deep.equal([
      `feed 256 since 1, at ${PERMANENT}`,
      `feed 257 since 1, at ${PERMANENT}`,
    ]);
    expect(found[0]!.messages).to.deep.equal([Uint8Array.of(1), Uint8Array.of(PERMANENT)]);
    // One time without it, and the row begins anew; a time in which the signer is silent says nothing.
    rows.decided(0, [vote(20, [])]);
    const again: Evidence[] = [];
    for (let time = 21; time < 21 + PERMANENT; time++) {
      again.push(...rows.decided(0, []), ...rows.decided(0, [vote(time, [256])]));
    }
    expect(again.map(({ about }) => about)).to.deep.equal(["feed 256 since 21"]);
  });
});

describe("dissent and drop", () => {
  it("one liar who dissents from everything takes no price away", () => {
    const stage = new Stage(RULES, 0, view);
    stage.script = (message) => {
      if (message.kind !== "prevote" || message.round > 3) return;
      const dissent = stage.epoch.feeds.map(({ id }) => id);
      stage.say(stage.honest, { kind: "prevote", round: message.round, value: NIL, dissent, missing: [] });
    };
    stage.runTo(60);
    expect(stage.watch.decidedRound.get(stage.fixing)).to.equal(1); // the liar led round 0, in silence
    expect([...stage.watch.prices.get(stage.fixing)!.prices]).not.to.include(NO_PRICE);
  });

  it("a feed from which an honest signer dissents is dropped when a decision needs that signer", () => {
    // The liar is down for good; one honest signer's market for one feed is 30 % off.
    const { others } = new Stage(RULES, 0, view).cast;
    const stage = new Stage(RULES, 0, (signer) => {
      const prices = view(signer);
      if (signer === others[0]) prices[2] = 4_000_000n;
      return prices;
    });
    stage.gate = (from) => from !== stage.cast.liar;
    stage.runTo(120);
    const report = stage.watch.prices.get(stage.fixing)!;
    expect(report.prices[2]).to.equal(NO_PRICE);
    expect([...report.prices].filter((price) => price === NO_PRICE)).to.have.length(1);
  });

  it("a liar who leads may not drop what others vote for", () => {
    const stage = new Stage(RULES, 1, view);
    const feed = stage.epoch.feeds[0]!.id;
    const { first, liar } = stage.cast;
    // Round 0 fails, as its leader's proposal is lost; the liar dissents, leads round 1 and drops the feed.
    stage.gate = (_, __, message) => !(message.kind === "prop" && message.round === 0);
    let dissent = new Uint8Array();
    stage.script = (message) => {
      if (message.kind === "prevote" && message.round === 0 && dissent.length === 0) {
        const vote = { kind: "prevote", round: 0, value: NIL, dissent: [feed], missing: [] } as const;
        dissent = new Uint8Array(stage.say(stage.honest, vote));
        stage.precommit(0, NIL, stage.honest);
      }
    };
    stage.world.at(1000 * stage.fixing + 10_500, () => {
      stage.proposeDropping(1, [...stage.honest], [feed], dissent);
    });
    stage.runTo(120);
    expect(first).not.to.equal(liar);
    const report = stage.watch.prices.get(stage.fixing)!;
    expect([...report.prices]).not.to.include(NO_PRICE);
    expect(stage.watch.decidedRound.get(stage.fixing)).to.be.greaterThan(1);
  });
});
