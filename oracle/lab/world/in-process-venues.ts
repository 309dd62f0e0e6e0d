import type { Clock } from "../../clock.ts";
import type { Fetcher, FetchResult } from "../../market/fetch-text.ts";
import { MARK_HEADER, MARKS } from "../../market/mark.ts";
import type { PricePath } from "../../market/simulated/price-path.ts";
import { type Lie, venueAnswer } from "../../market/simulated/simulated-venues.ts";
import type { Origins } from "../../market/source.ts";

/** A time in which a venue does not answer. */
export interface VenueOutage {
  /** Null for all of them. */
  readonly venue: string | null;
  /** Unix milliseconds: from, up to and not including `until`. */
  readonly from: number;
  readonly until: number;
}

/** Venues of a laboratory: what they say and when they fail. */
export interface InProcessVenuesOptions {
  readonly clock: Clock;
  readonly paths: readonly PricePath[];
  readonly provenance: "simulated" | "replay";
  readonly seed: number;
  /** Millionths; 0 makes all alike. */
  readonly disagreement: number;
  readonly venues: readonly string[];
  readonly lies: readonly Lie[];
  readonly outages: readonly VenueOutage[];
}

/** Venues that answer by a function call, in the words of the real ones: no socket is opened. */
export interface InProcessVenues {
  readonly origins: Origins;
  /** One for each signer. */
  readonly fetcher: () => Fetcher;
}

/**
 * Venues in this process. A market asks them as it asks the public: it builds the URL, reads the mark and the body. The
 * host of a URL is 127.0.0.1, with the venue's place as its port; nothing listens there.
 */
export function inProcessVenues(options: InProcessVenuesOptions): InProcessVenues {
  const { clock, venues, lies, outages, provenance } = options;
  const originOf = (place: number) => `http://127.0.0.1:${place + 1}`;
  const byOrigin = new Map(venues.map((venue, place) => [new URL(originOf(place)).origin, venue]));
  const header = (name: string): string | null => (name === MARK_HEADER ? MARKS[provenance] : null);
  const fetchText = async (request: { readonly url: string }): Promise<FetchResult> => {
    const url = new URL(request.url);
    const venue = byOrigin.get(url.origin) ?? "";
    const now = clock.wall();
    const silent = outages.some(
      (outage) =>
        (outage.venue === null || outage.venue === venue) && outage.from <= now && now < outage.until,
    );
    if (silent) return failed("network", `${venue}: no connection`);
    const body = venueAnswer(url, venue, options, lies);
    if (body === null) return failed("status", `${venue}: expected status 200, saw 404`);
    return { ok: true, body, header };
  };
  return {
    origins: new Map(venues.map((venue, place) => [venue, originOf(place)])),
    fetcher: () => ({ fetchText, close: () => undefined }),
  };
}

function failed(problem: "network" | "status", message: string): FetchResult {
  return { ok: false, problem, message, retryAfter: null };
}
