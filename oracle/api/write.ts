import { formatUnits } from "../decimal.ts";
import type { Feed } from "../feeds/catalog.ts";
import { MARKS } from "../market/mark.ts";
import type { Provenance } from "../market/quote.ts";
import type { FeedAddresses } from "./feed-addresses.ts";

/** A time, for programs and for people. */
export function moment(unix: number): { unix: number; iso: string } {
  return { unix, iso: new Date(unix * 1000).toISOString().replace(".000Z", "Z") };
}

/** The same where there may be none. */
export function momentOrNull(unix: number | null): { unix: number; iso: string } | null {
  return unix === null ? null : moment(unix);
}

/** What is shown with prices of this provenance; null for live ones. */
export function markFor(provenance: Provenance): "SIMULATED" | "REPLAY" | null {
  return provenance === "live" ? null : MARKS[provenance];
}

/** A price, as text: no JSON number touches it. */
export function writePrice(units: bigint, { decimals }: Feed, provenance: Provenance) {
  return {
    decimal: formatUnits(units, decimals),
    units: units.toString(),
    provenance,
    mark: markFor(provenance),
  };
}

/** A feed in few words. */
export function writeFeed(feed: Feed, addresses: FeedAddresses) {
  const { id, symbol, decimals } = feed;
  return { id, symbol, decimals, path: `/v1/feeds/${addresses.addressOf(feed)}` };
}

/** Bytes as `0x…`. */
export function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
