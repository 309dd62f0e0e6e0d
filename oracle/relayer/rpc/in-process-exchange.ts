import type { Exchange } from "./exchange.ts";
import { nodeError } from "./rpc-error.ts";

/**
 * Asks a chain in this process, without HTTP: for laboratories.
 * @param request rejects with the `code`, `message` and `data` of JSON-RPC, as an EIP-1193 provider does
 */
export function inProcessExchange(
  request: (method: string, params: readonly unknown[]) => Promise<unknown>,
): Exchange {
  return (calls) =>
    Promise.all(
      calls.map(async ({ method, params }) => {
        try {
          return { ok: true, result: (await request(method, params)) ?? null };
        } catch (error) {
          return { ok: false, error: nodeError(method, error) };
        }
      }),
    );
}
