import type { FastifyError, FastifyReply, FastifyRequest, FastifySchemaValidationError } from "fastify";
import { hasZodFastifySchemaValidationErrors, ResponseSerializationError } from "fastify-type-provider-zod";

import { ApiError, apiError } from "./api-error.ts";
import { NO_STORE } from "./caching.ts";
import { LIMITS } from "./limits.ts";
import { ChainUnreachable } from "./oracle-view.ts";
import { addSecurityHeaders } from "./security-headers.ts";

/** An answer that failed on our side. */
export interface Fault {
  readonly error: unknown;
  readonly answered: ApiError;
  /** Method and path. */
  readonly request: string;
}

/** Answers any error in the API's own form. What an unforeseen error says stays here: it may name what strangers need not know. */
export function answerError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  onFault: ((fault: Fault) => void) | undefined,
): FastifyReply {
  const answered = toApiError(error, request);
  if (answered.statusCode >= 500 && answered.code !== "NO_REPORT_YET") {
    onFault?.({ error, answered, request: `${request.method} ${pathOf(request)}` });
  }
  // Set here as well as in the hook: an error of the framework's own runs no hooks.
  addSecurityHeaders(reply);
  return reply
    .code(answered.statusCode)
    .header("cache-control", NO_STORE)
    .type("application/json; charset=utf-8")
    .serializer(JSON.stringify)
    .send(answered.body);
}

/** The path without its query. */
export function pathOf({ url }: FastifyRequest): string {
  return url.split("?", 1)[0] ?? "";
}

function toApiError(error: unknown, request: FastifyRequest): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof ChainUnreachable) return apiError("CHAIN_UNREACHABLE", {});
  if (error instanceof ResponseSerializationError) return apiError("INVALID_ANSWER", {});
  if (hasZodFastifySchemaValidationErrors(error)) return invalidParameter(error, request);
  switch ((error as { code?: unknown }).code) {
    case "FST_ERR_MAX_PARAM_LENGTH":
      return apiError("PARAMETER_TOO_LONG", { most: LIMITS.maxParamLength });
    case "FST_ERR_BAD_URL":
      return apiError("MALFORMED_REQUEST", { problem: "the path is not percent-encoded" });
    default:
      return apiError("INTERNAL", {});
  }
}

/** The first thing that is wrong; more than one at a time is rare in a path. */
function invalidParameter(error: ValidationFailure, request: FastifyRequest): ApiError {
  const { validation, validationContext } = error;
  const [issue] = validation;
  const [unknown] = (issue?.params["keys"] ?? []) as string[];
  const parameter = unknown ?? issue?.instancePath.split("/")[1] ?? "";
  const given = (validationContext === "params" ? request.params : request.query) as Record<string, unknown>;
  const value = given[parameter];
  return apiError("INVALID_PARAMETER", {
    parameter,
    given: value === undefined ? "absent" : JSON.stringify(value),
    expected: Array.isArray(value) ? "expected once" : (issue?.message ?? ""),
  });
}

type ValidationFailure = Pick<FastifyError, "validationContext"> & {
  readonly validation: readonly FastifySchemaValidationError[];
};
