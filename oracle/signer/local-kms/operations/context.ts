import type { Fault } from "../faults.ts";
import type { KeyStore } from "../key-store.ts";
import type { KeyRecord } from "../state.ts";

/** What an operation works with. */
export interface OperationContext {
  readonly store: KeyStore;
  readonly account: string;
  readonly region: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** The fault that applies to this request, for those that spoil the answer rather than replace it. */
  readonly fault: Fault | undefined;
  /** Called once the key concerned is known, so that a failure after this names it in its event. */
  readonly concerns: (key: KeyRecord) => void;
}

/** An operation: validated request in, response members out; undefined is an empty body. */
export type Operation<Request> = (request: Request, context: OperationContext) => object | undefined;
