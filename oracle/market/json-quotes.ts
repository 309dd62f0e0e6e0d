import type { Decimal } from "../decimal.ts";
import { parseDecimal } from "../decimal.ts";
import type { JsonQuoteDefinition, JsonSourceDefinition } from "../feeds/catalog.ts";
import { JsonNumber, type JsonValue } from "./json.ts";
import { atPointer } from "./json-pointer.ts";
import type { Quote } from "./quote.ts";
import type { Reading, Refusal } from "./read-error.ts";
import { saw } from "./schema.ts";
import type { Receipt } from "./source.ts";
import { parseVenueTime } from "./venue-time.ts";

/** Reads the quotes of a JSON answer that has no reader of its own, each by its pointers. */
export function readJsonQuotes(
  definition: JsonSourceDefinition,
  body: JsonValue,
  receipt: Receipt,
): Reading<Quote> {
  const items: Quote[] = [];
  const refusals: Refusal[] = [];
  for (const wanted of definition.quotes) {
    try {
      items.push({
        source: definition.id,
        venue: definition.venue,
        symbol: wanted.symbol,
        price: readPrice(wanted, body),
        time: wanted.time === undefined ? receipt.receivedAt : readTime(wanted, wanted.time, body),
        timeFrom: wanted.time === undefined ? "received" : "venue",
        provenance: receipt.provenance,
      });
    } catch (error) {
      refusals.push({ code: wanted.symbol, message: error instanceof Error ? error.message : String(error) });
    }
  }
  return { items, refusals, unknownFields: [] };
}

function readPrice({ price, decimals }: JsonQuoteDefinition, body: JsonValue): Decimal {
  const decimal = at(price, body, parseDecimal);
  if (decimals === undefined) return decimal;
  if (decimal.scale > 0)
    throw new RangeError(`${price}: expected a whole number of 10^-${decimals}, saw a point`);
  return { units: decimal.units, scale: decimals };
}

function readTime({ timeFormat = "iso" }: JsonQuoteDefinition, pointer: string, body: JsonValue): number {
  return at(pointer, body, (text) => parseVenueTime(text, timeFormat));
}

function at<T>(pointer: string, body: JsonValue, read: (text: string) => T): T {
  const value = atPointer(body, pointer);
  const text = value instanceof JsonNumber ? value.text : value;
  if (typeof text !== "string")
    throw new RangeError(`${pointer}: expected a number or a text, saw ${saw(value)}`);
  try {
    return read(text);
  } catch (error) {
    throw new RangeError(`${pointer}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
