/**
 * One text for one value, so that a hash of it means something: keys sorted by UTF-16 code units, no spaces, numbers as
 * JavaScript writes them (RFC 8785); bigints as decimal strings, bytes as 0x-prefixed hexadecimal strings.
 * @throws TypeError for what JSON cannot hold: a number that is not finite, undefined, a function, a symbol, a cycle
 */
export function canonicalJson(value: unknown): string {
  return write(value, "$", []);
}

function write(value: unknown, at: string, around: readonly object[]): string {
  switch (typeof value) {
    case "string":
    case "boolean":
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) throw new TypeError(`${at} is ${value}; JSON holds finite numbers only`);
      return JSON.stringify(value);
    case "bigint":
      return `"${value}"`;
    case "object":
      break;
    default:
      throw new TypeError(`${at} is ${typeof value}; JSON cannot hold that`);
  }
  if (value === null) return "null";
  if (around.includes(value)) throw new TypeError(`${at} holds itself`);
  const within = [...around, value];
  if (value instanceof Uint8Array) return `"0x${Buffer.from(value).toString("hex")}"`;
  if (Array.isArray(value))
    return `[${value.map((item, i) => write(item, `${at}[${i}]`, within)).join(",")}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null)
    throw new TypeError(`${at} is neither a plain object nor an array`);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, item]) => `${JSON.stringify(key)}:${write(item, `${at}.${key}`, within)}`).join(",")}}`;
}
