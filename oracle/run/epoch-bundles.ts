import { bandNumbers } from "../feeds/band.ts";
import type { Catalog } from "../feeds/catalog.ts";
import { utcWeek } from "../feeds/utc-week.ts";
import type { EpochBundle } from "../signer/agreement/epoch.ts";

/**
 * What signers agree by, of a catalog: definitions, calendars in UTC, tolerances and hard bands.
 * @param from Unix seconds: when the epoch begins
 * @param until Unix seconds: as far as it may last; calendars are written out up to here
 */
export function epochBundles(catalog: Catalog, from: number, until: number): EpochBundle[] {
  return catalog.bundles.map(({ bundle, calendar, feeds }) => ({
    definition: {
      bundle,
      feeds: feeds.map(({ symbol, decimals, methodHash, maxInputAge }) => ({
        symbol,
        decimals,
        method: methodHash,
        maxInputAge,
      })),
    },
    calendar: utcWeek(calendar, from, until),
    feeds: feeds.map(({ tolerance, hardBand }) => ({
      tolerance: bandNumbers(tolerance),
      hardBand: bandNumbers(hardBand),
    })),
  }));
}
