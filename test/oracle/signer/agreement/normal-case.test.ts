import { expect } from "chai";

import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import { Stage } from "./simulation/stage.ts";

describe("the normal case of four signers", () => {
  it("takes three message delays from the proposal to the decision, one KMS call, and one delay more", () => {
    const stage = new Stage(RULES, 3, (signer) => new BigInt64Array(5).fill(1_000_000n + BigInt(signer)));
    const { first, liar } = stage.cast;
    const said = new Map<string, number>();
    stage.script = (message) => {
      const now = stage.world.now - 1000 * stage.fixing;
      said.set(message.kind, Math.min(said.get(message.kind) ?? Infinity, now));
      // The fourth signer plays along.
      if (message.kind !== "prop" || message.signer !== first) return;
      stage.world.at(stage.world.now + 20, () => {
        stage.prevote(0, message.value, stage.honest);
      });
      stage.world.at(stage.world.now + 40, () => {
        stage.precommit(0, message.value, stage.honest);
      });
    };
    stage.runTo(6);
    const [prop, sig] = [said.get("prop")!, said.get("sig")!];
    // A delay is 20 ms, KMS takes 100 ms: proposal, prevote, precommit, KMS.
    expect(said.get("prevote")! - prop).to.be.at.most(20);
    expect(sig - prop).to.equal(3 * 20 + 100);
    expect(stage.watch.reportersOf(stage.fixing).size).to.equal(3);
    expect(stage.watch.decidedRound.get(stage.fixing)).to.equal(0);
    expect(liar).not.to.equal(first);
  });
});
