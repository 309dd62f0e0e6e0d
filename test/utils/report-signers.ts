import { domainSeparator, networkSalt } from "../../oracle/report/digest.ts";
import { encodeReport } from "../../oracle/report/encode.ts";
import { reportPart } from "../../oracle/report/report.ts";
import type { ReportTree } from "../../oracle/report/report-tree.ts";
import { type MemorySigners, memorySigners, signAsQuorum } from "./memory-signers.ts";

/** A signer set whose keys the test holds. */
export interface TestSigners extends MemorySigners {
  readonly domain: Uint8Array;
}

export const TEST_SALT = networkSalt("local", "test");

/** n signers, always the same, and the smallest quorum that n allows. */
export function testSigners(n: number): TestSigners {
  return { ...memorySigners(n, "signers"), domain: domainSeparator(TEST_SALT) };
}

/** A report signed by the first signers that make a quorum; `masks` says what the chain keeps, by ascending bundle. */
export function signedReport(
  signers: TestSigners,
  tree: ReportTree,
  observedAt: number,
  masks: readonly { bundle: number; mask: bigint }[],
): Uint8Array {
  const signatures = signAsQuorum(signers, signers.domain, observedAt, tree.root);
  const parts = masks.map(({ bundle, mask }) => reportPart(tree, bundle, mask));
  return encodeReport({ observedAt, set: signers.set, signatures, parts });
}
