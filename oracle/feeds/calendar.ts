/** A stretch of a local day in seconds since midnight; both ends are open, so the close has a price. */
export interface Session {
  readonly from: number;
  /** Up to 86,400: the next midnight. */
  readonly to: number;
}

/** From `from` (Unix seconds) on, local time is UTC plus `offset` seconds. */
export interface ZoneOffset {
  readonly from: number;
  readonly offset: number;
}

/**
 * When a market is open, as plain data: offsets from UTC are listed, not looked up, so that every signer works out
 * the same answer whatever time zone tables its machine has.
 */
export interface Calendar {
  /** Sessions of Sunday (0) to Saturday (6). */
  readonly weekly: readonly (readonly Session[])[];
  /** Days that differ, by days since 1970-01-01 in local time; no sessions for a holiday. */
  readonly days: ReadonlyMap<number, readonly Session[]>;
  /** Ascending; the first also holds for what was before it. */
  readonly offsets: readonly ZoneOffset[];
}

const DAY = 86_400;
const THURSDAY = 4; // 1970-01-01

/**
 * Whether a market is open at a time.
 * @param calendar null for a market that never closes
 * @param time Unix seconds
 */
export function isOpen(calendar: Calendar | null, time: number): boolean {
  if (calendar === null) return true;
  const local = time + offsetAt(calendar, time);
  const day = Math.floor(local / DAY);
  const second = local - day * DAY;
  if (sessionsOf(calendar, day).some(({ from, to }) => from <= second && second <= to)) return true;
  return second === 0 && sessionsOf(calendar, day - 1).some(({ to }) => to === DAY);
}

/** Sessions of a local day, by days since 1970-01-01. */
export function sessionsOf(calendar: Calendar, day: number): readonly Session[] {
  const weekday = (((day + THURSDAY) % 7) + 7) % 7;
  return calendar.days.get(day) ?? calendar.weekly[weekday] ?? [];
}

/** Seconds that local time is ahead of UTC at a time. */
export function offsetAt(calendar: Pick<Calendar, "offsets">, time: number): number {
  let offset = calendar.offsets[0]?.offset ?? 0;
  for (const step of calendar.offsets) {
    if (step.from > time) break;
    offset = step.offset;
  }
  return offset;
}
