const LONGEST_PAUSE_MS = 3_600_000;

/**
 * When a `Retry-After` header allows the next request, as Unix milliseconds. Seconds and HTTP dates are understood;
 * anything else counts as a minute, and nothing counts as more than an hour.
 * @param header null where there is none
 */
export function retryAt(header: string | null, now: number): number {
  const wait =
    header === null
      ? Number.NaN
      : /^\d{1,9}$/.test(header)
        ? Number(header) * 1000
        : Date.parse(header) - now;
  return now + (Number.isNaN(wait) ? 60_000 : Math.min(Math.max(wait, 1000), LONGEST_PAUSE_MS));
}
