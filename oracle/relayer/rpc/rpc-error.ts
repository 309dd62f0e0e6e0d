/** Something stands between us and the chain. The message names the node, what it did, and the remedy. */
export class RpcError extends Error {
  override readonly name: string = "RpcError";
}

/** No connection, it broke, or nothing came in time. */
export class UnreachableError extends RpcError {
  override readonly name = "UnreachableError";
}

/** Something answered, but not in JSON-RPC: a login page, a proxy's excuse, a cut-off text. */
export class NotJsonRpcError extends RpcError {
  override readonly name = "NotJsonRpcError";
}

/** The node serves another chain than it should. */
export class WrongChainError extends RpcError {
  override readonly name = "WrongChainError";
  readonly expected: number;
  readonly found: number;

  /** @param node from `shownUrl` */
  constructor(node: string, expected: number, found: number) {
    super(
      `${node} serves chain ${found}, not ${expected}. Nothing was sent. Point the relayer at a node of chain ${expected}, or correct its chain id.`,
    );
    this.expected = expected;
    this.found = found;
  }
}

/** At the oracle's address is no code, or other code than was deployed. */
export class WrongCodeError extends RpcError {
  override readonly name = "WrongCodeError";
}

/** The oracle there is another network's: it takes signatures of another domain, or knows another catalog. */
export class WrongOracleError extends RpcError {
  override readonly name = "WrongOracleError";
}

/** The node understood a request and refused it. */
export class NodeError extends RpcError {
  override readonly name = "NodeError";
  readonly code: number;
  /** What a contract reverted with, 0x-prefixed; nothing where it was no revert, or the node does not say. */
  readonly data: string | undefined;

  constructor(method: string, code: number, message: string, data: string | undefined) {
    super(`${method}: ${message} (code ${code})`);
    this.code = code;
    this.data = data;
  }
}

/** @param error of JSON-RPC, as it came over the wire or out of a provider */
export function nodeError(method: string, error: unknown): NodeError {
  const { code, message, data } = error as { code?: unknown; message?: unknown; data?: unknown };
  const said = typeof message === "string" ? message : "no message";
  return new NodeError(method, Number(code ?? 0), said, revertData(data));
}

/** What a contract reverted with: nodes put it under `data`, or under the data's own `data`. */
function revertData(data: unknown): string | undefined {
  const found = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
  return typeof found === "string" && /^0x([0-9a-fA-F]{2})*$/.test(found) ? found : undefined;
}
