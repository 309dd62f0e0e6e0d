import path from "node:path";

import { type JsonValue, parseJson } from "../../../oracle/market/json.ts";
import { marketData } from "../../utils/outside-files.ts";

/** The body that a venue once answered with, its numbers as they were written. */
export function recordedBody(test: Mocha.Context, name: string): JsonValue {
  const recording = parseJson(marketData(test, path.join("exchange-rest", `${name}.json`))) as Record<
    string,
    JsonValue
  >;
  const { body = null, rawBody = null } = recording;
  return typeof rawBody === "string" ? parseJson(rawBody) : body;
}
