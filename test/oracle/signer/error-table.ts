import type { KmsErrorKind } from "../../../oracle/signer/kms-error.ts";
import type { FaultInput } from "../../../oracle/signer/local-kms/faults.ts";

/** One line of the table of errors: what KMS does, and what the signer does then. */
export interface ErrorCase {
  /** The error's name as the SDK throws it. */
  readonly name: string;
  readonly does: string;
  readonly fault: FaultInput;
  readonly kind: KmsErrorKind;
  /** Sign requests for one signature if it never passes. */
  readonly requests: number;
}

function passing(name: string, kind: KmsErrorKind, fault: FaultInput): ErrorCase {
  return { name, does: `tried 4 times, ${kind}`, fault, kind, requests: 4 };
}

function stopping(name: string, fault: FaultInput): ErrorCase {
  return { name, does: "tried once, the key stops", fault, kind: "stop", requests: 1 };
}

/** KMS's errors, then what networks do. The hang has its own tests, with a clock. */
export const ErrorTable: readonly ErrorCase[] = [
  passing("ThrottlingException", "retry-here", { fault: "throttle" }),
  passing("KMSInternalException", "retry-here", { fault: "internal" }),
  passing("LimitExceededException", "retry-here", { fault: "limit" }),
  passing("KeyUnavailableException", "retry-elsewhere", { fault: "unavailable" }),
  passing("DependencyTimeoutException", "retry-elsewhere", { fault: "dependency" }),
  passing("DependencyTimeoutException", "retry-elsewhere", { fault: "dependency", status: 500 }),
  // The SDK calls a cut connection a timeout.
  passing("TimeoutError", "retry-here", { fault: "reset" }),
  passing("SyntaxError", "retry-here", { fault: "html" }),
  passing("Unknown", "retry-here", { fault: "empty" }),
  passing("ServiceUnavailable", "retry-here", { fault: "error", code: "ServiceUnavailable", status: 503 }),
  passing("Error", "retry-here", { fault: "truncate" }),
  stopping("DisabledException", { fault: "disabled" }),
  stopping("KMSInvalidStateException", { fault: "state" }),
  stopping("NotFoundException", { fault: "not-found" }),
  stopping("AccessDeniedException", { fault: "denied" }),
  stopping("InvalidKeyUsageException", { fault: "usage" }),
  stopping("ValidationException", { fault: "validation" }),
  // By name, never by status: the same names under statuses that would say otherwise.
  passing("ThrottlingException", "retry-here", { fault: "throttle", status: 429 }),
  stopping("DisabledException", { fault: "disabled", status: 500 }),
  stopping("KMSInvalidStateException", { fault: "state", status: 503 }),
  stopping("NobodyThoughtOfThisException", {
    fault: "error",
    code: "NobodyThoughtOfThisException",
    status: 500,
  }),
];
