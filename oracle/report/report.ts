import { placeOf } from "./catalog-plan.ts";
import { provePresent, type ReportTree } from "./report-tree.ts";
import type { ReportSignature } from "./signature.ts";
import type { SignerSet } from "./signer-set.ts";

/** A signed report as it goes to a chain. */
export interface SignedReport {
  /** Unix time in seconds, below 2^32. */
  readonly observedAt: number;
  readonly set: SignerSet;
  /** Exactly as many as the quorum, by ascending index. */
  readonly signatures: readonly ReportSignature[];
  /** One or more, by ascending bundle number. */
  readonly parts: readonly ReportPart[];
}

/** One bundle of a report, with the proof that it belongs under the signed root. */
export interface ReportPart {
  readonly bundle: number;
  /** What the chain keeps of it: from `mask`. */
  readonly mask: bigint;
  /** What stands beside the way from its leaf to the root, bottom first: 32 bytes each, at most 24. */
  readonly siblings: readonly Uint8Array[];
  /** All of its words: from `packWords`. */
  readonly words: Uint8Array;
}

/**
 * A bundle's part of a report.
 * @throws RangeError where the tree does not hold the bundle
 */
export function reportPart(tree: ReportTree, bundle: number, mask: bigint): ReportPart {
  const words = tree.words[placeOf(tree.plan, bundle)];
  if (!words) throw new RangeError(`this report leaves bundle ${bundle} out`);
  return { bundle, mask, siblings: provePresent(tree, bundle), words };
}
