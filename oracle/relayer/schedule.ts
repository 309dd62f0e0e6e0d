import { schedule as cron } from "node-cron";

import type { Schedule } from "../ledger/decision/scheduled.ts";

/**
 * Wakes someone at scheduled times. The timers are only hints, and by the system's clock: one that comes late, twice or never
 * changes nothing but the moment, because what is due follows from the price on chain (`lastScheduled`).
 * @param schedules of feeds; those that feeds share have one timer
 * @returns what ends the timers
 */
export function scheduleHints(
  schedules: readonly (Schedule | null)[],
  wake: () => void,
): { readonly stop: () => Promise<void> } {
  const distinct = new Map<string, { readonly expression: string; readonly timezone: string }>();
  for (const schedule of schedules) {
    for (const expression of schedule === null ? [] : cronExpressions(schedule)) {
      const timezone = schedule?.timeZone ?? "UTC";
      distinct.set(`${expression} ${timezone}`, { expression, timezone });
    }
  }
  const tasks = [...distinct].map(([name, { expression, timezone }]) =>
    cron(expression, wake, { timezone, name: `nakane ${name}` }),
  );
  return {
    stop: async () => {
      for (const task of tasks) await task.destroy();
    },
  };
}

/** A schedule as cron writes it: one line for each time of day. */
export function cronExpressions({ at, weekdays }: Schedule): readonly string[] {
  if (weekdays.length === 0) return [];
  return at.map((text) => {
    const [hours, minutes] = text.split(":").map(Number);
    return `${minutes ?? 0} ${hours ?? 0} * * ${weekdays.toSorted((a, b) => a - b).join(",")}`;
  });
}
