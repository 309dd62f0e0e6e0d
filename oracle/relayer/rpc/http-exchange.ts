import type { Clock } from "../../clock.ts";
import type { Exchange, RpcAnswer, RpcCall } from "./exchange.ts";
import { nodeError, NotJsonRpcError, UnreachableError } from "./rpc-error.ts";
import { shownUrl } from "./shown-url.ts";

export interface HttpExchangeOptions {
  /** http or https; a user name and password in it become a header. */
  readonly url: string;
  readonly clock: Clock;
  /** Milliseconds for one exchange; 10,000 if left out. */
  readonly deadline?: number;
}

/** A reason that is made once: the one that a bare abort makes has a stack, each time. */
const ENDED = new Error("the exchange is over");

/** Bytes: what 100 calls with long answers need, many times over. */
const LONGEST_ANSWER = 32 * 2 ** 20;

/**
 * JSON-RPC in batches over HTTP.
 * @throws RangeError where the URL is none of http or https. Its exchanges reject with UnreachableError, NotJsonRpcError
 */
export function httpExchange(options: HttpExchangeOptions): Exchange {
  const url = URL.parse(options.url);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(
      `the node's URL must begin with http:// or https://, ${shownUrl(options.url)} does not`,
    );
  }
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = "";
  url.password = "";
  const headers = {
    "content-type": "application/json",
    ...(credentials === ":" ? {} : { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` }),
  };
  const target: Target = { ...options, href: url.href, headers, shown: shownUrl(options.url) };
  return async (calls, signal) => {
    const body = JSON.stringify(
      calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params })),
    );
    return parse(await post(target, body, signal), calls, target.shown);
  };
}

interface Target extends HttpExchangeOptions {
  readonly href: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly shown: string;
}

async function post(target: Target, body: string, signal: AbortSignal | undefined): Promise<string> {
  const { clock, deadline = 10_000, href, headers, shown } = target;
  const end = new AbortController();
  const timer = new AbortController();
  const slept = clock.sleep(deadline, timer.signal).then(
    () => {
      end.abort();
    },
    () => undefined,
  );
  try {
    const response = await fetch(href, {
      method: "POST",
      body,
      headers,
      redirect: "manual",
      signal: signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]),
    });
    const text = await readText(response);
    if (response.status !== 200 && !/^\s*[[{]/.test(text)) {
      throw notJsonRpc(shown, `status ${response.status} and ${described(response, text)}`);
    }
    return text;
  } catch (error) {
    if (end.signal.aborted) {
      throw new UnreachableError(
        `${shown} did not answer within ${deadline} ms. Is the node overloaded? Look at it, or use another.`,
      );
    }
    if (signal?.aborted === true) throw signal.reason;
    if (error instanceof NotJsonRpcError) throw error;
    throw new UnreachableError(
      `${shown} cannot be reached (${causeOf(error)}). Is the node running, and is its URL right?`,
      { cause: error },
    );
  } finally {
    timer.abort(ENDED);
    await slept;
  }
}

function parse(text: string, asked: readonly RpcCall[], shown: string): RpcAnswer[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw notJsonRpc(shown, JSON.stringify(text.trim().slice(0, 60)));
  }
  if (!Array.isArray(parsed)) {
    const { error } = (parsed ?? {}) as { error?: { message?: unknown } };
    throw notJsonRpc(shown, `one answer to a batch: ${JSON.stringify(error?.message ?? text.slice(0, 60))}`);
  }
  const byId = new Map(parsed.map((answer: { id?: unknown } | null) => [answer?.id, answer]));
  return asked.map(({ method }, id) => {
    const answer = byId.get(id) as { result?: unknown; error?: unknown } | undefined;
    const refusal = answer?.error ?? undefined; // some nodes write `error: null` beside a result
    if (answer === undefined || (refusal === undefined && answer.result === undefined)) {
      throw notJsonRpc(shown, `no answer to ${method}`);
    }
    if (refusal === undefined) return { ok: true, result: answer.result };
    return { ok: false, error: nodeError(method, refusal) };
  });
}

function notJsonRpc(shown: string, what: string): NotJsonRpcError {
  return new NotJsonRpcError(
    `${shown} answered, but not in JSON-RPC: ${what}. Is this the URL of a node that takes batches, and its key right?`,
  );
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

function described(response: Response, text: string): string {
  const type = response.headers.get("content-type") ?? "no content type";
  return `${type}: ${JSON.stringify(text.trim().slice(0, 60))}`;
}

/** fetch says "fetch failed" and keeps what happened behind it. */
function causeOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? String(error);
}
