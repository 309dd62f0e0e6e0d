import { JsonNumber, type JsonValue } from "./json.ts";

/** The value at a JSON pointer (RFC 6901), such as `/data/0/price`; undefined where there is none. */
export function atPointer(value: JsonValue, pointer: string): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const part of pointer.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (at === null || typeof at !== "object" || at instanceof JsonNumber) return undefined;
    if (isList(at)) at = /^(0|[1-9]\d{0,8})$/.test(key) ? at[Number(key)] : undefined;
    else at = Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
