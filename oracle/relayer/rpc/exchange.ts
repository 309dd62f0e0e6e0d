import type { NodeError } from "./rpc-error.ts";

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What became of one call. */
export type RpcAnswer =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: NodeError };

/**
 * Carries calls to a node, all at once, and brings an answer for each, by its place. Rejects with an `RpcError` where it
 * brings none, or with the signal's reason.
 */
export type Exchange = (calls: readonly RpcCall[], signal?: AbortSignal) => Promise<readonly RpcAnswer[]>;
