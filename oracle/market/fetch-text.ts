import { lookup as dnsLookup } from "node:dns";
import { Agent, request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";

import { addressObjection, type Reach, urlObjection } from "./address-rules.ts";

/** One request. */
export interface FetchRequest {
  readonly url: string;
  readonly reach: Reach;
  /** Real milliseconds from the start to the last byte. */
  readonly timeoutMs: number;
  /** Bytes of body, as sent. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it. A refusal of ours is told apart from a failure of theirs. */
export type FetchResult =
  | { readonly ok: true; readonly body: string; readonly header: (name: string) => string | null }
  | {
      readonly ok: false;
      readonly problem: FetchProblem;
      readonly message: string;
      readonly retryAfter: string | null;
    };

export type FetchProblem =
  /** We will not go there. */
  | "forbidden-address"
  /** A redirect, which is never followed. */
  | "redirect"
  | "timeout"
  | "too-large"
  /** 429 or 418: asked too often. */
  | "rate-limited"
  /** Any other status but 200. */
  | "status"
  /** No connection, or it broke. */
  | "network";

type Lookup = NonNullable<RequestOptions["lookup"]>;

const USER_AGENT = "nakane-oracle/0.1";
const REDIRECTS = [301, 302, 303, 307, 308];

/** A way to fetch; `close` lets kept connections go. */
export interface Fetcher {
  readonly fetchText: (request: FetchRequest) => Promise<FetchResult>;
  readonly close: () => void;
}

/**
 * Makes a fetcher. Every request looks its name up once, checks each address, and connects to one that was checked, so
 * a name that changes its mind gains nothing. Connections to the public are not kept: a venue that moves is followed.
 * @param resolve looks names up; the system's resolver by default
 */
export function createFetcher(resolve: typeof dnsLookup = dnsLookup): Fetcher {
  const local = new Agent({ keepAlive: true, maxSockets: 8 });
  return {
    fetchText: (request) => fetchText(request, resolve, local),
    close: () => {
      local.destroy();
    },
  };
}

function fetchText(request: FetchRequest, resolve: typeof dnsLookup, local: Agent): Promise<FetchResult> {
  const { promise, resolve: settle } = Promise.withResolvers<FetchResult>();
  const fail = (problem: FetchProblem, message: string, retryAfter: string | null = null) => {
    settle({ ok: false, problem, message, retryAfter });
  };
  const url = URL.parse(request.url);
  const objection = url === null ? "is not a URL" : urlObjection(url, request.reach);
  if (url === null || objection !== null) {
    fail("forbidden-address", `${request.url}: ${objection ?? ""}`);
    return promise;
  }
  const options: RequestOptions = {
    lookup: checkedLookup(resolve, request.reach),
    agent: request.reach === "loopback" ? local : false,
    headers: { accept: "application/json", "accept-encoding": "identity", "user-agent": USER_AGENT },
  };
  const outgoing = url.protocol === "https:" ? httpsRequest(url, options) : httpRequest(url, options);
  const abandon = (problem: FetchProblem, message: string) => {
    fail(problem, message);
    outgoing.destroy();
  };
  const timer = setTimeout(() => {
    abandon("timeout", `${url.host}: no full answer within ${request.timeoutMs} ms`);
  }, request.timeoutMs);
  const stop = () => {
    abandon("network", `${url.host}: we are stopping`);
  };
  request.signal?.addEventListener("abort", stop, { once: true });
  if (request.signal?.aborted === true) stop();

  outgoing.on("error", (error) => {
    fail(
      error instanceof ForbiddenAddress ? "forbidden-address" : "network",
      `${url.host}: ${error.message}`,
    );
  });
  outgoing.on("response", (response) => {
    const header = (name: string): string | null => {
      const value = response.headers[name.toLowerCase()];
      return typeof value === "string" ? value : (value?.[0] ?? null);
    };
    const status = response.statusCode ?? 0;
    if (status !== 200) {
      response.resume();
      const problem = REDIRECTS.includes(status)
        ? "redirect"
        : status === 429 || status === 418
          ? "rate-limited"
          : "status";
      const where =
        problem === "redirect" ? ` to ${header("location") ?? "nowhere"}, which is not followed` : "";
      fail(
        problem,
        `${url.host}${url.pathname}: expected status 200, saw ${status}${where}`,
        header("retry-after"),
      );
      outgoing.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > request.maxBytes) abandon("too-large", `${url.host}: more than ${request.maxBytes} bytes`);
      else chunks.push(chunk);
    });
    response.on("end", () => {
      settle({ ok: true, body: Buffer.concat(chunks).toString("utf8"), header });
    });
    response.on("error", (error) => {
      fail("network", `${url.host}: ${error.message}`);
    });
  });
  outgoing.end();
  return promise.finally(() => {
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", stop);
  });
}

class ForbiddenAddress extends Error {
  override readonly name = "ForbiddenAddress";
}

/** Looks a name up once and hands on what was checked; one address that must not be asked refuses the name. */
function checkedLookup(resolve: typeof dnsLookup, reach: Reach): Lookup {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, "");
        return;
      }
      const objection = addresses
        .map(({ address }) => addressObjection(address, reach))
        .find((found) => found !== null);
      const [first] = addresses;
      if (first === undefined || objection !== undefined) {
        callback(new ForbiddenAddress(`${hostname}: ${objection ?? "has no address"}`), "");
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}
