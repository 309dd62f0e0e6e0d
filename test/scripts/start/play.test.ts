import { expect } from "chai";

import type { ChainFixing } from "../../../oracle/api/oracle-view.ts";
import { manualClock } from "../../../oracle/clock.ts";
import { NO_PRICE } from "../../../oracle/report/word.ts";
import type { QuorumReport } from "../../../oracle/signer/agreement/effects.ts";
import type { World } from "../../../scripts/start/open-world.ts";
import { type Narrator, NoFixingError, play } from "../../../scripts/start/play.ts";
import { Tally } from "../../../scripts/start/tally.ts";
import { planWorld } from "../../../scripts/start/world-plan.ts";
import { rejection } from "../../utils/rejection.ts";

const NOW = Date.UTC(2026, 10, 26, 12, 3, 20) / 1000;

describe("play", () => {
  /** A story that waits for its first fixing, of which the chain never hears. */
  function waiting() {
    const plan = planWorld({ kind: "live" }, NOW);
    const clock = manualClock(NOW * 1000);
    const ending = new AbortController();
    const tally = new Tally(plan);
    const none: ChainFixing = { status: "none", block: 1, price: null, since: null, finalAt: null };
    const view = { chainFixing: () => Promise.resolve(none) };
    const world = { plan, clock, deployed: {}, instance: { view }, ending: ending.signal };
    const story = play(world as unknown as World, tally, 2n, {} as Narrator);
    return { plan, clock, ending, tally, end: rejection(story) };
  }

  it("waits for nothing any more once its world ends: the process has nothing to stay for", async () => {
    const { ending, end } = waiting();
    ending.abort(new Error("the world ends"));
    expect((await end).message).to.equal("the world ends");
  });

  it("ends, with what to do, where the signers agreed that there is no price to strike at", async () => {
    const { plan, clock, tally, end } = waiting();
    await clock.advance((plan.strikeAt - NOW) * 1000 + 20_000);
    const report = { time: plan.strikeAt, prices: BigInt64Array.of(NO_PRICE, 1n) };
    tally.listener.onReport?.(report as unknown as QuorumReport);
    await clock.advance(2_000);
    const error = await end;
    expect(error).to.be.instanceOf(NoFixingError);
    expect(error.message).to.equal(
      "BTC/JPY has no price at 2026-11-26 21:05:00 JST: too few venues had answered by then. Is this machine on the internet, and do the venues above answer it? Without --live, npm start needs neither.",
    );
  });
});
