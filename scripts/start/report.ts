import { domainSeparator } from "../../oracle/report/digest.ts";
import { encodeReport } from "../../oracle/report/encode.ts";
import { wholeMask } from "../../oracle/report/mask.ts";
import { reportPart } from "../../oracle/report/report.ts";
import { reportTree } from "../../oracle/report/report-tree.ts";
import { packWords } from "../../oracle/report/word.ts";
import { type MemorySigners, signAsQuorum } from "../../oracle/signer/memory-signers.ts";
import { PLAN } from "./catalog.ts";
import { SALT } from "./deploy.ts";

/** One time's simulated prices, as integers in each feed's decimals. */
export interface Prices {
  usdJpy: bigint;
  btcJpy: bigint;
  ethJpy: bigint;
}

/** A report of every bundle, signed by a quorum, with its root. */
export function signedReport(
  signers: MemorySigners,
  observedAt: number,
  { usdJpy, btcJpy, ethJpy }: Prices,
): { report: Uint8Array; root: Uint8Array } {
  const words = new Map([
    [0, packWords([usdJpy])],
    [1, packWords([btcJpy, ethJpy])],
  ]);
  const tree = reportTree(PLAN, words);
  const parts = [...words.keys()].map((bundle) => reportPart(tree, bundle, wholeMask(1, true)));
  const signatures = signAsQuorum(signers, domainSeparator(SALT), observedAt, tree.root);
  return { report: encodeReport({ observedAt, set: signers.set, signatures, parts }), root: tree.root };
}
