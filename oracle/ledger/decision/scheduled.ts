import { offsetAt, type ZoneOffset } from "../../feeds/calendar.ts";

/** Times of the week at which a price is sent whatever it is: "weekdays at 09:55 in Tokyo". */
export interface Schedule {
  /** Local times of day, `HH:MM`, 00:00 to 23:59. */
  readonly at: readonly string[];
  /** An IANA name, such as `Asia/Tokyo`. */
  readonly timeZone: string;
  /** That zone's offsets, written out by `zoneOffsets`, so that a replay elsewhere finds the same times. */
  readonly offsets: readonly ZoneOffset[];
  /** Local days: Sunday (0) to Saturday (6). */
  readonly weekdays: readonly number[];
}

const DAY = 86_400;
const THURSDAY = 4; // 1970-01-01

/**
 * The newest scheduled time at or before `time`; what is due follows from it and from the price on chain alone, so a restart
 * catches up exactly once. A local time that the clocks skip counts as the same distance behind the skip, one that comes
 * twice counts the first time.
 * @param time Unix seconds
 * @returns Unix seconds; 0 where nothing is scheduled
 * @throws RangeError for a time of day that is none
 */
export function lastScheduled(schedule: Schedule, time: number): number {
  const { at, weekdays } = schedule;
  const seconds = at.map(secondOfDay);
  const today = Math.floor((time + offsetAt(schedule, time)) / DAY);
  let newest = 0;
  // A week back holds every weekday; a day more on both sides, for days that the zone makes longer or shorter.
  for (let day = today - 8; day <= today + 1; day++) {
    if (!weekdays.includes((((day + THURSDAY) % 7) + 7) % 7)) continue;
    for (const second of seconds) {
      const due = instantOf(schedule, day * DAY + second);
      if (due <= time && due > newest) newest = due;
    }
  }
  return newest;
}

/**
 * By feed: the newest scheduled time at or before `time`, 0 where there is none. Schedules that feeds share are worked out
 * once.
 * @param schedules by feed; null for a feed without one
 */
export function scheduledTimes(schedules: readonly (Schedule | null)[], time: number): Uint32Array {
  const known = new Map<Schedule, number>();
  return Uint32Array.from(schedules, (schedule) => {
    if (schedule === null) return 0;
    const newest = known.get(schedule) ?? lastScheduled(schedule, time);
    known.set(schedule, newest);
    return newest;
  });
}

function secondOfDay(text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) {
    throw new RangeError(`${JSON.stringify(text)} is not a time of day from 00:00 to 23:59`);
  }
  return Number(hours) * 3600 + Number(minutes) * 60;
}

/** When it is `local` (seconds since 1970 by the zone's own clocks). */
function instantOf(schedule: Schedule, local: number): number {
  const before = offsetAt(schedule, local - DAY);
  const after = offsetAt(schedule, local + DAY);
  const first = local - before;
  if (before === after || offsetAt(schedule, first) === before) return first;
  const second = local - after;
  return offsetAt(schedule, second) === after ? second : first;
}
