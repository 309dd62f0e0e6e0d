import type { ZoneOffset } from "./calendar.ts";

const WEEK = 7 * 86_400;

/** The years for which a time zone's changes are written out. */
const ZONE_YEARS = { from: 2017, to: 2040 } as const;

/**
 * Writes a time zone's offsets out, from this machine's tables, once, when a catalog is read. The result is part of
 * the catalog, so two signers with different tables see that their catalogs differ, at start and not at a settlement.
 * @param timeZone an IANA name such as `Asia/Tokyo`
 * @throws RangeError for a name this machine does not know
 */
export function zoneOffsets(timeZone: string): readonly ZoneOffset[] {
  const offsetAt = offsetReader(timeZone);
  const start = Date.UTC(ZONE_YEARS.from, 0, 1) / 1000;
  const end = Date.UTC(ZONE_YEARS.to + 1, 0, 1) / 1000;
  const offsets: ZoneOffset[] = [{ from: start, offset: offsetAt(start) }];
  for (let week = start; week < end; week += WEEK) {
    const last = offsetAt(week);
    if (offsetAt(week + WEEK) === last) continue;
    const from = firstChange(offsetAt, week, week + WEEK);
    offsets.push({ from, offset: offsetAt(from) });
  }
  return offsets;
}

/** The first second in (`from`, `to`] whose offset is not that of `from`. */
function firstChange(offsetAt: (time: number) => number, from: number, to: number): number {
  const before = offsetAt(from);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

function offsetReader(timeZone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (time) => {
    const part = new Map(format.formatToParts(time * 1000).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? 0;
    const local = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
    return local / 1000 - time;
  };
}
