import { type Calendar, isOpen, sessionsOf } from "./calendar.ts";

/** A calendar in UTC: an ordinary week, and the stretches of time in which another rule holds. */
export interface UtcWeek {
  /** Open spans `[from, until)` in seconds since Monday 00:00 UTC; ascending. */
  readonly week: readonly (readonly [from: number, until: number])[];
  /** Stretches `[from, until)` of Unix seconds in which the week does not say; ascending. */
  readonly exceptions: readonly { readonly from: number; readonly until: number; readonly open: boolean }[];
}

const DAY = 86_400;
const WEEK = 7 * DAY;
/** Unix time began on a Thursday; the Monday after it. */
const MONDAY = 4 * DAY;

type Span = readonly [from: number, until: number];

/**
 * Writes a calendar out for signers to agree by: holidays, special days and weeks of another offset become exceptions to
 * the week that is most common. It says the same as `isOpen` for every second of the weeks that `from` to `until` touch.
 * @param calendar null for a market that never closes
 * @param from Unix seconds: usually when the epoch begins
 * @param until Unix seconds: as far as the epoch may last
 */
export function utcWeek(calendar: Calendar | null, from: number, until: number): UtcWeek {
  if (calendar === null) return { week: [[0, WEEK]], exceptions: [] };
  const weeks: { start: number; spans: readonly Span[]; key: string }[] = [];
  for (let start = mondayOf(from); start < until; start += WEEK) {
    const spans = openSpans(calendar, start);
    weeks.push({ start, spans, key: JSON.stringify(spans) });
  }
  const counts = new Map<string, number>();
  for (const { key } of weeks) counts.set(key, (counts.get(key) ?? 0) + 1);
  const [common] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ["[]", 0]);
  return {
    week: JSON.parse(common) as Span[],
    exceptions: joined(
      weeks.filter(({ key }) => key !== common).flatMap(({ start, spans }) => stretches(start, spans)),
    ),
  };
}

/** The open spans of the week that begins at a Monday, in seconds since then. */
function openSpans(calendar: Calendar, monday: number): Span[] {
  const turns = [...turningPoints(calendar, monday), WEEK].sort((a, b) => a - b);
  const spans: [number, number][] = [];
  turns.forEach((turn, i) => {
    const next = turns[i + 1];
    if (next === undefined || next === turn || !isOpen(calendar, monday + turn)) return;
    const last = spans.at(-1);
    if (last?.[1] === turn) last[1] = next;
    else spans.push([turn, next]);
  });
  return spans;
}

/** All seconds of a week at which a calendar may open or close: between two of them it does neither. */
function turningPoints(calendar: Calendar, monday: number): Set<number> {
  const turns = new Set([0]);
  const add = (time: number) => {
    if (time > monday && time < monday + WEEK) turns.add(time - monday);
  };
  for (const { from } of calendar.offsets) add(from);
  const first = Math.floor(monday / DAY);
  for (const offset of new Set(calendar.offsets.map((step) => step.offset))) {
    for (let day = first - 2; day <= first + 8; day++) {
      for (const session of sessionsOf(calendar, day)) {
        add(day * DAY + session.from - offset);
        add(day * DAY + session.to + 1 - offset); // open at `to`, closed after it
      }
    }
  }
  return turns;
}

/** A whole week as stretches that are open or not. */
function stretches(start: number, spans: readonly Span[]): UtcWeek["exceptions"] {
  const all: { from: number; until: number; open: boolean }[] = [];
  let at = 0;
  for (const [from, until] of spans) {
    if (at < from) all.push({ from: start + at, until: start + from, open: false });
    all.push({ from: start + from, until: start + until, open: true });
    at = until;
  }
  if (at < WEEK) all.push({ from: start + at, until: start + WEEK, open: false });
  return all;
}

function joined(all: UtcWeek["exceptions"]): UtcWeek["exceptions"] {
  const result: { from: number; until: number; open: boolean }[] = [];
  for (const stretch of all) {
    const last = result.at(-1);
    if (last?.until === stretch.from && last.open === stretch.open) last.until = stretch.until;
    else result.push({ ...stretch });
  }
  return result;
}

function mondayOf(time: number): number {
  return Math.floor((time - MONDAY) / WEEK) * WEEK + MONDAY;
}
