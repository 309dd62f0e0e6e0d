import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Clock } from "../../clock.ts";
import { formatDecimal } from "../../decimal.ts";
import { parsePair } from "../../feeds/unit.ts";
import { MARK_HEADER, MARKS } from "../mark.ts";
import { VENUES } from "../venues/all.ts";
import type { PricePath } from "./price-path.ts";
import { type Protocol, PROTOCOLS, type Spoken } from "./protocols.ts";
import { Random, seedOf } from "./random.ts";

/** How simulated venues are set up. */
export interface SimulatedVenuesOptions {
  /** Time as the venues know it: a price is served once it is known by this clock, never before. */
  readonly clock: Clock;
  readonly paths: readonly PricePath[];
  /** `replay` makes all venues alike; in a simulation they disagree. */
  readonly provenance: "simulated" | "replay";
  /** Decides how they disagree. */
  readonly seed: number;
  /** How far a venue may be from the true price, in millionths; 300 by default. */
  readonly disagreement?: number;
  /** Which venues; all four by default. */
  readonly venues?: readonly string[];
}

/** A time in which a venue says `factor` times the price. */
export interface Lie {
  readonly venue: string;
  /** Unix milliseconds: from, up to and not including `until`. */
  readonly from: number;
  readonly until: number;
  readonly factor: bigint;
  /** `factor` / `divisor` times the price; 1 by default. */
  readonly divisor?: bigint;
}

/** Local servers that speak venues' protocols. */
export interface SimulatedVenues {
  /** Where each venue answers, for `Market`. */
  readonly origins: ReadonlyMap<string, string>;
  /** Tells a venue to lie for a while. */
  readonly lie: (lie: Lie) => void;
  /** How many requests each venue has answered. */
  readonly requests: () => ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

/** For how long a venue stays on one side of the true price, in milliseconds. */
const MOOD = 15_000;

/** Starts simulated venues on free ports of 127.0.0.1. Every answer is marked; readers refuse it where real prices are wanted. */
export async function startSimulatedVenues(options: SimulatedVenuesOptions): Promise<SimulatedVenues> {
  const { provenance, venues = [...PROTOCOLS.keys()] } = options;
  const lies: Lie[] = [];
  const requests = new Map<string, number>(venues.map((venue) => [venue, 0]));
  const servers = await Promise.all(
    venues.map(async (venue) => {
      protocolOf(venue); // refused before anything is open
      const server = createServer((request, response) => {
        requests.set(venue, (requests.get(venue) ?? 0) + 1);
        const body = venueAnswer(new URL(request.url ?? "/", "http://venue"), venue, options, lies);
        response.setHeader(MARK_HEADER, MARKS[provenance]);
        response.setHeader("content-type", "application/json");
        response.statusCode = body === null ? 404 : 200;
        response.end(body ?? `{"message":"no such pair, or no price yet"}`);
      });
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return [venue, server] as const;
    }),
  );
  return {
    origins: new Map(servers.map(([venue, server]) => [venue, originOf(server)])),
    lie: (lie) => {
      if (!venues.includes(lie.venue)) throw new RangeError(`${lie.venue} is not among ${venues.join(", ")}`);
      lies.push(lie);
    },
    requests: () => requests,
    close: async () => {
      await Promise.all(
        servers.map(async ([, server]) => {
          server.close();
          server.closeAllConnections();
          await once(server, "close");
        }),
      );
    },
  };
}

/** What a simulated venue answers to a request, as JSON; null where it knows no such pair, or no price yet. */
export function venueAnswer(
  url: URL,
  venue: string,
  options: Omit<SimulatedVenuesOptions, "venues">,
  lies: readonly Lie[],
): string | null {
  const protocol = protocolOf(venue);
  const wanted = protocol.asksFor(url);
  if (wanted === undefined) return null;
  const now = options.clock.wall();
  const pairs = new Map<string, Spoken>();
  for (const path of options.paths) {
    const code = codeOf(venue, path.symbol);
    const spoken = wanted === null || wanted === code ? speak(venue, path, now, options, lies) : null;
    if (spoken !== null) pairs.set(code, spoken);
  }
  return pairs.size === 0 ? null : protocol.answer(pairs, wanted === null);
}

function speak(
  venue: string,
  path: PricePath,
  now: number,
  { provenance, seed, disagreement = 300 }: Omit<SimulatedVenuesOptions, "venues">,
  lies: readonly Lie[],
): Spoken | null {
  const known = path.at(now);
  if (known === null) return null;
  let { units } = known.price;
  if (provenance === "simulated") {
    const mood = seedOf(seed, `${venue} ${path.symbol} ${Math.floor(known.time / MOOD)}`);
    units += (units * BigInt(new Random(mood).around(disagreement))) / 1_000_000n;
  }
  for (const { venue: liar, from, until, factor, divisor = 1n } of lies)
    if (liar === venue && from <= now && now < until) units = (units * factor) / divisor;
  return { price: formatDecimal({ units, scale: known.price.scale }), time: known.time };
}

function protocolOf(venue: string): Protocol {
  const protocol = PROTOCOLS.get(venue);
  if (protocol === undefined) {
    throw new RangeError(`${venue} cannot be simulated; these can: ${[...PROTOCOLS.keys()].join(", ")}`);
  }
  return protocol;
}

function codeOf(venue: string, symbol: string): string {
  const pair = parsePair(symbol);
  return (pair && VENUES.find(({ id }) => id === venue)?.code(pair)) ?? symbol;
}

function originOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
