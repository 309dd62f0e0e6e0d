import { NIL } from "../../../../../oracle/signer/agreement/message.ts";
import { NO_PRICE } from "../../../../../oracle/report/word.ts";
import { type Rules, RULES } from "../../../../../oracle/signer/agreement/rules.ts";
import { FAULTS } from "./faults.ts";
import { KeptStore } from "./kept-store.ts";
import { Stage } from "./stage.ts";
import { Violation } from "./watch.ts";

/** A schedule against one fault: with the rules as they are every promise is kept, with the fault one is broken. */
export interface Schedule {
  readonly fault: string;
  /** What breaks. */
  readonly breaks: RegExp;
  /** @throws Violation when a promise is broken */
  readonly run: (faulty: boolean) => void;
}

const LEVEL = [1_500_000_000n, 30_000_000n, 9_000_000n, 15_000_000n, 16_200_000n];

/** Everybody sees nearly the same: signer i one millionth more than signer i - 1. */
function nearlySame(signer: number): BigInt64Array {
  return BigInt64Array.from(LEVEL, (level) => level + (level * BigInt(signer)) / 1_000_000n);
}

/** A price moved by so many thousandths: 9 are within tolerance. */
function moved(signer: number, thousandths: bigint): BigInt64Array {
  return nearlySame(signer).map((price) => price + (price * thousandths) / 1000n);
}

function rulesFor(fault: keyof typeof FAULTS, faulty: boolean): Rules {
  return faulty ? FAULTS[fault] : RULES;
}

function mustBeReported(stage: Stage): void {
  const reporters = stage.watch.reportersOf(stage.fixing);
  if (stage.honest.every((signer) => reporters.has(signer))) return;
  throw new Violation("the fixing is not reported everywhere");
}

/**
 * In round 0 the first leader alone sees a quorum of precommits for its value and falls silent. One honest signer
 * is locked on that value, the other saw nothing of it. In round 1 the liar leads and proposes another value: the
 * locked signer must not help.
 */
function decidedByOne(stage: Stage, betweenRounds: (locked: number) => void): void {
  const { first, liar, others } = stage.cast;
  const [locked, free] = others;
  let ended = false;
  stage.gate = (from, to, message) => {
    if (message.time !== stage.fixing || from === liar || stage.world.now > 1000 * (stage.fixing + 60))
      return true;
    const vote = message.kind === "prevote" || message.kind === "precommit";
    const unheard = message.signer === first || message.signer === liar;
    if (to === free && message.kind === "prevote" && message.round === 0 && unheard) return false;
    if (ended && to === locked && (message.kind === "prop" || vote) && message.round === 0) return false;
    return from !== first || (message.kind !== "precommit" && message.kind !== "sig" && !ended);
  };
  stage.script = (message) => {
    if (message.kind === "prop" && message.round === 0) {
      stage.prevote(0, message.value, [first, locked]);
      stage.precommit(0, message.value, [first]);
      stage.prevote(0, NIL, [free]);
      stage.precommit(0, NIL, [free, locked]);
    }
    if (message.kind === "precommit" && message.signer === free && message.round === 0) {
      stage.world.at(stage.world.now + 300, () => {
        ended = true;
        betweenRounds(locked);
      });
      stage.world.at(stage.world.now + 1_200, () => {
        const value = stage.propose(1, [liar, ...others], others);
        stage.prevote(1, value, others);
        stage.precommit(1, value, others);
      });
    }
  };
  stage.runTo(180);
  mustBeReported(stage);
}

/**
 * In round 0 the first leader locks its value with the help of the liar's vote, which nobody else got: one of the
 * others had no proposal. Then the liar is silent for ever, and had shown two faces in its observation, so that fresh
 * proposals of the others are another value. Only with the liar's vote can they follow the lock.
 */
function lockedByLiarsVote(stage: Stage, liarVotesNil: boolean): void {
  const { first, liar, others } = stage.cast;
  const [, late] = others;
  stage.gate = (from, to, message) => {
    if (message.time !== stage.fixing || from === liar) return true;
    return !(to === late && message.kind === "prop" && message.round === 0);
  };
  stage.world.at(1000 * stage.fixing + 4_900, () => {
    stage.observation(liar, moved(liar, 2n), others);
  });
  stage.script = (message) => {
    if (message.kind !== "prop" || message.round !== 0) return;
    stage.prevote(0, message.value, [first]);
    if (liarVotesNil) stage.prevote(0, NIL, others);
    stage.precommit(0, NIL, stage.honest);
  };
  stage.runTo(600);
  mustBeReported(stage);
}

export const SCHEDULES: readonly Schedule[] = [
  {
    fault: "no lock",
    breaks: /disagreement|two roots|two quorum reports/,
    run(faulty) {
      decidedByOne(new Stage(rulesFor("no lock", faulty), 1, nearlySame), () => undefined);
    },
  },
  {
    fault: "amnesia",
    breaks: /disagreement|two roots|two quorum reports/,
    run(faulty) {
      const stage = new Stage(RULES, 1, nearlySame);
      decidedByOne(stage, (locked) => {
        const signer = stage.world.signers.get(locked)!;
        stage.world.crash(locked);
        // The disk comes back, and so does its claim to be the last one; what was voted does not.
        if (faulty) signer.store = new KeptStore(true, signer.store.observationsOnly());
        stage.world.start(locked);
      });
    },
  },
  {
    fault: "q - 1",
    breaks: /nobody decided|disagreement|signatures instead of/,
    run(faulty) {
      const stage = new Stage(rulesFor("q - 1", faulty), 0, nearlySame);
      const { liar } = stage.cast;
      const [a = 0, b = 0, c = 0] = stage.honest;
      // Two sides that hear nothing of each other for half a minute, and a liar who tells each a value of its own.
      stage.gate = (from, to) =>
        stage.world.now > 1000 * (stage.fixing + 30) || from === liar || (from === c) === (to === c);
      stage.world.at(1000 * stage.fixing + 6_000, () => {
        for (const side of [[a, b], [c]]) {
          const value = stage.propose(0, side.length > 1 ? [a, b, liar] : [b, c, liar], side);
          stage.prevote(0, value, side);
          stage.precommit(0, value, side);
        }
      });
      stage.runTo(120);
      mustBeReported(stage);
    },
  },
  {
    fault: "first vote only",
    breaks: /not reported everywhere/,
    run(faulty) {
      lockedByLiarsVote(new Stage(rulesFor("first vote only", faulty), 1, nearlySame), true);
    },
  },
  {
    fault: "own votes only",
    breaks: /not reported everywhere/,
    run(faulty) {
      lockedByLiarsVote(new Stage(rulesFor("own votes only", faulty), 1, nearlySame), false);
    },
  },
  {
    fault: "unsorted median",
    breaks: /outside of the honest/,
    run(faulty) {
      // Signer 2 of 4 stands where the middle of the list would be, if it were sorted.
      const at = [0, 1, 2, 3].find((after) => new Stage(RULES, after, nearlySame).cast.liar === 2)!;
      const stage = new Stage(rulesFor("unsorted median", faulty), at, (signer) =>
        moved(signer, signer === 2 ? 9n : 0n),
      );
      stage.script = (message) => {
        if (message.kind !== "prop") return;
        stage.prevote(message.round, message.value, stage.honest);
        stage.precommit(message.round, message.value, stage.honest);
      };
      stage.runTo(60);
      mustBeReported(stage);
    },
  },
  {
    fault: "abstention counted",
    breaks: /outside of the honest/,
    run(faulty) {
      let quiet = -1;
      const { liar: low } = new Stage(RULES, 0, nearlySame).cast;
      const stage = new Stage(rulesFor("abstention counted", faulty), 0, (signer) => {
        if (signer === quiet) return nearlySame(signer).fill(NO_PRICE);
        return moved(signer, signer === low ? -9n : 0n);
      });
      const [a = 0, abstains = 0] = stage.honest;
      quiet = abstains;
      stage.world.at(1000 * stage.fixing + 6_000, () => {
        const value = stage.propose(0, [a, abstains, low], stage.honest);
        stage.prevote(0, value, stage.honest);
        stage.precommit(0, value, stage.honest);
      });
      stage.runTo(60);
      mustBeReported(stage);
    },
  },
];
