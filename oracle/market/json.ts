/** A number of a JSON text, kept as its source text: `621000.0` stays `621000.0`, and 0.1 never becomes a binary fraction. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What `parseJson` makes of a JSON text. */
export type JsonValue =
  null | boolean | string | JsonNumber | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Why a text was not read. */
export type JsonProblem = "empty" | "html" | "too-deep" | "malformed";

/** A text that is not the JSON we take. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** Deeper than any venue answers; shallow enough for every recursive walk. */
export const MAX_DEPTH = 32;

/**
 * Reads JSON with every number as its source text.
 * @throws JsonError, saying so in particular where a venue answered with a web page
 */
export function parseJson(text: string): JsonValue {
  const body = text.trimStart();
  if (body === "") throw new JsonError("empty", "expected JSON, saw an empty body");
  if (body.startsWith("<")) {
    throw new JsonError("html", `expected JSON, saw a web page: ${JSON.stringify(body.slice(0, 60))}`);
  }
  if (depthExceeds(body, MAX_DEPTH)) {
    throw new JsonError("too-deep", `expected JSON at most ${MAX_DEPTH} levels deep`);
  }
  try {
    return JSON.parse(text, keepNumberText) as JsonValue;
  } catch (error) {
    throw new JsonError(
      "malformed",
      `expected JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function keepNumberText(_key: string, value: unknown, ...[context]: unknown[]): unknown {
  return typeof value === "number" ? new JsonNumber((context as { source: string }).source) : value;
}

/** Counts brackets outside of strings, so that a bomb is refused before anything recurses into it. */
function depthExceeds(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 0x5c) i++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > limit) return true;
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
  return false;
}
