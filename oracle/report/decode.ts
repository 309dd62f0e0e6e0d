import { checkSignatures } from "./encode.ts";
import { readHeader } from "./header.ts";
import { type Definitions, readPart } from "./part.ts";
import { readParts } from "./parts.ts";
import type { SignedReport } from "./report.ts";
import { checkSignerSet } from "./signer-set.ts";

/**
 * Reads a report's bytes: the inverse of `encodeReport`. Bytes that `encodeReport` would not write are refused, so
 * each report has exactly one encoding. Who signed, and whether a chain would take it, is not checked here;
 * `verifyReport` does.
 * @param definitions the catalog's definition hashes: they say how many words each bundle has
 * @returns the report and the root that all its parts lead to
 * @throws Rejection for what the contract refuses by the bytes alone
 * @throws RangeError for a signer set, or an order of signatures, that no contract takes
 */
export function decodeReport(
  bytes: Uint8Array,
  definitions: Definitions,
): { report: SignedReport; root: Uint8Array } {
  const { observedAt, set, signatures, end } = readHeader(bytes);
  checkSignerSet(set);
  checkSignatures(signatures, set);
  const first = readPart(bytes, end, definitions);
  const parts = readParts(bytes, first, definitions);
  return { report: { observedAt, set, signatures, parts }, root: first.root };
}
