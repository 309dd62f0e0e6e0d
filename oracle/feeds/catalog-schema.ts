import { z } from "zod";

import { strict } from "../strict-object.ts";

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "expected lower-case letters, digits and hyphens, at most 32");
const symbol = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9/.-]{0,31}$/, "expected capitals, digits, / . and -, at most 32, such as BTC/JPY");
const seconds = z.int().min(1).max(86_400);
const pointer = z.string().regex(/^(\/([^~/]|~[01])*)+$/, "expected a JSON pointer such as /data/0/price");
const hours = z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/, "expected hours such as 09:00-15:30");
const date = z.iso.date("expected a date such as 2026-11-23");

const calendar = strict({
  timeZone: z.string().min(1),
  weekly: strict(
    Object.fromEntries(
      ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map((day) => [day, z.array(hours).default([])]),
    ) as Record<Weekday, z.ZodDefault<z.ZodArray<typeof hours>>>,
  ),
  holidays: z.array(date).default([]),
  special: z.record(date, z.array(hours)).default({}),
});

/** Days of the week as catalogs write them. */
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

const venueSource = strict({
  kind: z.literal("venue"),
  id,
  venue: id,
  endpoint: z.enum(["ticker", "trades"]).default("ticker"),
  pairs: z.array(symbol).min(1),
  everySeconds: seconds.default(5),
});

const timeFormat = z.enum(["iso", "unix-seconds", "unix-milliseconds", "unix-microseconds", "date"]);

const jsonSource = strict({
  kind: z.literal("json"),
  id,
  venue: id,
  url: z.url({ protocol: /^https?$/, error: "expected an http or https address" }),
  requestsPerMinute: z.int().min(1).max(60_000),
  everySeconds: seconds.default(5),
  quotes: z
    .array(
      strict({
        symbol,
        price: pointer,
        decimals: z.int().min(0).max(18).optional(),
        time: pointer.optional(),
        timeFormat: timeFormat.optional(),
      }),
    )
    .min(1),
});

const method = z.discriminatedUnion("kind", [
  strict({
    kind: z.literal("median"),
    sources: z.array(id).min(1),
    minSources: z.int().min(1),
    maxSpread: z.string(),
    fewSources: z.string().min(10, "say why in a sentence").optional(),
  }),
  strict({ kind: z.literal("product"), of: z.tuple([symbol, symbol]) }),
  strict({ kind: z.literal("ratio"), of: z.tuple([symbol, symbol]) }),
  strict({ kind: z.literal("inverse"), of: z.tuple([symbol]) }),
]);

const feed = strict({
  symbol,
  unit: z.string().optional(),
  decimals: z.int().min(0).max(18),
  method,
  maxInputAge: seconds,
  tolerance: z.string(),
  hardBand: z.string(),
  mayBeNegative: z.boolean().default(false),
});

/** The catalog as it is written in a file. */
export const catalogSchema = strict({
  calendars: z.record(id, calendar).default({}),
  sources: z.array(z.discriminatedUnion("kind", [venueSource, jsonSource])).min(1),
  bundles: z
    .array(
      strict({
        bundle: z.int().min(0).max(0xffffff),
        calendar: id.optional(),
        feeds: z.array(feed).min(1).max(256),
      }),
    )
    .min(1),
});

/** What `catalogSchema` makes of a file. */
export type CatalogFile = z.output<typeof catalogSchema>;
/** One feed of a file. */
export type FeedFile = z.output<typeof feed>;
/** One calendar of a file. */
export type CalendarFile = z.output<typeof calendar>;
