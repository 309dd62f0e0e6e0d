import { expect } from "chai";
import type { LightMyRequestResponse } from "fastify";

import type { ApiErrorCode, ErrorBody } from "../../../oracle/api/api-error.ts";

/** Checks that an answer is this error, in the API's form, with nothing else in it. */
export function expectError(
  { statusCode, body, headers }: LightMyRequestResponse,
  code: ApiErrorCode,
): ErrorBody["error"] {
  const { error, ...rest } = JSON.parse(body) as ErrorBody;
  expect([statusCode, error.code, rest]).to.deep.equal([error.status, code, {}]);
  expect(Object.keys(error)).to.deep.equal(["code", "status", "message", "remedy"]);
  expect(error.message + error.remedy, "every place is filled in").not.to.match(/[{}]|undefined/);
  expect(headers).to.include({
    "cache-control": "no-store",
    "content-type": "application/json; charset=utf-8",
  });
  return error;
}
