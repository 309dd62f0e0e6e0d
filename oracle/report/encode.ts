import { concat, writeUint } from "./bytes.ts";
import { checkTime } from "./digest.ts";
import { TIME_BYTES } from "./header.ts";
import { encodePart } from "./part.ts";
import type { ReportPart, SignedReport } from "./report.ts";
import { type ReportSignature, SIGNATURE_BYTES } from "./signature.ts";
import { encodeSignerSet, type SignerSet } from "./signer-set.ts";

/**
 * A report's bytes: `observedAt:4 q:1 n:1 address:20*n (index:1 r:32 vs:32)*q`, then the parts.
 * Whose signatures they are is not checked here; `verifyReport` does.
 * @throws RangeError where the result could not be a report: a set that no contract takes, another number of
 * signatures than the quorum, indices or bundles that do not ascend, no part
 */
export function encodeReport(report: SignedReport): Uint8Array {
  checkTime(report.observedAt);
  const setBytes = encodeSignerSet(report.set);
  checkSignatures(report.signatures, report.set);
  checkParts(report.parts);
  return concat([
    writeUint(BigInt(report.observedAt), TIME_BYTES),
    setBytes,
    ...report.signatures.flatMap(({ index, compact }) => [Uint8Array.of(index), compact]),
    ...report.parts.map(encodePart),
  ]);
}

/** @throws RangeError where these signatures cannot be a quorum's of this set, whoever made them */
export function checkSignatures(
  signatures: readonly ReportSignature[],
  { quorum, signers }: SignerSet,
): void {
  if (signatures.length !== quorum) {
    throw new RangeError(`a report carries exactly ${quorum} signatures, not ${signatures.length}`);
  }
  let previous = -1;
  for (const { index, compact } of signatures) {
    if (!Number.isInteger(index) || index <= previous || index >= signers.length) {
      throw new RangeError(
        `signer ${index} behind ${previous}: indices ascend and are below ${signers.length}`,
      );
    }
    if (compact.length !== SIGNATURE_BYTES) {
      throw new RangeError(
        `signer ${index}: a signature has ${SIGNATURE_BYTES} bytes, not ${compact.length}`,
      );
    }
    previous = index;
  }
}

function checkParts(parts: readonly ReportPart[]): void {
  if (parts.length === 0) throw new RangeError("a report has at least one part");
  let previous = -1;
  for (const { bundle } of parts) {
    if (bundle <= previous) throw new RangeError(`bundle ${bundle} behind ${previous}: bundles ascend`);
    previous = bundle;
  }
}
