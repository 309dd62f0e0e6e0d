import { LedgerConflict, LedgerError } from "./ledger.ts";
import type { PackedTick } from "./pack-tick.ts";
import type { LedgerStore, StoreOptions } from "./sqlite/ledger-store.ts";

/** Methods of the store that are called by name and answered; each takes the time of the call first. */
export type StoreMethod = {
  [Name in keyof LedgerStore]: LedgerStore[Name] extends (at: number, ...rest: never[]) => unknown
    ? Name
    : never;
}[Exclude<keyof LedgerStore, "takeTick">];

export type ArgumentsOf<Name extends StoreMethod> = LedgerStore[Name] extends (
  at: number,
  ...rest: infer Rest
) => unknown
  ? Rest
  : never;

/** What a worker is started with. */
export interface WorkerStart {
  readonly options: StoreOptions;
  /** Unix milliseconds. */
  readonly at: number;
}

/** To the worker, which answers calls in their order; a tick has no answer. */
export type ToWorker =
  | {
      readonly kind: "call";
      readonly id: number;
      readonly at: number;
      readonly method: StoreMethod;
      readonly rest: readonly unknown[];
    }
  | { readonly kind: "tick"; readonly record: PackedTick };

/** From the worker. The answer to its own start has id 0, and the writer's name as value. */
export type FromWorker =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly failure: Failure };

/** An error on its way between threads, which would forget its class. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: unknown;
}

export function toFailure(thrown: unknown): Failure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, stack, cause } = error;
  return { name, message, stack, cause: cause instanceof Error ? new Error(cause.message) : undefined };
}

const CLASSES: Readonly<Record<string, new (message: string, options?: ErrorOptions) => Error>> = {
  LedgerConflict,
  LedgerError,
  RangeError,
  TypeError,
};

/** The error again, of its class. */
export function fromFailure({ name, message, stack, cause }: Failure): Error {
  const error = new (CLASSES[name] ?? Error)(message, cause === undefined ? {} : { cause });
  if (stack !== undefined) error.stack = stack;
  return error;
}
