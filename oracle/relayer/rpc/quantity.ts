import { RpcError } from "./rpc-error.ts";

/**
 * A number as nodes write it: 0x-prefixed hexadecimal digits.
 * @param what named in the error
 * @throws RpcError
 */
export function quantity(what: string, value: unknown): bigint {
  if (typeof value !== "string" || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) {
    throw new RpcError(`${what}: expected a number such as 0x1f, the node answered ${short(value)}`);
  }
  return BigInt(value);
}

/**
 * Bytes as nodes write them.
 * @returns 0x-prefixed
 * @throws RpcError
 */
export function hexData(what: string, value: unknown): string {
  if (typeof value !== "string" || !/^0x([0-9a-fA-F]{2})*$/.test(value)) {
    throw new RpcError(`${what}: expected bytes such as 0x1f2e, the node answered ${short(value)}`);
  }
  return value;
}

/**
 * An object, or nothing where the node says null.
 * @throws RpcError
 */
export function objectOrNull(what: string, value: unknown): Readonly<Record<string, unknown>> | null {
  if (value === null) return null;
  if (typeof value !== "object" || Array.isArray(value)) {
    throw new RpcError(`${what}: expected an object or null, the node answered ${short(value)}`);
  }
  return value as Readonly<Record<string, unknown>>;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? "nothing" : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
