/** One way in which a request can fail. */
interface ErrorDefinition {
  readonly status: number;
  /** What was asked for and what there is; `{…}` is filled in. */
  readonly message: string;
  readonly remedy: string;
}

/** Every error of the API. docs/api.md has the same table, and a test compares them. */
export const API_ERRORS = {
  INVALID_PARAMETER: {
    status: 400,
    message: "{parameter} cannot be {given}: {expected}.",
    remedy: "Correct the parameter; /openapi.json has the form of each.",
  },
  NOT_A_FIXING_TIME: {
    status: 400,
    message: "{given} is no fixing time: fixing times are multiples of 300 s.",
    remedy: "Ask for {before} or {after}.",
  },
  MALFORMED_REQUEST: {
    status: 400,
    message: "The request is not HTTP/1.1 as RFC 9112 has it: {problem}.",
    remedy: "Correct the client.",
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    message: "There is no route {path}.",
    remedy: "/openapi.json lists all routes.",
  },
  UNKNOWN_FEED: {
    status: 404,
    message: "There is no feed {given} in this catalog.",
    remedy: "/v1/feeds lists all feeds; write BTC/JPY as BTC-JPY, or give the feed's id.",
  },
  UNKNOWN_BUNDLE: {
    status: 404,
    message: "The report of {time} holds the bundles {held}, not {given}.",
    remedy: "Ask for bundles that it holds; one whose market was closed is left out.",
  },
  REPORT_NOT_FOUND: {
    status: 404,
    message: "No report of {time} is kept; the newest is of {newest}.",
    remedy: "Reports are made at multiples of ten seconds; those between fixings are not kept for ever.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: "{method} is not answered, only GET, HEAD and OPTIONS.",
    remedy: "Nothing can be changed through this API: read with GET.",
  },
  REQUEST_TIMEOUT: {
    status: 408,
    message: "The request was not complete in time: headers have 4 s, everything has 5 s.",
    remedy: "Send the whole request at once.",
  },
  BODY_REFUSED: {
    status: 413,
    message: "A request has no body here; this one has {length}.",
    remedy: "Leave the body out.",
  },
  PARAMETER_TOO_LONG: {
    status: 414,
    message: "A part of the path has more than {most} characters.",
    remedy: "Give a feed's symbol or id.",
  },
  RATE_LIMITED: {
    status: 429,
    message: "More than {most} requests in {window} s came from your address.",
    remedy: "Wait as many seconds as the header retry-after says.",
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: "The request's headers have more than 16 KiB.",
    remedy: "Send fewer headers.",
  },
  CONTRADICTION: {
    status: 500,
    message: "{what} is {one} {here} and {other} {there}, so neither is shown.",
    remedy: "Settle nothing on it; the operators have been told.",
  },
  INVALID_ANSWER: {
    status: 500,
    message: "The answer was not what its schema says, so it was not sent.",
    remedy: "Ask again later; the operators have been told.",
  },
  INTERNAL: {
    status: 500,
    message: "Something failed here.",
    remedy: "Ask again later; the operators have been told.",
  },
  NO_REPORT_YET: {
    status: 503,
    message: "No report has been agreed on since this instance began.",
    remedy: "Ask again after the next tick; /ready says what is missing.",
  },
  CHAIN_UNREACHABLE: {
    status: 503,
    message: "The chain cannot be read at present.",
    remedy: "Ask again in some seconds, or read the contract through a node of your own.",
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** The places to be filled in of a text. */
type Places<Text> = Text extends `${string}{${infer Place}}${infer Rest}` ? Place | Places<Rest> : never;
type PlacesOf<Code extends ApiErrorCode> = Places<
  (typeof API_ERRORS)[Code]["message"] | (typeof API_ERRORS)[Code]["remedy"]
>;

/** An error as it is sent. */
export interface ErrorBody {
  readonly error: {
    readonly code: ApiErrorCode;
    readonly status: number;
    readonly message: string;
    readonly remedy: string;
  };
}

/** A request that fails in a way the API's users know of; made by `apiError`. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;
  /** Fastify answers with it. */
  readonly statusCode: number;
  readonly body: ErrorBody;

  constructor({ error }: ErrorBody) {
    super(error.message);
    this.code = error.code;
    this.statusCode = error.status;
    this.body = { error };
  }
}

/** @param values what to fill in; long texts are cut short */
export function apiError<Code extends ApiErrorCode>(
  code: Code,
  values: Readonly<Record<PlacesOf<Code>, string | number>>,
): ApiError {
  const { status, message, remedy }: ErrorDefinition = API_ERRORS[code];
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, place: PlacesOf<Code>) => shown(String(values[place])));
  return new ApiError({ error: { code, status, message: fill(message), remedy: fill(remedy) } });
}

/** Nobody needs more than this of what they sent back. */
function shown(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
