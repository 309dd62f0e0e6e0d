import { deflateSync, inflateSync } from "node:zlib";

/** What a column may be. Its place here is its number in records: add at the end only. */
const COLUMNS = [BigInt64Array, Float64Array, Uint32Array, Uint16Array, Uint8Array, Int32Array] as const;

export type Column = InstanceType<(typeof COLUMNS)[number]>;

/** A record as far as the next one is written against it. */
export interface Before {
  /** UTF-8. */
  readonly frame: Uint8Array;
  /** By where they stand in the record. */
  readonly columns: ReadonlyMap<string, Column>;
  /** Bytes of frame and columns, not compressed. */
  readonly bytes: number;
}

/**
 * Writes a record of plain objects, arrays, sets and columns (typed arrays), so that it takes little room behind one like it.
 *
 * The plain part is the *frame*: JSON in which columns stand as `{"$column":[type, length, against]}`. A column is written as
 * its difference (exclusive or) from the column at the same place of the record before, the first bytes of all its elements
 * first, then the second bytes, and so on: what did not change is zeros, and zeros compress. The frame before is the
 * dictionary of the compression, which knows its dictionary again and sums up what it holds. Bytes are little-endian, as on every machine that Node runs on.
 * @returns the bytes, and what the next record may be written against; it keeps the columns, so nobody may write to them
 * @throws TypeError for a field that begins with "$", and for what is neither plain nor a column
 */
export function encodeAfter(record: unknown, before: Before | null): { body: Uint8Array; self: Before } {
  const columns = new Map<string, Column>();
  const planes: Uint8Array[] = [];
  const plain = (value: unknown, at: string): unknown => {
    if (typeof value === "bigint") return { $integer: value.toString() };
    if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
      return { $number: Object.is(value, -0) ? "-0" : String(value) };
    if (value instanceof Set) return { $set: [...value].map((item, i) => plain(item, `${at}.${i}`)) };
    if (Array.isArray(value)) return value.map((item, i) => plain(item, `${at}.${i}`));
    if (ArrayBuffer.isView(value)) {
      const column = value as Column;
      const type = COLUMNS.findIndex((kind) => column instanceof kind);
      if (type < 0) throw new TypeError(`${at} is a ${value.constructor.name}: no column`);
      const base = comparable(before?.columns.get(at), column);
      columns.set(at, column);
      planes.push(toPlanes(column, base));
      return { $column: [type, column.length, base ? 1 : 0] };
    }
    if (typeof value !== "object" || value === null) {
      if (value === undefined || typeof value === "function" || typeof value === "symbol")
        throw new TypeError(`${at} is ${typeof value}: no part of a record`);
      return value;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key.startsWith("$")) throw new TypeError(`${at} has a field "${key}": "$" begins our own`);
        return [key, plain(item, `${at}.${key}`)];
      }),
    );
  };
  const frame = new TextEncoder().encode(JSON.stringify(plain(record, "")));
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, frame.length, true);
  const bytes = Buffer.concat([head, frame, ...planes]);
  const body = deflateSync(bytes, { level: 1, ...dictionary(before) });
  return { body, self: { frame, columns, bytes: bytes.length } };
}

/**
 * Reads what `encodeAfter` wrote, given the same record before.
 * @throws Error where the bytes were not written by it, or not behind that record
 */
export function decodeAfter(body: Uint8Array, before: Before | null): { record: unknown; self: Before } {
  const bytes = new Uint8Array(inflateSync(body, dictionary(before)));
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const frame = bytes.slice(4, 4 + length);
  const columns = new Map<string, Column>();
  let at = 4 + length;
  const full = (value: unknown, where: string): unknown => {
    if (Array.isArray(value)) return value.map((item, i) => full(item, `${where}.${i}`));
    if (typeof value !== "object" || value === null) return value;
    const { $integer, $number, $set, $column } = value as Tagged;
    if ($integer !== undefined) return BigInt($integer);
    if ($number !== undefined) return Number($number);
    if ($set !== undefined) return new Set($set.map((item, i) => full(item, `${where}.${i}`)));
    if ($column !== undefined) {
      const [type, count, against] = $column;
      const column = new (COLUMNS[type] ?? Uint8Array)(count);
      const base = comparable(before?.columns.get(where), column);
      if (against === 1 && base === undefined)
        throw new Error(`the column ${where} was written against one of a record that is not before it`);
      fromPlanes(bytes.subarray(at, at + column.byteLength), column, against === 1 ? base : undefined);
      at += column.byteLength;
      columns.set(where, column);
      return column;
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, full(item, `${where}.${key}`)]),
    );
  };
  const record = full(JSON.parse(new TextDecoder().decode(frame)), "");
  if (at !== bytes.length) throw new Error(`the columns take ${at} bytes of ${bytes.length}`);
  return { record, self: { frame, columns, bytes: bytes.length } };
}

interface Tagged {
  readonly $integer?: string;
  readonly $number?: string;
  readonly $set?: readonly unknown[];
  readonly $column?: readonly [type: number, length: number, against: number];
}

/** Deflate looks back 32 KB at most. */
function dictionary(before: Before | null): { dictionary?: Uint8Array } {
  return before === null ? {} : { dictionary: before.frame.subarray(-32_768) };
}

/** The column before, where it is of the same type and length. */
function comparable(before: Column | undefined, column: Column): Column | undefined {
  return before?.constructor === column.constructor && before.length === column.length ? before : undefined;
}

const bytesOf = (column: Column): Uint8Array =>
  new Uint8Array(column.buffer, column.byteOffset, column.byteLength);

function toPlanes(column: Column, base: Column | undefined): Uint8Array {
  const { length, BYTES_PER_ELEMENT: width } = column;
  const bytes = bytesOf(column);
  const minus = base && bytesOf(base);
  const planes = new Uint8Array(bytes.length);
  for (let k = 0; k < width; k++)
    for (let i = 0, from = k, to = k * length; i < length; i++, from += width, to++)
      planes[to] = (bytes[from] ?? 0) ^ (minus?.[from] ?? 0);
  return planes;
}

function fromPlanes(planes: Uint8Array, column: Column, base: Column | undefined): void {
  const { length, BYTES_PER_ELEMENT: width } = column;
  const bytes = bytesOf(column);
  const plus = base && bytesOf(base);
  for (let k = 0; k < width; k++)
    for (let i = 0, to = k, from = k * length; i < length; i++, to += width, from++)
      bytes[to] = (planes[from] ?? 0) ^ (plus?.[to] ?? 0);
}
