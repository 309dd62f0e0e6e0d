import type { Calendar, Session } from "./calendar.ts";
import type { CatalogProblem } from "./catalog-error.ts";
import type { CalendarFile, Weekday } from "./catalog-schema.ts";
import { zoneOffsets } from "./zone-offsets.ts";

const WEEK: readonly Weekday[] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_MS = 86_400_000;

/** Checks a calendar and writes its time zone out; undefined where `problems` got a line. */
export function readCalendar(
  file: CalendarFile,
  path: string,
  problems: CatalogProblem[],
): Calendar | undefined {
  const before = problems.length;
  const sessions = (texts: readonly string[], where: string) =>
    readSessions(texts, `${path}.${where}`, problems);
  const weekly = WEEK.map((day) => sessions(file.weekly[day], `weekly.${day}`));
  const days = new Map<number, readonly Session[]>(file.holidays.map((date) => [dayNumber(date), []]));
  for (const [date, hours] of Object.entries(file.special)) {
    if (days.has(dayNumber(date))) {
      problems.push({
        path: `${path}.special.${date}`,
        message: "is also among the holidays; keep one of the two",
      });
    }
    days.set(dayNumber(date), sessions(hours, `special.${date}`));
  }
  try {
    const offsets = zoneOffsets(file.timeZone);
    return problems.length === before ? { weekly, days, offsets } : undefined;
  } catch {
    problems.push({
      path: `${path}.timeZone`,
      message: `no such time zone: "${file.timeZone}" (such as Asia/Tokyo)`,
    });
    return undefined;
  }
}

function readSessions(texts: readonly string[], path: string, problems: CatalogProblem[]): Session[] {
  const sessions = texts.map((text) => {
    const [from = "", to = ""] = text.split("-");
    return { from: secondOfDay(from), to: secondOfDay(to) };
  });
  let end = -1;
  sessions.forEach(({ from, to }, i) => {
    if (!(from < to && to <= 86_400)) {
      problems.push({
        path: `${path}[${i}]`,
        message: `"${texts[i]}" must end after it starts and by 24:00; a night is two sessions, one on each day`,
      });
    } else if (from <= end) {
      problems.push({
        path: `${path}[${i}]`,
        message: `"${texts[i]}" must start after the session before it ends`,
      });
    }
    end = to;
  });
  return sessions;
}

/** Seconds since midnight; NaN where the minute or the hour does not exist. */
function secondOfDay(text: string): number {
  const [hour = Number.NaN, minute = Number.NaN] = text.split(":").map(Number);
  return minute < 60 && hour <= 24 ? (hour * 60 + minute) * 60 : Number.NaN;
}

function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}
