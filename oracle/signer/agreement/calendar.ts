/**
 * When a bundle's market is open, in UTC seconds. A market whose hours follow a summer time has its changes as
 * exceptions, so that no signer needs a time zone database, and none can have another one.
 */
export interface Calendar {
  /** Open spans of an ordinary week, `[from, until)` in seconds since Monday 00:00 UTC; ascending. */
  readonly week: readonly (readonly [from: number, until: number])[];
  /** Spans of Unix time in which the week does not say, `[from, until)`; ascending. */
  readonly exceptions: readonly CalendarException[];
}

export interface CalendarException {
  readonly from: number;
  readonly until: number;
  readonly open: boolean;
}

export const WEEK = 604_800;

/** Unix time began on a Thursday. */
const MONDAY = 345_600;

export const ALWAYS_OPEN: Calendar = { week: [[0, WEEK]], exceptions: [] };

/** Whether the market is open at a Unix time in seconds. */
export function isOpen(calendar: Calendar, time: number): boolean {
  const exception = calendar.exceptions.find(({ from, until }) => from <= time && time < until);
  if (exception) return exception.open;
  const second = (time + WEEK - MONDAY) % WEEK;
  return calendar.week.some(([from, until]) => from <= second && second < until);
}

/** @throws RangeError for spans that are empty, overlap or do not ascend */
export function checkCalendar({ week, exceptions }: Calendar): void {
  checkSpans(week, WEEK, "week");
  checkSpans(
    exceptions.map(({ from, until }) => [from, until] as const),
    2 ** 32,
    "exceptions",
  );
}

function checkSpans(spans: readonly (readonly [number, number])[], end: number, name: string): void {
  let previous = 0;
  for (const [from, until] of spans) {
    if (
      !Number.isInteger(from) ||
      !Number.isInteger(until) ||
      from < previous ||
      until <= from ||
      until > end
    ) {
      throw new RangeError(
        `${name}: span ${from} to ${until} must begin at ${previous} or later, and end by ${end}`,
      );
    }
    previous = until;
  }
}
