import type { StoredReport } from "../ledger/ledger.ts";
import type { Provenance } from "../market/quote.ts";
import { concat, writeUint } from "../report/bytes.ts";
import { TIME_BYTES } from "../report/header.ts";
import { encodeSignerSet } from "../report/signer-set.ts";
import type { QuorumReport } from "../signer/agreement/effects.ts";

/** A report that a quorum has signed, as the ledger keeps it. */
export function keepReport(report: QuorumReport, provenance: Provenance): StoredReport {
  const { epoch, time, tree, root, prices, signatures } = report;
  const set = { quorum: epoch.q, signers: epoch.members.map(({ address }) => address) };
  return {
    observedAt: time,
    epoch: epoch.number,
    root,
    provenance,
    prices,
    bundles: tree.plan.bundles.flatMap(({ bundle }, place) =>
      tree.words[place] === undefined ? [] : [bundle],
    ),
    head: concat([
      writeUint(BigInt(time), TIME_BYTES),
      encodeSignerSet(set),
      ...signatures.flatMap(({ index, compact }) => [Uint8Array.of(index), compact]),
    ]),
  };
}
