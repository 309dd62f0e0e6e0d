import { pathToFileURL } from "node:url";

import { UsageError } from "../../usage-error.ts";
import type { Fraction } from "./fraction.ts";

/**
 * What a contract of one's own should pay, worked out apart from it: the default export of a module that
 * `options.payoff.reference` names.
 * @param amount in the smallest unit of the token
 * @param price the fixing, in the feed's decimals
 * @param args what the contract's constructor gets
 * @returns exactly what is due, before it is rounded down and cut at the contract's `most`
 */
export type OwnPayoff = (
  amount: bigint,
  price: bigint,
  args: readonly (string | number | boolean)[],
) => Fraction;

/**
 * @param file a whole path
 * @throws UsageError where there is no such module, or no function in it
 */
export async function readOwnPayoff(file: string): Promise<OwnPayoff> {
  let module: { readonly default?: unknown };
  try {
    module = (await import(pathToFileURL(file).href)) as typeof module;
  } catch (error) {
    throw new UsageError(`${file} cannot be loaded: ${(error as Error).message}`);
  }
  const { default: reference } = module;
  if (typeof reference !== "function")
    throw new UsageError(`${file} has no function as its default export: (amount, price, args) => fraction`);
  return (amount, price, args) => {
    const due = (reference as (...args: unknown[]) => unknown)(amount, price, args);
    if (!isFraction(due))
      throw new UsageError(
        `${file} answers with no fraction: { numerator, denominator }, two bigints of which the second is above 0`,
      );
    return due;
  };
}

function isFraction(value: unknown): value is Fraction {
  if (typeof value !== "object" || value === null) return false;
  const { numerator, denominator } = value as Record<keyof Fraction, unknown>;
  return typeof numerator === "bigint" && typeof denominator === "bigint" && denominator > 0n;
}
