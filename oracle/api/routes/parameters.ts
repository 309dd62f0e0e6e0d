import { z } from "zod";

import { strict } from "../../strict-object.ts";
import { LIMITS } from "../limits.ts";

/** For routes without query parameters: a misspelt one is refused, not ignored. */
export const noQuery = strict({});

export const feedParameter = z
  .string()
  .min(1)
  .describe("A feed's symbol with - for /, such as BTC-JPY, or its id.");

export const timeParameter = z
  .string()
  .regex(/^(0|[1-9]\d{0,9})$/, "expected Unix seconds, such as 1800000000")
  .transform(Number)
  .refine((time) => time < 2 ** 32, "expected Unix seconds below 2^32")
  .describe("Unix seconds.");

const number = /^(0|[1-9]\d{0,7})$/;

/** `0,1,5` */
export const bundlesParameter = z
  .string()
  .refine(
    (text) => text.split(",").length <= LIMITS.maxBundles,
    `expected at most ${LIMITS.maxBundles} bundles`,
  )
  .refine((text) => text.split(",").every((part) => number.test(part)), "expected numbers such as 0,1,5")
  .transform((text) => text.split(",").map(Number))
  .optional()
  .describe("Numbers of bundles, such as 0,1,5; all of the report when absent.");

export const limitParameter = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, `expected 1 to ${LIMITS.maxPage}`)
  .transform(Number)
  .refine((limit) => limit <= LIMITS.maxPage, `expected 1 to ${LIMITS.maxPage}`)
  .optional()
  .describe(`Feeds on a page, at most and by default ${LIMITS.maxPage}.`);

export const afterParameter = z
  .string()
  .regex(/^(0|[1-9]\d{0,9})$/, "expected a feed's id")
  .transform(Number)
  .optional()
  .describe("The id behind which the page begins: `next` of the page before.");
