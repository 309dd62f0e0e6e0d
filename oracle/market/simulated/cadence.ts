import type { Cadence } from "./price-file.ts";

const DAY = 86_400_000;

/** How stamps follow each other: the step is the one seen most often. They are ascending, and at least two. */
export function cadenceOf(stamps: readonly number[]): Cadence {
  if (stamps.every(isFirstOfMonth)) return { kind: "months" };
  const counts = new Map<number, number>();
  for (let i = 1; i < stamps.length; i++) {
    const step = (stamps[i] ?? 0) - (stamps[i - 1] ?? 0);
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [stepMs] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  const spansWeekend = (stamps.at(-1) ?? 0) - (stamps[0] ?? 0) >= 7 * DAY;
  return stepMs === DAY && spansWeekend && !stamps.some(isWeekend)
    ? { kind: "business-days" }
    : { kind: "bars", stepMs };
}

/** When what is stamped is known: at the end of its bar, its day, its month. */
export function endOf(stamp: number, cadence: Cadence): number {
  switch (cadence.kind) {
    case "bars":
      return stamp + cadence.stepMs;
    case "business-days":
      return stamp + DAY;
    case "months":
      return nextMonth(stamp);
    case "trades":
      return stamp;
  }
}

/** How many prices are missing between two neighbours; null where the second is out of step. */
export function missingBetween(before: number, after: number, cadence: Cadence): number | null {
  switch (cadence.kind) {
    case "bars":
      return (after - before) % cadence.stepMs === 0 ? (after - before) / cadence.stepMs - 1 : null;
    case "business-days": {
      if ((after - before) % DAY !== 0) return null;
      let missing = 0;
      for (let day = before + DAY; day < after; day += DAY) if (!isWeekend(day)) missing++;
      return missing;
    }
    case "months": {
      let missing = 0;
      for (let month = nextMonth(before); month < after; month = nextMonth(month)) missing++;
      return missing;
    }
    case "trades":
      return 0;
  }
}

function isWeekend(time: number): boolean {
  return [0, 6].includes(new Date(time).getUTCDay());
}

function isFirstOfMonth(time: number): boolean {
  return time % DAY === 0 && new Date(time).getUTCDate() === 1;
}

function nextMonth(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
