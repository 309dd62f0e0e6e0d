import { FIXING_PERIOD } from "../signer/agreement/timing.ts";

/** Seconds of a UTC day. */
export const DAY = 86_400;

/** How many days what is not kept for ever is kept. */
export const RETENTION = {
  /** Rows of verdicts: what can be searched by feed and time. The tick records have them longer. */
  verdicts: 93,
  /** Reports of ordinary ticks. Those of fixings are kept for ever. */
  reports: 93,
  tickRecords: 400,
} as const;

/** The first second that is kept. A day goes as a whole, once its last second is older than `days` days. */
export function keptFrom(now: number, days: number): number {
  return (Math.floor(now / DAY) - days) * DAY;
}

/** What is deleted, in SQL: a report of a fixing never is. */
export const ORDINARY = `observed_at % ${FIXING_PERIOD} <> 0`;
export const FIXING = `observed_at % ${FIXING_PERIOD} = 0`;
