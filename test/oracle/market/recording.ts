import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { type JsonValue, parseJson } from "../../../oracle/market/json.ts";

/** A file of recorded market data; the test is skipped, saying so, where there is none. */
export function marketData(test: Mocha.Context, name: string): string {
  const folder = process.env["MARKET_DATA"];
  const path = join(folder ?? "", name);
  if (folder === undefined || !existsSync(path)) {
    console.log(`      skipped: set MARKET_DATA to the folder that has ${name}`);
    test.skip();
  }
  return readFileSync(path, "utf8");
}

/** The body that a venue once answered with, its numbers as they were written. */
export function recordedBody(test: Mocha.Context, name: string): JsonValue {
  const recording = parseJson(marketData(test, join("exchange-rest", `${name}.json`))) as Record<
    string,
    JsonValue
  >;
  const { body = null, rawBody = null } = recording;
  return typeof rawBody === "string" ? parseJson(rawBody) : body;
}
