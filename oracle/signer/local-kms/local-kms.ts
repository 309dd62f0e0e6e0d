import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Clock } from "../../clock.ts";
import { keyArn } from "./arn.ts";
import { AwsError } from "./aws-error.ts";
import { cloudTrailEvent } from "./cloudtrail.ts";
import { control, CONTROL_HEADER, CONTROL_PATH } from "./control.ts";
import type { AccessKey } from "./credentials.ts";
import { ERROR_FAULTS, FaultScript, type AppliedFaults, type Fault } from "./faults.ts";
import type { KeyStore } from "./key-store.ts";
import { loopbackAddress } from "./loopback.ts";
import { OPERATIONS } from "./operations/table.ts";
import { REQUEST_SHAPES, type OperationName } from "./shapes.ts";
import { SigV4Verifier, type Caller } from "./sigv4.ts";
import type { KeyRecord } from "./state.ts";
import { validate } from "./validate.ts";

/** One request and what became of it. */
export interface Exchange {
  /** As in `x-amz-target`, known or not. */
  readonly operation: string;
  readonly requestId: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly request: unknown;
  /** HTTP status; undefined when no answer was sent. */
  readonly status: number | undefined;
  /** Body as sent. */
  readonly response: string;
  readonly fault: Fault | undefined;
}

/** What a local KMS is made of. */
export interface LocalKmsOptions {
  readonly store: KeyStore;
  readonly accessKeys: readonly AccessKey[];
  readonly clock: Clock;
  /** Twelve digits. */
  readonly account?: string;
  /** Called with a CloudTrail-shaped event before the answer leaves. If it throws, the request fails. */
  readonly onEvent?: (event: Record<string, unknown>) => void;
  /** Called with every request once it is decided what becomes of it. */
  readonly onExchange?: (exchange: Exchange) => void;
}

const TARGET_PREFIX = "TrentService.";
const LARGEST_BODY = 256 * 1024;
const CONTENT_TYPE = "application/x-amz-json-1.1";
/** The account number of AWS's own examples. */
const EXAMPLE_ACCOUNT = "111122223333";

interface RequestContext {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
  readonly operation: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly request: unknown;
  readonly requestId: string;
  readonly now: number;
  readonly applied: AppliedFaults;
}

/** What a handler decided to send. */
interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * AWS KMS on loopback, as far as signing with secp256k1 needs it: the same protocol, signatures, errors and events, so
 * that the unmodified SDK is the client in development as in production. It does not enforce policies or quotas.
 */
export class LocalKms {
  /** What goes wrong on purpose. */
  readonly faults = new FaultScript();
  readonly #store: KeyStore;
  readonly #verifier: SigV4Verifier;
  readonly #clock: Clock;
  readonly #account: string;
  readonly #onEvent: (event: Record<string, unknown>) => void;
  readonly #onExchange: (exchange: Exchange) => void;
  readonly #server: Server;

  constructor(options: LocalKmsOptions) {
    this.#store = options.store;
    this.#verifier = new SigV4Verifier(options.accessKeys);
    this.#clock = options.clock;
    this.#account = options.account ?? EXAMPLE_ACCOUNT;
    this.#onEvent = options.onEvent ?? (() => undefined);
    this.#onExchange = options.onExchange ?? (() => undefined);
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      this.#receive(request, response);
    });
  }

  /**
   * Listens.
   *
   * @param host a loopback address; anything else is refused
   * @param port 0 for any
   * @returns the endpoint's URL
   */
  async listen(port = 0, host = "127.0.0.1"): Promise<string> {
    const address = loopbackAddress(host);
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, address, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    const bound = this.#server.address() as AddressInfo;
    return `http://${address.includes(":") ? `[${address}]` : address}:${String(bound.port)}`;
  }

  /** Stops, cutting what still hangs. The store stays open. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const arrived = this.#clock.monotonic();
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LARGEST_BODY) chunks.push(chunk);
    });
    request.on("error", () => response.destroy());
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      if (size > LARGEST_BODY) this.#send(response, tooLarge(), randomUUID(), this.#clock.wall());
      else if (request.url === CONTROL_PATH) this.#control(request, response, body);
      else this.#serve(request, response, body, arrived);
    });
  }

  #control(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
    const allowed = request.headers[CONTROL_HEADER] === "1";
    const answer = control(request.method ?? "", allowed, body.toString("utf8"), this.faults);
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  }

  #serve(incoming: IncomingMessage, response: ServerResponse, body: Buffer, arrived: number): void {
    const target = incoming.headers["x-amz-target"];
    const operation =
      typeof target === "string" && target.startsWith(TARGET_PREFIX)
        ? target.slice(TARGET_PREFIX.length)
        : "";
    const request = parseJson(body);
    const named = (request as { KeyId?: unknown } | undefined)?.KeyId;
    const applied = this.faults.take(operation, typeof named === "string" ? named : undefined);
    const requestId = randomUUID();
    const now = this.#clock.wall() + applied.skewMs;
    const answer = this.#answerOrFail({ incoming, body, operation, request, requestId, now, applied });
    const kind = applied.fault?.fault;
    const silent = kind === "hang" || kind === "reset" || kind === "truncate";
    this.#onExchange({
      operation,
      requestId,
      request,
      status: silent ? undefined : answer.status,
      response: answer.body,
      fault: applied.fault,
    });
    const send = (): void => {
      if (kind === "reset") incoming.socket.resetAndDestroy();
      else if (kind === "truncate") this.#truncate(response, answer, requestId);
      else this.#send(response, answer, requestId, now, kind === "html" ? "text/html" : CONTENT_TYPE);
    };
    if (kind === "hang") return;
    const wait = applied.delayMs - (this.#clock.monotonic() - arrived);
    if (wait <= 0) {
      send();
      return;
    }
    void this.#clock.sleep(wait).then(send);
  }

  /** No event, no answer: a use that left no trace would be worse than a failed one. */
  #answerOrFail(context: RequestContext): Answer {
    try {
      return this.#answer(context);
    } catch (error) {
      const failure = new AwsError(
        "KMSInternalException",
        `the event could not be written: ${String(error)}`,
        500,
      );
      return { status: failure.status, body: failure.body() };
    }
  }

  #answer(context: RequestContext): Answer {
    const { incoming, body, operation, request, requestId, now, applied } = context;
    const { fault } = applied;
    if (fault?.fault === "html")
      return { status: 503, body: "<html><body>503 Service Unavailable</body></html>" };
    if (fault?.fault === "empty") return { status: 503, body: "" };
    let caller: Caller | undefined;
    let key: KeyRecord | undefined;
    let result: object | undefined;
    let failure: AwsError | undefined;
    try {
      if (!isOperation(operation)) throw new AwsError("UnknownOperationException");
      caller = this.#verifier.verify(
        { method: incoming.method ?? "", url: incoming.url ?? "", headers: incoming.headers, body },
        now,
      );
      const spoilt = errorOf(fault);
      if (spoilt !== undefined) throw spoilt;
      if (request === undefined) throw new AwsError("SerializationException", "The request is not JSON");
      validate(request, REQUEST_SHAPES[operation]);
      result = OPERATIONS[operation].run(request as never, {
        store: this.#store,
        account: this.#account,
        region: caller.region,
        now: now / 1000,
        fault,
        concerns: (found) => {
          key = found;
        },
      });
    } catch (error) {
      // Anything else is a fault of this program: the caller sees what AWS shows then, the reason is in the event.
      failure = error instanceof AwsError ? error : new AwsError("KMSInternalException", String(error), 500);
    }
    if (caller !== undefined && isOperation(operation)) {
      const { readOnly } = OPERATIONS[operation];
      this.#onEvent(
        cloudTrailEvent({
          operation,
          readOnly,
          region: caller.region,
          account: this.#account,
          accessKeyId: caller.accessKeyId,
          sourceAddress: incoming.socket.remoteAddress ?? "",
          userAgent: incoming.headers["user-agent"] ?? "",
          requestId,
          eventId: randomUUID(),
          time: now,
          request: (request ?? {}) as Record<string, unknown>,
          response: readOnly ? null : ((result ?? null) as Record<string, unknown> | null),
          ...(key === undefined ? {} : { keyArn: keyArn(key.region, this.#account, key.keyId) }),
          ...(failure === undefined ? {} : { error: { code: failure.code, message: failure.message } }),
        }),
      );
    }
    if (failure !== undefined) return { status: failure.status, body: failure.body() };
    return { status: 200, body: result === undefined ? "" : JSON.stringify(result) };
  }

  #send(response: ServerResponse, answer: Answer, requestId: string, now: number, type = CONTENT_TYPE): void {
    response.writeHead(answer.status, {
      "x-amzn-RequestId": requestId,
      "Cache-Control": "no-cache, no-store, must-revalidate, private",
      Expires: "0",
      Pragma: "no-cache",
      Date: new Date(now).toUTCString(),
      "Content-Type": type,
      "Content-Length": Buffer.byteLength(answer.body),
    });
    response.end(answer.body);
  }

  #truncate(response: ServerResponse, answer: Answer, requestId: string): void {
    response.writeHead(answer.status, {
      "x-amzn-RequestId": requestId,
      "Content-Type": CONTENT_TYPE,
      "Content-Length": Buffer.byteLength(answer.body),
    });
    response.write(answer.body.slice(0, answer.body.length >> 1), () => response.destroy());
  }
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}

function errorOf(fault: Fault | undefined): AwsError | undefined {
  if (fault === undefined) return undefined;
  if (fault.fault === "error") {
    return new AwsError(fault.code ?? "KMSInternalException", fault.message ?? "", fault.status ?? 400);
  }
  if (!Object.hasOwn(ERROR_FAULTS, fault.fault)) return undefined;
  const known = ERROR_FAULTS[fault.fault as keyof typeof ERROR_FAULTS];
  return new AwsError(known.code, fault.message ?? known.message, fault.status ?? known.status);
}

function tooLarge(): Answer {
  const error = new AwsError(
    "RequestEntityTooLargeException",
    `The limit is ${String(LARGEST_BODY)} bytes`,
    413,
  );
  return { status: error.status, body: error.body() };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
