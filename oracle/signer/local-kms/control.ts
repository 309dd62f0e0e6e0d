import type { FaultInput, FaultScript } from "./faults.ts";

/** Where the fault script is read and written. */
export const CONTROL_PATH = "/_nakane/faults";
/** Sent with every control request: a web page cannot send it across origins without asking first, and is refused. */
export const CONTROL_HEADER = "x-nakane-control";

/** A control request's answer. */
export interface ControlAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Reads (GET), replaces (PUT) or clears (DELETE) the fault script.
 *
 * @param body JSON array of faults, for PUT
 */
export function control(method: string, allowed: boolean, body: string, script: FaultScript): ControlAnswer {
  if (!allowed)
    return { status: 403, body: JSON.stringify({ error: `send the header ${CONTROL_HEADER}: 1` }) };
  switch (method) {
    case "GET":
      break;
    case "DELETE":
      script.set([]);
      break;
    case "PUT":
      try {
        script.set(JSON.parse(body) as FaultInput[]);
      } catch (error) {
        return { status: 400, body: JSON.stringify({ error: (error as Error).message }) };
      }
      break;
    default:
      return { status: 405, body: JSON.stringify({ error: "GET, PUT or DELETE" }) };
  }
  return { status: 200, body: JSON.stringify(script.list()) };
}
