import { z } from "zod";

import { didYouMean } from "./did-you-mean.ts";

/** A strict object whose complaint about an unknown key says which keys there are, and which was probably meant. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => `unknown key "${key}"${didYouMean(key, known)}`).join("; ") +
          ` (known: ${known.join(", ")})`
        : undefined,
  });
}

/** Where a complaint is, as people write it: `bundles[0].feeds[2].method`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`))
    .join("")
    .replace(/^\./, "");
}
