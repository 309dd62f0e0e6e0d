/**
 * `npm start`: the whole oracle on this machine, from the venues to an option that is paid. `npm start -- --help` lists the
 * options.
 */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import { promisify } from "node:util";

import hre from "hardhat";

import { type Clock, systemClock } from "../oracle/clock.ts";
import { holdPort } from "../oracle/api/free-port.ts";
import { inBuildTurn } from "../oracle/lab/world/build-turn.ts";
import { UsageError } from "../oracle/usage-error.ts";
import { whenUnread } from "../oracle/when-unread.ts";
import { catchUp, liveThrough } from "./start/drive.ts";
import { lastScreen } from "./start/last-screen.ts";
import { markOf } from "./start/mark.ts";
import { Narration } from "./start/narrate.ts";
import { openWorld, type World } from "./start/open-world.ts";
import { type Outcome, play } from "./start/play.ts";
import { refuseBooks } from "./start/refuse-books.ts";
import { newRunFolder } from "./start/run-folder.ts";
import { Screen } from "./start/screen.ts";
import { readStartOptions, type StartOptions, USAGE } from "./start/start-options.ts";
import { type ExpectedPayoff, summarise } from "./start/summary.ts";
import { Tally } from "./start/tally.ts";
import { planWorld, type WorldPlan } from "./start/world-plan.ts";

/** Milliseconds that a world has to end by itself after Ctrl-C. */
const DRAIN = 2_800;

const stopping = new AbortController();
/** Whether there is a world that has to be closed. */
let open = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    if (!open) process.exit(0); // nothing has begun that could be left half done
    stopping.abort(new Error(signal));
  });
}
whenUnread((error) => {
  if (!open) process.exit();
  stopping.abort(error);
});

try {
  const options = readStartOptions(process.argv.slice(2));
  if (options === undefined) console.log(USAGE);
  else await start(options);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`\nnpm start: ${message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function start(options: StartOptions): Promise<void> {
  const screen = new Screen(options.json ? process.stderr : process.stdout);
  const now = Math.floor(systemClock().wall() / 1000);
  const plan = planWorld(options.mode, now);
  const network = options.network ?? `rehearsal-${randomBytes(4).toString("hex")}`;
  refuseBooks(options, network);
  const ports = {
    api: await holdPort("--port", options.apiPort, 8080, { others: [options.rpcPort] }),
    rpc: await holdPort("--rpc-port", options.rpcPort, 8545),
  };
  const folder = newRunFolder(systemClock().wall());
  sayTitle(screen, plan, folder);
  await inBuildTurn(hre.config.paths.cache, () =>
    hre.tasks.getTask("build").run({ quiet: true, noTests: true }),
  );
  open = true;
  const tally = new Tally(plan);
  const narration = new Narration(screen, plan, tally);
  const world = await openWorld({ options, plan, folder, network, ports, listener: tally.listener });
  try {
    narration.opened(world);
    await live(options, world, tally, narration, screen);
  } catch (error) {
    await end(world, screen).catch(() => undefined); // what went wrong first is what is told
    throw error;
  }
  await end(world, screen);
  if (tally.failure !== undefined) throw tally.failure;
}

/** Until the options are settled, or until Ctrl-C. */
async function live(
  options: StartOptions,
  world: World,
  tally: Tally,
  narration: Narration,
  screen: Screen,
): Promise<void> {
  const { instance, venues, plan, fast } = world;
  const interrupted = new Promise<"interrupted">((resolve) => {
    const tell = (): void => {
      resolve("interrupted");
    };
    if (stopping.signal.aborted) tell(); // while the world was being opened
    stopping.signal.addEventListener("abort", tell);
  });
  const failed = new Promise<never>((_, reject) => {
    tally.also.onFailure = reject;
  });
  if (plan.provenance === "simulated") {
    // One venue of four says ten times the price for a minute, half an hour in.
    const from = (plan.from + 1_800) * 1000;
    venues?.lie({ venue: "bitbank", from, until: from + 60_000, factor: 10n });
  }
  await instance.start();
  let done = false;
  const story = play(world, tally, options.size, narration).finally(() => {
    done = true;
  });
  const driven = fast === undefined ? story : drive(world, () => done).then(() => story);
  story.catch(() => undefined); // whoever waits for it below is told
  const outcome = await Promise.race([driven, interrupted, failed]);
  if (outcome === "interrupted") {
    screen.line("\nStopped before the options were settled.");
    if (options.untilSettled) process.exitCode ??= 1; // that is what it was to wait for
    return;
  }
  if (fast !== undefined && plan.provenance === "replay") fast.join(since(fast.wall()));
  const file = tally.agreed.write(world.folder);
  if (!options.json) lastScreen(screen, world, tally, outcome);
  if (options.json) {
    const summary = await summarise(world, tally, outcome, await expected(options, file, outcome));
    process.stdout.write(`${JSON.stringify(summary)}\n`);
  }
  if (!options.untilSettled) await Promise.race([interrupted, failed]);
}

async function drive({ plan, fast, instance }: World, done: () => boolean): Promise<void> {
  if (fast === undefined) return;
  if (plan.provenance === "simulated") return catchUp(fast);
  const atEnd = (): void => {
    instance.close();
  };
  return liveThrough(fast, plan, atEnd, done);
}

/** The system's pace, from another time on: a replay stays in its own time. */
function since(wall: number): Clock {
  const system = systemClock();
  const offset = wall - system.wall();
  return { ...system, wall: () => system.wall() + offset };
}

function sayTitle(screen: Screen, plan: WorldPlan, folder: string): void {
  const mark = markOf(plan);
  const what =
    plan.replay === undefined
      ? "a whole oracle on this machine"
      : `${plan.replay.file.symbol} as ${plan.replay.file.format} has it`;
  screen.line(`${screen.style("bold", "Nakane")}: ${what}${mark && ` ${screen.style("magenta", mark)}`}`);
  screen.say("files", folder);
  for (const { after, before, missing } of plan.replay?.file.gaps.slice(0, 5) ?? []) {
    const [from, to] = [new Date(after).toISOString(), new Date(before).toISOString()];
    screen.say("gap", `${missing} missing between ${from} and ${to}: no price there, nothing is filled in`);
  }
  const more = (plan.replay?.file.gaps.length ?? 0) - 5;
  if (more > 0) screen.say("gap", `and ${more} more`);
}

/**
 * What the option should pay, by a reader that shares nothing with what was run: from the file that was replayed, or from the
 * prices that were agreed.
 */
async function expected(
  { mode, size }: StartOptions,
  agreed: string,
  outcome: Outcome,
): Promise<ExpectedPayoff | null> {
  if (outcome.options.every(({ payoff }) => payoff === 0n)) return null;
  const script = path.join(import.meta.dirname, "expected-payoff.ts");
  const file = mode.kind === "replay" ? mode.file : agreed;
  const args = [script, file, "--size", String(size), "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as ExpectedPayoff;
}

/** Ends a world within three seconds, whatever hangs. */
async function end(world: World, screen: Screen): Promise<void> {
  const late = setTimeout(() => {
    screen.line("Something did not end in time; what is on disk is complete.");
    process.exit(1);
  }, DRAIN);
  try {
    await world.close();
  } finally {
    clearTimeout(late);
  }
}
