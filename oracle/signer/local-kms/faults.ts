import { z } from "zod";

/** Errors of the service by the names people use for them. */
export const ERROR_FAULTS = {
  throttle: { code: "ThrottlingException", status: 400, message: "Rate exceeded" },
  internal: { code: "KMSInternalException", status: 500, message: "" },
  unavailable: { code: "KeyUnavailableException", status: 500, message: "" },
  dependency: { code: "DependencyTimeoutException", status: 503, message: "" },
  limit: { code: "LimitExceededException", status: 400, message: "" },
  disabled: { code: "DisabledException", status: 400, message: "" },
  state: { code: "KMSInvalidStateException", status: 400, message: "" },
  "not-found": { code: "NotFoundException", status: 400, message: "" },
  denied: { code: "AccessDeniedException", status: 400, message: "" },
  usage: { code: "InvalidKeyUsageException", status: 400, message: "" },
  validation: { code: "ValidationException", status: 400, message: "" },
  "expired-token": {
    code: "ExpiredTokenException",
    status: 400,
    message: "The security token included in the request is expired",
  },
} as const;

/** What may go wrong. */
export const FAULT_KINDS = [
  ...(Object.keys(ERROR_FAULTS) as (keyof typeof ERROR_FAULTS)[]),
  "error",
  "hang",
  "reset",
  "slow",
  "html",
  "empty",
  "truncate",
  "wrong-key",
  "wrong-key-id",
  "corrupt-der",
  "high-s",
  "short-r",
  "short-s",
  "clock-skew",
] as const;

/** One line of a fault script. */
export const faultSchema = z.strictObject({
  /** What goes wrong. */
  fault: z.enum(FAULT_KINDS),
  /** Only for this operation; any when absent. */
  operation: z.string().optional(),
  /** Only for requests that name this key or alias in this very way; any when absent. */
  keyId: z.string().optional(),
  /** Leaves this many matching requests alone first. */
  after: z.int().min(0).default(0),
  /** For this many matching requests; until cleared when absent. */
  times: z.int().min(1).optional(),
  /** `slow`: the answer leaves this long after the request came. `clock-skew`: how far ahead the service's clock is. */
  ms: z.int().min(-86_400_000).max(86_400_000).optional(),
  /** `corrupt-der`: in which way; `trailing` when absent. */
  variant: z.enum(["trailing", "truncated", "length", "negative", "padded", "empty"]).optional(),
  /** `error`: code, message and status of the answer. */
  code: z.string().optional(),
  message: z.string().optional(),
  status: z.int().min(400).max(599).optional(),
});

/** A fault script: the first line that matches a request applies to it, except that `slow` and `clock-skew` add. */
export const faultScriptSchema = z.array(faultSchema);

/** One line of a fault script, with its defaults filled in. */
export type Fault = z.output<typeof faultSchema>;

/** A fault as people write it. */
export type FaultInput = z.input<typeof faultSchema>;

/** A fault script is not one; says where, for people. */
export class FaultScriptError extends Error {
  override readonly name = "FaultScriptError";
}

/** What applies to one request. */
export interface AppliedFaults {
  readonly fault: Fault | undefined;
  readonly delayMs: number;
  readonly skewMs: number;
}

/** Runs a script: each line counts the requests that match it. */
export class FaultScript {
  #lines: { readonly fault: Fault; seen: number }[] = [];

  /**
   * Replaces the script.
   *
   * @throws FaultScriptError when a line is malformed; the old script stays
   */
  set(script: readonly FaultInput[]): void {
    const { data, error } = faultScriptSchema.safeParse(script);
    if (data === undefined) throw new FaultScriptError(z.prettifyError(error));
    for (const { fault, ms, code } of data) {
      if ((fault === "slow" || fault === "clock-skew") && ms === undefined)
        throw new FaultScriptError(`fault ${fault} needs ms`);
      if (fault === "error" && code === undefined) throw new FaultScriptError("fault error needs a code");
    }
    this.#lines = data.map((fault) => ({ fault, seen: 0 }));
  }

  /** The script as it stands, with the number of requests each line has matched. */
  list(): (Fault & { seen: number })[] {
    return this.#lines.map(({ fault, seen }) => ({ ...fault, seen }));
  }

  /** Takes what applies to the next request. */
  take(operation: string, keyId: string | undefined): AppliedFaults {
    let chosen: Fault | undefined;
    let delayMs = 0;
    let skewMs = 0;
    for (const line of this.#lines) {
      const { fault } = line;
      if (fault.operation !== undefined && fault.operation !== operation) continue;
      if (fault.keyId !== undefined && fault.keyId !== keyId) continue;
      const adds = fault.fault === "slow" || fault.fault === "clock-skew";
      if (!adds && chosen !== undefined) continue;
      line.seen++;
      if (line.seen <= fault.after) continue;
      if (fault.times !== undefined && line.seen > fault.after + fault.times) continue;
      if (fault.fault === "slow") delayMs += fault.ms ?? 0;
      else if (fault.fault === "clock-skew") skewMs += fault.ms ?? 0;
      else chosen = fault;
    }
    return { fault: chosen, delayMs, skewMs };
  }
}
