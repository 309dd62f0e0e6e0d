import { expect } from "chai";

import { manualClock } from "../../oracle/clock.ts";
import { fastClock, held } from "../../oracle/fast-clock.ts";

/** Work that takes some turns of the event loop, as I/O does. */
async function work(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

describe("fast clock", () => {
  it("wakes sleepers each at its own time, in order, and those of one time in the order in which they slept", async () => {
    const clock = fastClock(1_000);
    const woken: string[] = [];
    const sleep = async (name: string, milliseconds: number) => {
      await clock.sleep(milliseconds);
      woken.push(`${name} ${clock.wall()} ${clock.monotonic()}`);
    };
    const all = [sleep("c", 30), sleep("a", 10), sleep("b", 10), sleep("never", 101)];
    await clock.runTo(1_100);
    await Promise.all(all.slice(0, 3));
    expect(woken).to.deep.equal(["a 1010 10", "b 1010 10", "c 1030 30"]);
    expect(clock.wall()).to.equal(1_100);
  });

  it("stands still while work is held, and goes on when all of it has settled, failed or not", async () => {
    const clock = fastClock(0);
    const times: number[] = [];
    const begin = async () => {
      await clock.sleep(5);
      await clock.hold(work());
      times.push(clock.wall());
      await clock
        .hold(work().then(() => Promise.reject(new Error("no"))))
        .catch(() => times.push(clock.wall()));
      await clock.sleep(5);
      times.push(clock.wall());
    };
    const done = begin();
    void clock.sleep(6);
    await clock.runTo(20);
    await done;
    expect(times).to.deep.equal([5, 5, 10]);
  });

  it("holds whatever an object's methods promise, and leaves the rest of it alone", async () => {
    const clock = fastClock(0);
    class Thing {
      readonly #secret = 7;
      readonly name = "thing";
      now(): number {
        return this.#secret;
      }
      async later(): Promise<number> {
        await work();
        return this.#secret;
      }
    }
    const thing = held(clock, new Thing());
    expect([thing.name, thing.now()]).to.deep.equal(["thing", 7]);
    let at = -1;
    void clock
      .sleep(1)
      .then(() => thing.later())
      .then(() => {
        at = clock.wall();
      });
    void clock.sleep(2);
    await clock.runTo(3);
    expect(at).to.equal(1);
  });

  it("jumps like a machine that was suspended: who slept wakes late, and time between did not happen", async () => {
    const clock = fastClock(0);
    const woken: number[] = [];
    void clock.sleep(10).then(() => woken.push(clock.wall()));
    void clock.sleep(20).then(() => woken.push(clock.wall()));
    void clock.sleep(5_001).then(() => woken.push(clock.wall()));
    await clock.jumpTo(5_000);
    expect(woken).to.deep.equal([5_000, 5_000]);
  });

  it("lets a sleeper go at once when its signal aborts", async () => {
    const clock = fastClock(0);
    const stop = new AbortController();
    const sleeping = clock.sleep(10, stop.signal);
    stop.abort(new Error("stopped"));
    expect(await sleeping.catch((error: unknown) => String(error))).to.equal("Error: stopped");
    expect(await clock.sleep(10, stop.signal).catch((error: unknown) => String(error))).to.equal(
      "Error: stopped",
    );
  });

  it("joins another time: sleepers keep theirs, and nobody turns it any more", async () => {
    const clock = fastClock(1_000);
    const woken: number[] = [];
    void clock.sleep(50).then(() => woken.push(clock.wall()));
    await clock.runTo(1_020);
    const system = manualClock(1_020);
    clock.join(system);
    void clock.sleep(10).then(() => woken.push(clock.wall()));
    await system.advance(29);
    expect([woken, clock.wall(), clock.monotonic()]).to.deep.equal([[1_030], 1_049, 49]);
    await system.advance(1);
    expect(woken).to.deep.equal([1_030, 1_050]);
    expect(await clock.hold(Promise.resolve(3))).to.equal(3);
    expect(await clock.runTo(2_000).catch((error: unknown) => String(error))).to.match(/nobody turns/);
  });

  it("goes forward only", async () => {
    expect(
      await fastClock(9)
        .runTo(8)
        .catch((error: unknown) => String(error)),
    ).to.match(/it is 9, not to become 8/);
  });
});
