import { z } from "zod";

import { type Decimal, parseDecimal } from "../decimal.ts";
import { JsonNumber, type JsonValue } from "./json.ts";
import { ReadError, type Reading, type Refusal } from "./read-error.ts";
import { parseVenueTime, type TimeFormat } from "./venue-time.ts";

/** A JSON number, as its source text. */
export const numberText = z
  .custom<JsonNumber>((value) => value instanceof JsonNumber, {
    error: (issue) => `expected a number, saw ${saw(issue.input)}`,
  })
  .transform((number) => number.text);

/** A JSON string. */
export const text = z.string({ error: (issue) => `expected a text, saw ${saw(issue.input)}` });

/** For the few fields that a venue has written both ways. */
export const numberOrText = z
  .custom<JsonNumber | string>((value) => value instanceof JsonNumber || typeof value === "string", {
    error: (issue) => `expected a number or a text, saw ${saw(issue.input)}`,
  })
  .transform((value) => (value instanceof JsonNumber ? value.text : value));

/** Any JSON value, to be read later. */
export const anything = z.custom<JsonValue>(() => true);

/** A list of anything. */
export const list = z.array(anything, { error: (issue) => `expected a list, saw ${saw(issue.input)}` });

/** A field that we know of and do not use. */
export const unused = z.unknown().optional();

/** A price above zero. */
export function price<Input extends z.ZodType<string>>(input: Input) {
  return decimal(input, (units) => units > 0n, "a price above zero");
}

/** An amount, zero or more. */
export function amount<Input extends z.ZodType<string>>(input: Input) {
  return decimal(input, (units) => units >= 0n, "an amount of zero or more");
}

/** A time, as Unix milliseconds. */
export function time<Input extends z.ZodType<string>>(input: Input, format: TimeFormat) {
  return input.transform((value, context): number => {
    try {
      return parseVenueTime(value, format);
    } catch (error) {
      context.issues.push({ code: "custom", message: messageOf(error), input: value });
      return z.NEVER;
    }
  });
}

function decimal<Input extends z.ZodType<string>>(
  input: Input,
  fits: (units: bigint) => boolean,
  expected: string,
) {
  return input.transform((value, context): Decimal => {
    try {
      const read = parseDecimal(value);
      if (fits(read.units)) return read;
      context.issues.push({ code: "custom", message: `expected ${expected}, saw ${value}`, input: value });
    } catch (error) {
      context.issues.push({ code: "custom", message: messageOf(error), input: value });
    }
    return z.NEVER;
  });
}

/** Reads the outer part of an answer; without it there is nothing. */
export function readEnvelope<Schema extends z.ZodType>(
  what: string,
  schema: Schema,
  body: JsonValue,
): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ReadError("shape", `${what}: ${describe(parsed.error)}`);
  return parsed.data;
}

/** One entry of an answer, with the venue's code of its pair. */
export interface Entry {
  readonly code: string;
  readonly value: JsonValue;
}

/** The values of an answer about one pair. */
export function entriesOf([code = ""]: readonly string[], values: readonly JsonValue[]): Entry[] {
  return values.map((value) => ({ code, value }));
}

/**
 * Reads the entries of an answer one by one, so that a pair that cannot be read does not take the others with it.
 * @param judge says why an entry that has the right shape is to be left out all the same; null to take it
 */
export function readEntries<Schema extends z.ZodObject, T>(
  entries: readonly Entry[],
  schema: Schema,
  toItem: (data: z.output<Schema>, code: string) => T,
  judge: (data: z.output<Schema>, code: string) => string | null = () => null,
): Reading<T> {
  const items: T[] = [];
  const refusals: Refusal[] = [];
  const unknownFields = new Set<string>();
  for (const { code, value } of entries) {
    for (const field of fieldsOf(value)) if (!(field in schema.shape)) unknownFields.add(field);
    const parsed = schema.safeParse(value);
    const complaint = parsed.success ? judge(parsed.data, code) : describe(parsed.error);
    if (parsed.success && complaint === null) items.push(toItem(parsed.data, code));
    else refusals.push({ code, message: complaint ?? "" });
  }
  return { items, refusals, unknownFields: [...unknownFields] };
}

/**
 * Refuses the answers by which a venue says that it failed.
 * @param failure what such an answer looks like
 * @param words what it says, for people
 * @returns of what was asked, and the answer: throws a ReadError, `venue-error`, where it is such a one
 */
export function refusing<T>(failure: z.ZodType<T>, words: (said: T) => string) {
  return (what: string, body: JsonValue): void => {
    const { success, data } = failure.safeParse(body);
    if (success) throw new ReadError("venue-error", `${what}: ${words(data)}`);
  };
}

function fieldsOf(value: JsonValue): string[] {
  return value === null || typeof value !== "object" || Array.isArray(value) || value instanceof JsonNumber
    ? []
    : Object.keys(value);
}

function describe(error: z.ZodError): string {
  return error.issues
    .map((issue) => {
      const message = issue.message.startsWith("expected")
        ? issue.message
        : issue.message.replace(/^Invalid input: /, "");
      return issue.path.length === 0 ? message : `${issue.path.map(String).join(".")}: ${message}`;
    })
    .join("; ");
}

/** A value for people: short, and never a wall of text. */
export function saw(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value instanceof JsonNumber) return `the number ${value.text.slice(0, 40)}`;
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  return Array.isArray(value) ? "a list" : "an object";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
