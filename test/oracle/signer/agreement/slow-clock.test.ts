import { expect } from "chai";

import { leaderOf } from "../../../../oracle/signer/agreement/epoch.ts";
import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import { FIXING } from "./epoch-for-tests.ts";
import { cheapCryptography } from "./simulation/cheap-cryptography.ts";
import { KeptStore } from "./simulation/kept-store.ts";
import { epochOf } from "./simulation/network-of.ts";
import { Watch } from "./simulation/watch.ts";
import { World } from "./simulation/world.ts";

const TICK = FIXING + 10;
const epoch = epochOf(4, RULES, FIXING - 300);
const leader = leaderOf(epoch, TICK, 0);
const [slow, mute, other] = [1, 2, 3].map((i) => (leader + i) % 4) as [number, number, number];

/** Four honest signers, messages of 20 ms. Three clocks are ahead by so much, one is behind by so much. */
function fourSigners({ ahead = 800, behind = 900, crashes = false, observes = true } = {}) {
  const watch = new Watch(epoch, new Set());
  const pages: string[] = [];
  const world = new World(
    {
      epoch,
      rules: RULES,
      cryptographyOf: (member) => cheapCryptography(epoch.members[member]!.identity),
      watch: Object.assign(Object.create(watch) as Watch, {
        output: (signer: number, output: Parameters<Watch["output"]>[1]) => {
          watch.output(signer, output);
          for (const effect of output.effects)
            if (effect.kind === "page" && "time" in effect.page && effect.page.time === TICK)
              pages.push(`${signer} ${effect.page.reason}`);
        },
      }),
      observe: (_, signer) => new BigInt64Array(5).fill(1_000_000n + BigInt(signer)),
      kms: (signer) => ({ delay: 100, answers: signer !== mute }),
      route: (_, __, messages) => [{ delay: 20, messages }],
    },
    1000 * (TICK - 5),
  );
  for (const signer of [0, 1, 2, 3]) {
    world.add(signer, new KeptStore(true), signer === slow ? -behind : ahead);
    world.start(signer);
  }
  if (!observes) world.handle(slow, { kind: "offset", offset: -1_001 });
  if (crashes)
    world.at(1000 * TICK + 300, () => {
      world.crash(other);
    });
  world.run(1000 * TICK + 9_000);
  return { watch, pages };
}

describe("a clock that is slow, but within a second", () => {
  it("does not keep a signer from signing what the others decided before it was time to observe", () => {
    // One of the quick three cannot sign, so the report needs the slow one.
    const { watch, pages } = fourSigners();
    expect(watch.decidedRound.get(TICK)).to.equal(0);
    expect([...watch.reportersOf(TICK)]).to.have.members([0, 1, 2, 3]);
    expect(pages).to.deep.equal([`${mute} kms`]);
  });

  it("nor from voting for it: it waits for its own observation as long as for a proposal", () => {
    // One of the quick three falls over when it has observed, so the first round needs the slow one's votes.
    const { watch } = fourSigners({ ahead: 600, behind: 700, crashes: true });
    expect(watch.decidedRound.get(TICK)).to.equal(0);
  });

  it("is paged where nothing was observed until it was too late", () => {
    const { watch, pages } = fourSigners({ observes: false });
    expect(watch.decidedRound.get(TICK)).to.equal(0);
    expect(pages).to.have.members([`${mute} kms`, `${slow} unobserved`]);
    expect([...watch.reportersOf(TICK)]).to.deep.equal([]);
  });
});
