import { readUint, sameBytes } from "./bytes.ts";
import { type Definitions, type PlacedPart, readPart } from "./part.ts";
import { Rejection } from "./rejection.ts";
import type { ReportPart } from "./report.ts";

/**
 * Reads the parts behind the first one, up to the last byte.
 * @returns all parts, the first included
 * @throws Rejection BadPart, UnknownBundle, BadMask, BundleOrder or RootMismatch, whichever comes first
 */
export function readParts(bytes: Uint8Array, first: PlacedPart, definitions: Definitions): ReportPart[] {
  const parts = [first.part];
  let previous = first;
  while (previous.end !== bytes.length) {
    const next = readPart(bytes, previous.end, definitions);
    if (next.part.bundle <= previous.part.bundle) {
      throw new Rejection("BundleOrder", [previous.part.bundle, next.part.bundle]);
    }
    if (!sameBytes(next.root, first.root)) {
      throw new Rejection("RootMismatch", [readUint(next.root), readUint(first.root)]);
    }
    parts.push(next.part);
    previous = next;
  }
  return parts;
}
