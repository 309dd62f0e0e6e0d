import { expect } from "chai";

import { systemClock } from "../../../oracle/clock.ts";
import { type FastClock, fastClock } from "../../../oracle/fast-clock.ts";
import { catchUp, liveThrough } from "../../../scripts/start/drive.ts";
import type { WorldPlan } from "../../../scripts/start/world-plan.ts";

/** Times are seconds of the replayed world. */
const T0 = 1_000_000_200;

const planOf = (ticks: readonly number[], tick: number, expireAt: number): WorldPlan =>
  ({ tick, expireAt, dispute: 600, replay: { ticks } }) as unknown as WorldPlan;

/** Sleeps from one time to the next, and writes down when it woke. */
async function sleeper(clock: FastClock, wake: readonly number[], woken: number[]): Promise<void> {
  for (const time of wake) {
    await clock.sleep(time * 1000 - clock.wall());
    woken.push(clock.wall() / 1000);
  }
}

describe("liveThrough", () => {
  it("lives every tick and the minute after it, jumps where nobody knows anything new, and goes on until done", async () => {
    const clock = fastClock((T0 - 100) * 1000);
    const ticks = [T0, T0 + 3600, T0 + 7200];
    const plan = planOf(ticks, 300, T0 + 7200);
    const woken: number[] = [];
    // Behind each tick, in time and after the minute; and at last something to wait for.
    const wake = ticks.flatMap((tick) => [tick - 10, tick + 5, tick + 59, tick + 61]);
    const settled = T0 + 7200 + 600 + 300;
    let ended = 0;
    let done = false;
    const story = sleeper(clock, [...wake, settled], woken).then(() => {
      done = true;
    });
    await liveThrough(
      clock,
      plan,
      () => {
        ended = clock.wall() / 1000;
      },
      () => done,
    );
    await story;
    const [first, second, third] = ticks as [number, number, number];
    expect(woken).to.deep.equal([
      ...[first, first + 5, first + 59, second], // before the first tick, and after its minute, nobody woke in time
      ...[second, second + 5, second + 59, third],
      ...[third, third + 5, third + 59, third + 61],
      settled,
    ]);
    expect(ended, "observing ends before the tick after the last").to.be.within(third + 59, third + 299.9);
    expect(clock.wall() / 1000).to.be.within(settled, settled + 1);
  });

  it("does not skip the time between ticks that are near", async () => {
    const clock = fastClock(T0 * 1000);
    const ticks = Array.from({ length: 30 }, (_, i) => T0 + 10 * i);
    const woken: number[] = [];
    const wake = Array.from({ length: 290 }, (_, i) => T0 + i + 1);
    let done = false;
    const story = sleeper(clock, wake, woken).then(() => {
      done = true;
    });
    await liveThrough(
      clock,
      planOf(ticks, 10, T0 + 300),
      () => undefined,
      () => done,
    );
    await story;
    expect(woken).to.deep.equal(wake);
  });

  it("comes to where the last fixing is final, and has patience for ten minutes", async () => {
    const clock = fastClock(T0 * 1000);
    await liveThrough(
      clock,
      planOf([T0, T0 + 60], 60, T0 + 60),
      () => undefined,
      () => false,
    );
    const final = T0 + 60 + 600;
    expect(clock.wall() / 1000).to.be.within(final + 600, final + 600 + 300);
  });
});

describe("catchUp", () => {
  it("lives the past, waking everybody in time, and then goes with the system", async () => {
    const system = systemClock();
    const begin = Math.floor(system.wall() / 1000) - 600;
    const clock = fastClock(begin * 1000);
    const wake = Array.from({ length: 60 }, (_, i) => begin + 10 * (i + 1) - 5);
    const woken: number[] = [];
    const story = sleeper(clock, wake, woken);
    await catchUp(clock);
    await story;
    expect(woken).to.deep.equal(wake);
    const [before, then, after] = [system.wall(), clock.wall(), system.wall()];
    expect(then).to.be.within(before, after);
    expect(await clock.runTo(clock.wall() + 1).catch((error: unknown) => String(error))).to.match(
      /nobody turns/,
    );
  });
});
