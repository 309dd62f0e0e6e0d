import { readFileSync } from "node:fs";
import path from "node:path";

import type { Catalog } from "../../oracle/feeds/catalog.ts";
import type { Provenance } from "../../oracle/market/quote.ts";
import { maxInputAge, tickOf, ticksOf } from "../../oracle/lab/world/ticks.ts";
import { PriceFileError } from "../../oracle/market/simulated/price-file-error.ts";
import { type PriceFile, readPriceFile } from "../../oracle/market/simulated/price-file.ts";
import type { PricePath } from "../../oracle/market/simulated/price-path.ts";
import { randomWalk, type RandomWalkOptions } from "../../oracle/market/simulated/random-walk.ts";
import { replay } from "../../oracle/market/simulated/replay.ts";
import { FIXING_PERIOD } from "../../oracle/signer/agreement/timing.ts";
import { UsageError } from "../../oracle/usage-error.ts";
import { REPLAY_VENUES, replayCatalog, tokyoCatalog } from "./catalogs.ts";
import type { Mode } from "./start-options.ts";

/** What is going to happen, and when. Times are Unix seconds. */
export interface WorldPlan {
  readonly provenance: Provenance;
  readonly catalog: Catalog;
  /** What simulated venues say; nothing where the venues are the real ones. */
  readonly prices: PriceSource | undefined;
  /** Which venues are simulated. */
  readonly venues: readonly string[];
  readonly seed: number;
  /** Seconds from tick to tick. */
  readonly tick: number;
  /** When the signers' epoch begins: a fixing time. */
  readonly from: number;
  /** When the options are struck. */
  readonly strikeAt: number;
  /** When they expire. */
  readonly expireAt: number;
  /** Seconds in which two people may void a fixing. */
  readonly dispute: number;
  /** What is replayed, and the times at which signers observe it. */
  readonly replay: { readonly file: PriceFile; readonly ticks: readonly number[] } | undefined;
}

/** Where simulated prices come from, as plain data: the venues that say them run in a thread of their own. */
export type PriceSource =
  | { readonly kind: "walks"; readonly walks: readonly RandomWalkOptions[] }
  | { readonly kind: "file"; readonly file: PriceFile };

/** The prices as they unfold. */
export function pathsOf(source: PriceSource): readonly PricePath[] {
  return source.kind === "walks" ? source.walks.map(randomWalk) : [replay(source.file)];
}

const HOUR = 3600;
/** How long the past is that a simulated world lives at full speed. */
const PAST = 2 * HOUR;

/** What is to happen in a world of this mode that begins now. */
export function planWorld(mode: Mode, now: number): WorldPlan {
  switch (mode.kind) {
    case "simulated":
      return planSimulated(mode.seed, now);
    case "live":
      return planLive(now);
    case "replay":
      return planReplay(path.basename(mode.file), readFile(mode.file, mode.symbol));
  }
}

/** Two hours back, to the fixing time: the options are struck at the first fixing, and expire at the last that is final by now. */
function planSimulated(seed: number, now: number): WorldPlan {
  const from = Math.floor((now - PAST) / FIXING_PERIOD) * FIXING_PERIOD;
  const dispute = 600;
  const walk = (symbol: string, units: bigint): RandomWalkOptions => ({
    symbol,
    seed,
    start: (from - HOUR) * 1000,
    price: { units, scale: 0 },
    volatility: 90_000,
  });
  return {
    provenance: "simulated",
    catalog: tokyoCatalog(10),
    prices: { kind: "walks", walks: [walk("BTC/JPY", 11_250_000n), walk("ETH/JPY", 547_900n)] },
    venues: ["bitflyer", "coincheck", "bitbank", "gmo"],
    seed,
    tick: 10,
    from,
    strikeAt: from,
    expireAt: from + PAST - FIXING_PERIOD - dispute,
    dispute,
    replay: undefined,
  };
}

/** From now on: struck at the next fixing that new signers may vote on, expiring at the one after it. */
function planLive(now: number): WorldPlan {
  const tick = 10;
  const ready = now + 2 * tick + 30; // signers with new stores sit two ticks out, and venues are asked first
  const strikeAt = Math.ceil(ready / FIXING_PERIOD) * FIXING_PERIOD;
  return {
    provenance: "live",
    catalog: tokyoCatalog(20), // four signers ask from one address, two pairs each: less than half of one request a second
    prices: undefined,
    venues: [],
    seed: 0,
    tick,
    from: Math.floor(now / FIXING_PERIOD) * FIXING_PERIOD,
    strikeAt,
    expireAt: strikeAt + FIXING_PERIOD,
    dispute: 60,
    replay: undefined,
  };
}

function planReplay(name: string, file: PriceFile): WorldPlan {
  const tick = tickOf(file);
  const ticks = ticksOf(file, tick);
  const age = maxInputAge(file);
  const prices = replay(file);
  const priced = (time: number): boolean => {
    const newest = prices.at(time * 1000);
    return newest !== null && newest.time / 1000 >= time - age;
  };
  const candidates = ticks.filter((time) => time % FIXING_PERIOD === 0 && priced(time));
  const [first = 0, strikeAt, expireAt] = [ticks[0], candidates[0], candidates.at(-1)];
  if (strikeAt === undefined || expireAt === undefined || strikeAt === expireAt) {
    throw new PriceFileError(
      name,
      null,
      `has prices at ${candidates.length} fixing times (multiples of ${FIXING_PERIOD} s); an option needs one to be struck at and a later one to settle on`,
    );
  }
  return {
    provenance: "replay",
    catalog: replayCatalog(file, tick),
    prices: { kind: "file", file },
    venues: REPLAY_VENUES,
    seed: 0,
    tick,
    from: Math.floor(first / FIXING_PERIOD) * FIXING_PERIOD,
    strikeAt,
    expireAt,
    dispute: 600,
    replay: { file, ticks },
  };
}

function readFile(file: string, symbol: string | undefined): PriceFile {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === "ENOENT" ? `there is no file ${file}` : `${file} cannot be read: ${message}`,
    );
  }
  return readPriceFile(path.basename(file), text, symbol === undefined ? {} : { symbol });
}
