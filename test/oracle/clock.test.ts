import { expect } from "chai";

import { manualClock, seconds, systemClock } from "../../oracle/clock.ts";

const START = 1_700_000_003_250;

describe("clock", () => {
  it("seconds rounds the wall time down, never up", () => {
    const clock = manualClock(START + 749);
    expect(seconds(clock)).to.equal(1_700_000_003);
  });

  it("the system clock tells the system's time and never goes back", () => {
    const clock = systemClock();
    const [before, wall, after] = [systemClock().wall(), clock.wall(), systemClock().wall()];
    expect(wall).to.be.within(before, after);
    expect(wall).to.be.greaterThan(Date.UTC(2024, 0));
    const first = clock.monotonic();
    expect(clock.monotonic()).to.be.at.least(first);
  });

  it("the system clock sleeps, and wakes with the reason when it is aborted", async () => {
    const clock = systemClock();
    const before = clock.monotonic();
    await clock.sleep(2);
    expect(clock.monotonic() - before).to.be.at.least(1); // timers may fire up to a millisecond early
    await clock.sleep(-1);
    const controller = new AbortController();
    const asleep = clock.sleep(3_600_000, controller.signal);
    controller.abort(new Error("enough"));
    expect(await asleep.catch((error: unknown) => error)).to.have.property("message", "enough");
    expect(await clock.sleep(1, controller.signal).catch((error: unknown) => error)).to.have.property(
      "message",
      "enough",
    );
  });

  it("a manual clock stands still until it is moved", async () => {
    const clock = manualClock(START);
    expect([clock.wall(), clock.monotonic()]).to.deep.equal([START, 0]);
    await clock.advance(1_500);
    expect([clock.wall(), clock.monotonic()]).to.deep.equal([START + 1_500, 1_500]);
  });

  it("a manual clock wakes sleepers in the order of their times, each at its own time", async () => {
    const clock = manualClock(START);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ...naps: number[]): Promise<void> => {
      for (const nap of naps) {
        await clock.sleep(nap);
        woken.push([name, clock.monotonic()]);
      }
    };
    const all = Promise.all([sleeper("a", 300, 300), sleeper("b", 200), sleeper("c", 500, 200)]);
    await clock.advance(650);
    expect(woken).to.deep.equal([
      ["b", 200],
      ["a", 300],
      ["c", 500],
      ["a", 600],
    ]);
    await clock.advance(50);
    await all;
    expect(woken.at(-1)).to.deep.equal(["c", 700]);
  });

  it("a manual clock leaves an aborted sleeper behind", async () => {
    const clock = manualClock(START);
    const controller = new AbortController();
    const asleep = clock.sleep(100, controller.signal).catch((error: unknown) => error);
    controller.abort(new Error("stop"));
    await clock.advance(1_000);
    expect(await asleep).to.have.property("message", "stop");
  });

  it("correcting the wall time moves neither monotonic time nor sleepers", async () => {
    const clock = manualClock(START);
    let woken = false;
    const asleep = clock.sleep(1_000).then(() => (woken = true));
    clock.setWall(START - 60_000);
    expect([clock.wall(), clock.monotonic()]).to.deep.equal([START - 60_000, 0]);
    await clock.advance(999);
    expect(woken).to.equal(false);
    await clock.advance(1);
    await asleep;
    expect(clock.wall()).to.equal(START - 59_000);
  });

  it("a manual clock goes forward only", async () => {
    const clock = manualClock(START);
    for (const step of [-1, Number.NaN])
      expect(await clock.advance(step).catch((error: unknown) => error)).to.be.instanceOf(RangeError);
  });
});
