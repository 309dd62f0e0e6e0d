import type { StoredReport } from "../ledger/ledger.ts";
import { readHeader } from "../report/header.ts";
import { type ReportTree, reportTree } from "../report/report-tree.ts";
import type { ReportSignature } from "../report/signature.ts";
import type { SignerSet } from "../report/signer-set.ts";
import { packWords } from "../report/word.ts";
import type { QuorumReport } from "../signer/agreement/effects.ts";
import type { Epoch } from "../signer/agreement/epoch.ts";

/** A report with its signatures, as the relayer carries it. */
export interface RelayedReport {
  /** Unix seconds. */
  readonly time: number;
  /** By feed of the catalog. */
  readonly prices: BigInt64Array;
  readonly tree: ReportTree;
  /** 64 hexadecimal digits. */
  readonly root: string;
  readonly set: SignerSet;
  readonly signatures: readonly ReportSignature[];
  /** The EIP-712 domain it was signed in. */
  readonly domain: Uint8Array;
}

/** A report that the quorum has just signed. */
export function relayedReport({ epoch, time, prices, tree, root, signatures }: QuorumReport): RelayedReport {
  const set = { quorum: epoch.q, signers: epoch.members.map(({ address }) => address) };
  return { time, prices, tree, root, set, signatures, domain: epoch.domain };
}

/**
 * A report as the ledger keeps it.
 * @throws RangeError where it is not of this epoch's catalog: its root comes out differently
 */
export function relayedFromStored(stored: StoredReport, epoch: Epoch): RelayedReport {
  const held = new Set(stored.bundles);
  const words = new Map<number, Uint8Array>();
  let first = 0;
  for (const { bundle, feeds } of epoch.plan.bundles) {
    if (held.has(bundle)) words.set(bundle, packWords(stored.prices.subarray(first, first + feeds)));
    first += feeds;
  }
  const tree = reportTree(epoch.plan, words);
  const root = Buffer.from(tree.root).toString("hex");
  if (root !== stored.root) {
    throw new RangeError(
      `the report of ${stored.observedAt} has root ${stored.root}, by epoch ${epoch.number} it would be ${root}`,
    );
  }
  const { set, signatures } = readHeader(stored.head);
  const { observedAt: time, prices } = stored;
  return { time, prices, tree, root, set, signatures, domain: epoch.domain };
}
