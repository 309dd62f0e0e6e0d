import { AwsError } from "../aws-error.ts";

/** What a request says of the page it wants. */
export interface PageRequest {
  readonly Limit?: number;
  readonly Marker?: string;
}

/** A page of items, and where the next begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly rest: { readonly Truncated: boolean; readonly NextMarker?: string };
}

/**
 * Cuts a page out of a list. The marker is the base64 of the last item's id, so that a list that changes between two
 * pages skips and repeats nothing that stayed.
 *
 * @throws AwsError `InvalidMarkerException` for a marker that this list did not give
 */
export function page<T>(
  all: readonly T[],
  id: (item: T) => string,
  { Limit, Marker }: PageRequest,
  defaultLimit: number,
): Page<T> {
  let start = 0;
  if (Marker !== undefined) {
    const last = Buffer.from(Marker, "base64").toString("utf8");
    const at = all.findIndex((item) => id(item) === last);
    if (at < 0) throw new AwsError("InvalidMarkerException", `Invalid marker '${Marker}'`);
    start = at + 1;
  }
  const items = all.slice(start, start + (Limit ?? defaultLimit));
  const last = items.at(-1);
  if (last === undefined || start + items.length >= all.length) return { items, rest: { Truncated: false } };
  return { items, rest: { Truncated: true, NextMarker: Buffer.from(id(last)).toString("base64") } };
}
