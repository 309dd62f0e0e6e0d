/** When a venue is regularly away. */
export interface MaintenanceWindow {
  readonly venue: string;
  /** Days of the week at the venue, Sunday 0; every day where absent. */
  readonly weekdays?: readonly number[];
  /** Minutes after midnight at the venue: from, up to and not including `to`. */
  readonly from: number;
  readonly to: number;
  /** The venue's offset from UTC in minutes; Japan has no summer time. */
  readonly utcOffset: number;
  /** Where the venue says so. */
  readonly page: string;
}

const JST = 9 * 60;
const MINUTE = 60_000;
const DAY_MINUTES = 1440;

/** Windows that venues announce once and for all. What they announce for one night is not here. */
export const MAINTENANCE: readonly MaintenanceWindow[] = [
  {
    venue: "bitflyer",
    from: 4 * 60,
    to: 4 * 60 + 10,
    utcOffset: JST,
    page: "https://lightning.bitflyer.com/docs",
  },
  {
    venue: "gmo",
    weekdays: [6],
    from: 9 * 60,
    to: 11 * 60,
    utcOffset: JST,
    page: "https://support.coin.z.com/hc/ja",
  },
];

/** Whether a venue's absence at a time (Unix milliseconds) is expected, so that it is no alert. */
export function inMaintenance(
  venue: string,
  time: number,
  windows: readonly MaintenanceWindow[] = MAINTENANCE,
): boolean {
  return windows.some((window) => {
    if (window.venue !== venue) return false;
    const minutes = Math.floor(time / MINUTE) + window.utcOffset;
    const minute = ((minutes % DAY_MINUTES) + DAY_MINUTES) % DAY_MINUTES;
    const weekday = (((Math.floor(minutes / DAY_MINUTES) + 4) % 7) + 7) % 7;
    return (
      window.from <= minute &&
      minute < window.to &&
      (window.weekdays === undefined || window.weekdays.includes(weekday))
    );
  });
}
