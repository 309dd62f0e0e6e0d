import type { OracleView } from "../../oracle/api/oracle-view.ts";
import type { Clock } from "../../oracle/clock.ts";
import type { Feed } from "../../oracle/feeds/catalog.ts";
import { Desk, type Kind, type SettledOption, type SoldOption } from "./desk.ts";
import { SLOT } from "./dev-chain.ts";
import { forgeReport, offerForged } from "./forge.ts";
import type { World } from "./open-world.ts";
import { tokyoTime } from "./screen.ts";
import type { Tally } from "./tally.ts";

/** What the story tells as it goes. */
export interface Narrator {
  readonly onStruck: (price: bigint) => void;
  readonly onSold: (option: SoldOption) => void;
  readonly onForged: (refusal: string, bytes: number) => void;
  readonly onExpired: (price: bigint, finalAt: number) => void;
  readonly onSettled: (option: SettledOption) => void;
}

/** The signers agreed that there is no price at a time at which the story needs one, and there will never be. */
export class NoFixingError extends Error {
  override readonly name = "NoFixingError";
}

/** What came of a run's options. */
export interface Outcome {
  readonly desk: Desk;
  readonly struck: bigint;
  readonly expired: bigint;
  readonly options: readonly SettledOption[];
}

/** A hundredth of the strike: no model prices a sample. */
const PREMIUM = 100n;
/** Seconds after which a report is on chain, as a rule. */
const SOON = 8;

/**
 * The story of a run: a call and a put are struck at the first fixing and sold, somebody offers the chain a forged report,
 * both options are settled on the last fixing once it is final, and both sides are paid. Everything happens at the world's
 * own times, whoever turns its clock, and nothing any more once the world ends.
 * @throws NoFixingError; the world's reason, where it ends first
 */
export async function play(world: World, tally: Tally, size: bigint, tell: Narrator): Promise<Outcome> {
  const { plan, instance, deployed, ending } = world;
  const clock: Clock = { ...world.clock, sleep: (milliseconds) => world.clock.sleep(milliseconds, ending) };
  const feed = plan.catalog.feeds[0];
  if (feed === undefined) throw new Error("a world without feeds");
  const desk = new Desk(deployed, clock, feed);
  const priceAt = (time: number) => priceOf(instance.view, feed, time, clock, tally);
  const struck = await priceAt(plan.strikeAt);
  tell.onStruck(struck.price);
  const deal = {
    strike: struck.price,
    size,
    expiry: plan.expireAt,
    premium: (struck.price * size) / PREMIUM,
  };
  const sold: SoldOption[] = [];
  for (const kind of ["call", "put"] satisfies Kind[]) {
    const option = await desk.sell({ kind, ...deal });
    tell.onSold(option);
    sold.push(option);
  }
  if (tally.newest !== undefined) {
    const forged = forgeReport(tally.newest);
    tell.onForged(await offerForged(deployed, forged), forged.length);
  }
  const expired = await priceAt(plan.expireAt);
  const finalAt = expired.finalAt;
  tell.onExpired(expired.price, finalAt);
  await sleepUntil(clock, finalAt + SLOT);
  const options: SettledOption[] = [];
  for (const option of sold) {
    const settled = await desk.settle(option);
    tell.onSettled(settled);
    options.push(settled);
  }
  return { desk, struck: struck.price, expired: expired.price, options };
}

/** Waits until the chain has a fixing. */
async function priceOf(
  view: OracleView,
  { id, symbol }: Feed,
  time: number,
  clock: Clock,
  { unpriced }: Tally,
): Promise<{ price: bigint; finalAt: number }> {
  await sleepUntil(clock, time + SOON);
  for (;;) {
    const { price, finalAt } = await view.chainFixing(id, time);
    if (price !== null && finalAt !== null) return { price, finalAt };
    if (unpriced.has(time)) {
      throw new NoFixingError(
        `${symbol} has no price at ${tokyoTime(time)} JST: too few venues had answered by then. Is this machine on the internet, and do the venues above answer it? Without --live, npm start needs neither.`,
      );
    }
    await clock.sleep(SLOT * 1000);
  }
}

/** @param time Unix seconds */
async function sleepUntil(clock: Clock, time: number): Promise<void> {
  await clock.sleep(time * 1000 - clock.wall());
}
