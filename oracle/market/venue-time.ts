import { parseDecimal, powerOfTen } from "../decimal.ts";

/** A time that a venue wrote and that is not one; the message quotes it. */
export class VenueTimeError extends Error {
  override readonly name = "VenueTimeError";
}

/** How a time is written. `iso` without an offset is UTC, as bitFlyer means it. */
export type TimeFormat = "iso" | "unix-seconds" | "unix-milliseconds" | "unix-microseconds" | "date";

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

const UNIX_SCALE = { "unix-seconds": 3, "unix-milliseconds": 0, "unix-microseconds": -3 } as const;

/**
 * A venue's time as Unix milliseconds, finer digits cut off: a time is never later than the venue said.
 * `date` is midnight UTC of that day.
 * @throws VenueTimeError
 */
export function parseVenueTime(text: string, format: TimeFormat): number {
  if (format === "iso") return parseIso(text);
  if (format === "date") return parseDate(text);
  return parseUnix(text, UNIX_SCALE[format]);
}

function parseIso(text: string): number {
  const match = ISO.exec(text);
  if (match === null)
    throw new VenueTimeError(`expected a time such as 2026-11-22T05:55:26Z, saw ${JSON.stringify(text)}`);
  const [, year, month, day, hour, minute, second, fraction = "", offset = "Z"] = match;
  const midnight = utcDay(Number(year), Number(month), Number(day), text);
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 59) throw new VenueTimeError(`no such time of day: ${JSON.stringify(text)}`);
  const milliseconds = Number(fraction.padEnd(3, "0").slice(0, 3));
  return midnight + ((h * 60 + m) * 60 + s) * 1000 + milliseconds - offsetMinutes(offset) * 60_000;
}

function parseDate(text: string): number {
  const match = DATE.exec(text);
  if (match === null)
    throw new VenueTimeError(`expected a date such as 2026-11-22, saw ${JSON.stringify(text)}`);
  return utcDay(Number(match[1]), Number(match[2]), Number(match[3]), text);
}

function parseUnix(text: string, powerToMilliseconds: number): number {
  let decimal;
  try {
    decimal = parseDecimal(text);
  } catch {
    throw new VenueTimeError(`expected a Unix time, saw ${JSON.stringify(text)}`);
  }
  const shift = powerToMilliseconds - decimal.scale;
  const ms = shift >= 0 ? decimal.units * powerOfTen(shift) : decimal.units / powerOfTen(-shift);
  if (ms < 0n || ms > 8_640_000_000_000_000n) {
    throw new VenueTimeError(`expected a Unix time, saw ${JSON.stringify(text)}`);
  }
  return Number(ms);
}

function offsetMinutes(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith("-") ? -minutes : minutes;
}

function utcDay(year: number, month: number, day: number, text: string): number {
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) {
    throw new VenueTimeError(`no such day: ${JSON.stringify(text)}`);
  }
  return midnight;
}
