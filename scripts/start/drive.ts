import { systemClock } from "../../oracle/clock.ts";
import type { FastClock } from "../../oracle/fast-clock.ts";
import type { WorldPlan } from "./world-plan.ts";

/** Milliseconds from the system's time within which a world has caught up with it. */
const CAUGHT_UP = 20;
/** Seconds after a tick in which its report is agreed, recorded and acted on; then a replay may skip what nobody knows. */
const AFTER_TICK = 60;

/** Seconds in which a story must come to its end once its last fixing is final. */
const PATIENCE = 600;

/** Lives the past at full speed up to the present, and goes on with the system's time. */
export async function catchUp(clock: FastClock): Promise<void> {
  const system = systemClock();
  for (;;) {
    const now = system.wall();
    if (now - clock.wall() <= CAUGHT_UP) break;
    await clock.runTo(now);
  }
  clock.join(system);
}

/**
 * Lives a replayed file at full speed: tick by tick, skipping the time in which nothing is known, and on until `done`: to
 * where the last fixing is final and settled.
 */
export async function liveThrough(
  clock: FastClock,
  plan: WorldPlan,
  atEnd: () => void,
  done: () => boolean,
): Promise<void> {
  const ticks = plan.replay?.ticks ?? [];
  for (const [i, tick] of ticks.entries()) {
    if (tick * 1000 > clock.wall()) await clock.jumpTo(tick * 1000);
    const next = ticks[i + 1] ?? tick + plan.tick - 0.5; // after the last one, not to where signers would observe again
    await clock.runTo(Math.min(next, tick + AFTER_TICK) * 1000);
  }
  atEnd();
  await clock.runTo(clock.wall() + AFTER_TICK * 1000);
  // Where the last fixing is final; between here and there nobody knows anything new.
  await clock.jumpTo(Math.max(clock.wall(), (plan.expireAt + plan.dispute + 2 * AFTER_TICK) * 1000));
  const end = clock.wall() + PATIENCE * 1000;
  while (!done() && clock.wall() < end) await clock.runTo(clock.wall() + 1_000);
}
