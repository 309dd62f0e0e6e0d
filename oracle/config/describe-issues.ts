import type { z } from "zod";

import { didYouMean } from "../did-you-mean.ts";
import { pathText } from "../strict-object.ts";
import type { ConfigProblem } from "./config-error.ts";

type Issue = z.core.$ZodIssue;

/**
 * Says of each issue where it is, what was expected and what was seen.
 * @param file what was checked
 */
export function describeIssues(issues: readonly Issue[], file: unknown): ConfigProblem[] {
  return issues.flatMap((issue) => {
    const seen = at(file, issue.path);
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      const nested = closest(issue.errors).map((inner) => ({
        ...inner,
        path: [...issue.path, ...inner.path],
      }));
      return describeIssues(nested, file);
    }
    const plain = issue.message.replace(/^Invalid input: /, "").replace(/, received .*$/, "");
    const message =
      seen === undefined && issue.code === "invalid_type"
        ? `is missing; ${plain}`
        : `${plain}${/, saw |unknown key/.test(plain) ? "" : `, saw ${shown(seen)}${meant(plain, seen)}`}`;
    return [{ path: pathText(issue.path), message }];
  });
}

/** The word that was probably meant, where the message names those that may be there. */
function meant(message: string, seen: unknown): string {
  const named = [...message.matchAll(/(["'])([^"']+)\1/g)].map(([, , word = ""]) => word);
  return typeof seen === "string" ? didYouMean(seen, named) : "";
}

/** Of the alternatives, the one that was meant: whose complaint lies deepest. */
function closest(alternatives: readonly (readonly Issue[])[]): readonly Issue[] {
  const depth = (issues: readonly Issue[]) => Math.min(...issues.map(({ path }) => path.length));
  return [...alternatives].sort((a, b) => depth(b) - depth(a))[0] ?? [];
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
