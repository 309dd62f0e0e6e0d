import type { Clock } from "../../clock.ts";
import { quantity } from "./quantity.ts";
import { NodeError, NotJsonRpcError, UnreachableError, WrongChainError } from "./rpc-error.ts";
import { shownUrl } from "./shown-url.ts";

/** A node, and how to talk with it. */
export interface JsonRpcOptions {
  /** http or https; a user name and password in it become a header. */
  readonly url: string;
  /** The chain it must serve. */
  readonly chainId: number;
  readonly clock: Clock;
  /** Milliseconds for one exchange; 10,000 if left out. */
  readonly deadline?: number;
  /** How many calls a node takes at once; 100 if left out. */
  readonly batchSize?: number;
  /** Ends everything under way. */
  readonly signal?: AbortSignal;
  /** Node's own if left out; a simulation's clock stands still while it works. */
  readonly fetch?: typeof fetch;
}

export interface RpcCall {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What became of one call of a batch. */
export type RpcAnswer =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: NodeError };

/** A reason that is made once: the one that a bare abort makes has a stack, each time. */
const ENDED = new Error("the exchange is over");

/** Bytes: what 100 calls with long answers need, many times over. */
const LONGEST_ANSWER = 32 * 2 ** 20;

/**
 * JSON-RPC in batches over HTTP. ethers' own provider is not used: it cannot name a block by its hash (EIP-1898), which is
 * what makes many reads one state; it detects networks and polls by timers of its own; and it hides which answer was not
 * JSON. Each exchange asks for the chain id beside what it is for, because providers have been seen to switch chains.
 */
export class JsonRpc {
  /** The node as it may be shown. */
  readonly shown: string;
  readonly chainId: number;
  readonly #options: JsonRpcOptions;
  readonly #target: string;
  readonly #headers: Record<string, string>;

  /** @throws RangeError where the URL is none of http or https */
  constructor(options: JsonRpcOptions) {
    const url = URL.parse(options.url);
    if (url === null || !/^https?:$/.test(url.protocol)) {
      throw new RangeError(
        `the node's URL must begin with http:// or https://, ${shownUrl(options.url)} does not`,
      );
    }
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    url.username = "";
    url.password = "";
    this.shown = shownUrl(options.url);
    this.chainId = options.chainId;
    this.#options = options;
    this.#target = url.href;
    this.#headers = {
      "content-type": "application/json",
      ...(credentials === ":"
        ? {}
        : { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }),
    };
  }

  /**
   * One call.
   * @throws NodeError where the node refuses it; otherwise as `batch`
   */
  async request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const [answer] = await this.batch([{ method, params }]);
    if (answer === undefined) throw new NotJsonRpcError(`${this.shown} left ${method} without an answer`);
    if (!answer.ok) throw answer.error;
    return answer.result;
  }

  /**
   * Several calls, in as few exchanges as the node takes.
   * @returns in the order of the calls
   * @throws UnreachableError, NotJsonRpcError, WrongChainError
   */
  async batch(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const size = (this.#options.batchSize ?? 100) - 1; // the chain id is one
    const answers: RpcAnswer[] = [];
    for (let at = 0; at < calls.length; at += size) {
      answers.push(...(await this.#exchange(calls.slice(at, at + size))));
    }
    return answers;
  }

  async #exchange(calls: readonly RpcCall[]): Promise<RpcAnswer[]> {
    const asked = [{ method: "eth_chainId", params: [] }, ...calls];
    const body = JSON.stringify(
      asked.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params })),
    );
    const [first, ...answers] = this.#parse(await this.#post(body), asked);
    if (first?.ok !== true) throw first?.error ?? this.#notJsonRpc("no answer to eth_chainId");
    const found = Number(quantity("eth_chainId", first.result));
    if (found !== this.chainId) throw new WrongChainError(this.shown, this.chainId, found);
    return answers;
  }

  async #post(body: string): Promise<string> {
    const { clock, deadline = 10_000, signal, fetch: send = fetch } = this.#options;
    const end = new AbortController();
    const late = new UnreachableError(
      `${this.shown} did not answer within ${deadline} ms. Is the node overloaded? Look at it, or use another.`,
    );
    const timer = new AbortController();
    const slept = clock.sleep(deadline, timer.signal).then(
      () => {
        end.abort(late);
      },
      () => undefined,
    );
    try {
      const response = await send(this.#target, {
        method: "POST",
        body,
        headers: this.#headers,
        redirect: "manual",
        signal: signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]),
      });
      const text = await readText(response);
      if (response.status !== 200 && !/^\s*[[{]/.test(text)) {
        throw this.#notJsonRpc(`status ${response.status} and ${described(response, text)}`);
      }
      return text;
    } catch (error) {
      if (end.signal.aborted) throw late;
      if (signal?.aborted === true) throw signal.reason;
      if (error instanceof NotJsonRpcError) throw error;
      throw new UnreachableError(
        `${this.shown} cannot be reached (${causeOf(error)}). Is the node running, and is its URL right?`,
        { cause: error },
      );
    } finally {
      timer.abort(ENDED);
      await slept;
    }
  }

  #parse(text: string, asked: readonly RpcCall[]): RpcAnswer[] {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      throw this.#notJsonRpc(JSON.stringify(text.trim().slice(0, 60)));
    }
    if (!Array.isArray(parsed)) {
      const { error } = (parsed ?? {}) as { error?: { message?: unknown } };
      throw this.#notJsonRpc(`one answer to a batch: ${JSON.stringify(error?.message ?? text.slice(0, 60))}`);
    }
    const byId = new Map(parsed.map((answer: { id?: unknown } | null) => [answer?.id, answer]));
    return asked.map(({ method }, id) => {
      const answer = byId.get(id) as { result?: unknown; error?: unknown } | undefined;
      if (answer === undefined || (answer.error === undefined && answer.result === undefined)) {
        throw this.#notJsonRpc(`no answer to ${method}`);
      }
      if (answer.error === undefined) return { ok: true, result: answer.result };
      const { code, message, data } = answer.error as { code?: unknown; message?: unknown; data?: unknown };
      const said = typeof message === "string" ? message : "no message";
      return { ok: false, error: new NodeError(method, Number(code ?? 0), said, revertData(data)) };
    });
  }

  #notJsonRpc(what: string): NotJsonRpcError {
    return new NotJsonRpcError(
      `${this.shown} answered, but not in JSON-RPC: ${what}. Is this the URL of a node that takes batches, and its key right?`,
    );
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > LONGEST_ANSWER) throw new Error(`more than ${LONGEST_ANSWER} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What a contract reverted with: nodes put it under `data`, or under the data's own `data`. */
function revertData(data: unknown): string | undefined {
  const found = typeof data === "object" && data !== null ? (data as { data?: unknown }).data : data;
  return typeof found === "string" && /^0x([0-9a-fA-F]{2})*$/.test(found) ? found : undefined;
}

function described(response: Response, text: string): string {
  const type = response.headers.get("content-type") ?? "no content type";
  return `${type}: ${JSON.stringify(text.trim().slice(0, 60))}`;
}

/** fetch says "fetch failed" and keeps what happened behind it. */
function causeOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
