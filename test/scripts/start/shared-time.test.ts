import { expect } from "chai";

import { systemClock } from "../../../oracle/clock.ts";
import { fastClock } from "../../../oracle/fast-clock.ts";
import { SharedTime } from "../../../scripts/start/shared-time.ts";

describe("shared time", () => {
  it("is in every thread what the clock that writes it says, at each sleeper's own time", async () => {
    const time = new SharedTime();
    const clock = fastClock(1_000, (wall, joined) => {
      time.write(wall, joined);
    });
    const elsewhere = new SharedTime(time.buffer).clock();
    const seen = [elsewhere.wall()];
    void clock.sleep(30).then(() => seen.push(elsewhere.wall()));
    await clock.runTo(1_050);
    seen.push(elsewhere.wall());
    await clock.jumpTo(9_000);
    seen.push(elsewhere.wall());
    expect(seen).to.deep.equal([1_000, 1_030, 1_050, 9_000]);
  });

  it("goes on at the system's pace once the clock has joined it", () => {
    const time = new SharedTime();
    const system = systemClock();
    const clock = fastClock(1_000, (wall, joined) => {
      time.write(wall, joined);
    });
    const behind = { ...system, wall: () => system.wall() - 5_000_000 };
    const joining = behind.wall();
    clock.join(behind);
    const joined = behind.wall();
    const elsewhere = new SharedTime(time.buffer).clock();
    const [before, then, after] = [behind.wall(), elsewhere.wall(), behind.wall()];
    // The writer asks the clock and the system one after the other, so it may be late by what the joining took.
    expect(then).to.be.within(before - (joined - joining), after);
  });
});
