import { expect } from "chai";

import { reportDigest } from "../../../../oracle/report/digest.ts";
import { fromHex } from "../../../../oracle/signer/agreement/hex.ts";
import { NIL } from "../../../../oracle/signer/agreement/message.ts";
import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import { cheapReportSignature } from "./simulation/cheap-cryptography.ts";
import { Stage } from "./simulation/stage.ts";

const view = (signer: number) => new BigInt64Array(5).fill(1_000_000n + BigInt(signer));

/** The fourth signer votes and signs like the others: for every proposal, and for nothing where there is none. */
function playAlong(stage: Stage): void {
  const done = new Set<string>();
  const once = (key: string, act: () => void): void => {
    if (done.has(key)) return;
    done.add(key);
    act();
  };
  stage.script = (message) => {
    if (message.kind === "prop" && stage.gate(message.signer, message.signer, message)) {
      once(`prop ${message.round}`, () => {
        stage.prevote(message.round, message.value, stage.honest);
        stage.precommit(message.round, message.value, stage.honest);
      });
    }
    if (message.kind === "sig") {
      once("sig", () => {
        const { root } = message;
        const digest = reportDigest(stage.epoch.domain, stage.fixing, fromHex(root));
        const compact = cheapReportSignature(stage.epoch.members[stage.cast.liar]!.address, digest);
        stage.say(stage.honest, { kind: "sig", root, compact });
      });
    }
    if (message.kind === "prevote" && message.value === NIL) {
      once(`nil ${message.round}`, () => {
        stage.prevote(message.round, NIL, stage.honest);
        stage.precommit(message.round, NIL, stage.honest);
      });
    }
  };
}

/** A signer is down from one time to another, in seconds after the fixing. */
function down(stage: Stage, signer: number, from: number, until: number): void {
  const { world, fixing } = stage;
  world.at(1000 * (fixing + from), () => {
    world.crash(signer);
  });
  world.at(1000 * (fixing + until), () => {
    world.start(signer);
  });
}

/** Who has a report of the fixing. */
const reporters = ({ watch, fixing }: Stage): number[] => [...watch.reportersOf(fixing)];

describe("catching up", () => {
  it("a signer that was away gets the report from the others' stores", () => {
    const stage = new Stage(RULES, 3, view);
    const [away] = stage.cast.others;
    playAlong(stage);
    down(stage, away, -0.5, 180);
    stage.runTo(179);
    const others = stage.honest.filter((signer) => signer !== away);
    expect(reporters(stage)).to.have.members(others);
    stage.runTo(185);
    expect(reporters(stage)).to.have.members(stage.honest);
  });

  it("also where the decision fell many rounds after the one it begins in", () => {
    const stage = new Stage(RULES, 3, view);
    const [away] = stage.cast.others;
    stage.gate = (_, __, message) => !(message.kind === "prop" && message.round < 10);
    playAlong(stage);
    down(stage, away, -0.5, 1_500);
    stage.runTo(1_499);
    expect(stage.watch.decidedRound.get(stage.fixing)).to.be.at.least(10);
    stage.runTo(1_510);
    expect(reporters(stage)).to.have.members(stage.honest);
  });

  it("also where it had one observation of another's on disk, and none of its own", () => {
    const stage = new Stage(RULES, 3, view);
    const [away] = stage.cast.others;
    const { liar } = stage.cast;
    playAlong(stage);
    stage.world.at(1000 * stage.fixing + 4_000, () => {
      stage.observation(liar, view(liar), stage.honest);
    });
    down(stage, away, 4.5, 180);
    stage.runTo(185);
    expect(reporters(stage)).to.have.members(stage.honest);
  });

  it("asks on where it has heard of the fixing from too few to begin", () => {
    const stage = new Stage(RULES, 3, view);
    const [away] = stage.cast.others;
    playAlong(stage);
    down(stage, away, -0.5, 180);
    stage.world.at(1000 * (stage.fixing + 180), () => {
      stage.gate = (_, to) => to !== away; // what the others answer at once is lost
    });
    stage.world.at(1000 * (stage.fixing + 185), () => {
      stage.gate = () => true;
      stage.prevote(0, NIL, [away]); // one member alone may lie
    });
    stage.runTo(200);
    expect(reporters(stage)).not.to.include(away);
    stage.runTo(215);
    expect(reporters(stage)).to.have.members(stage.honest);
  });

  it("asks on, less often, when the others cannot be reached for long", () => {
    const stage = new Stage(RULES, 3, view);
    const [away] = stage.cast.others;
    playAlong(stage);
    let asked = 0;
    stage.world.at(1000 * (stage.fixing + 180), () => {
      stage.gate = (from, to, { kind, time }) => {
        if (from === away && kind === "ask" && time === stage.fixing) asked++;
        return to !== away;
      };
    });
    down(stage, away, -0.5, 180);
    stage.runTo(780);
    const early = asked; // every 30 s to three others
    expect(early).to.be.within(57, 66);
    stage.runTo(2_580);
    expect(asked - early).to.be.within(15, 21); // half an hour, every 5 minutes
    stage.gate = () => true;
    stage.runTo(2_900);
    expect(reporters(stage)).to.have.members(stage.honest);
  });

  it("asks for a fixing that it did not observe because its clock was off", () => {
    const stage = new Stage(RULES, 3, view);
    const [off] = stage.cast.others;
    playAlong(stage);
    stage.world.at(1000 * stage.fixing, () => {
      stage.gate = (_, to) => to !== off;
      stage.world.handle(off, { kind: "offset", offset: 1_500 });
    });
    stage.runTo(180);
    const others = stage.honest.filter((signer) => signer !== off);
    expect(reporters(stage)).to.have.members(others);
    stage.gate = () => true;
    stage.runTo(220);
    expect(reporters(stage)).to.have.members(stage.honest);
  });
});
