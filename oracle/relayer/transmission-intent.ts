import { getAddress } from "ethers";

import type { PlannedPart, Verdict } from "../ledger/decision/decide.ts";
import type { TransmissionIntent } from "../ledger/transmission.ts";
import type { CatalogPlan } from "../report/catalog-plan.ts";
import { feedId } from "../report/feed-id.ts";
import { verifyReport } from "../report/verify.ts";
import { signerOfReport } from "../signer/signer-of-report.ts";
import { encodeParts, recordCalldata } from "./calldata.ts";
import { RelayError } from "./relay-error.ts";
import type { RelayedReport } from "./relayed-report.ts";
import type { ChainReading } from "./rpc/chain-reader.ts";

/** Where transmissions go, and who sends them. */
export interface Route {
  readonly chainId: number;
  readonly sender: string;
  /** The oracle's address. */
  readonly oracle: string;
}

/**
 * What is to be sent, once the report is verified as the chain would.
 * @param now Unix seconds
 * @throws RelayError where the chain would refuse the report: nobody pays for that
 */
export function transmissionIntent(
  { chainId, sender, oracle }: Route,
  report: RelayedReport,
  reading: ChainReading,
  now: number,
  verdicts: readonly Verdict[],
  parts: readonly PlannedPart[],
): TransmissionIntent {
  const bytes = encodeParts(report, parts);
  const verdict = verifyReport(bytes, {
    // Whether it is of the future is for the simulation to say, at the next block's time.
    now: Math.max(now, report.time),
    domain: report.domain,
    signers: reading.signers,
    definitions: reading.definitions,
    // The contract tells nobody which root it keeps; the simulation meets it.
    keptRoot: () => undefined,
    recover: signerOfReport,
  });
  if (!verdict.accepted) {
    throw new RelayError(
      "refused",
      `The chain would refuse the report of ${report.time}: ${verdict.rejection.message}. It was not sent.`,
      verdict.rejection,
      verdict.rejection.reason,
    );
  }
  return {
    chainId,
    sender,
    to: getAddress(oracle),
    observedAt: report.time,
    root: report.root,
    fixing: parts.some(({ mask }) => (mask & 1n) === 1n),
    bundles: parts,
    reasons: reasonsOf(report.tree.plan, verdicts, parts),
    data: recordCalldata(bytes),
  };
}

/** Why, feed by feed, of the bundles in these parts. */
function reasonsOf(
  catalog: CatalogPlan,
  verdicts: readonly Verdict[],
  parts: readonly PlannedPart[],
): TransmissionIntent["reasons"] {
  const sent = new Set(parts.map(({ bundle }) => bundle));
  let first = 0;
  return catalog.bundles.flatMap(({ bundle, feeds }) => {
    const own = verdicts.slice(first, first + feeds);
    first += feeds;
    if (!sent.has(bundle)) return [];
    return own.flatMap((reason, position) =>
      reason === "none" ? [] : [{ feed: feedId(bundle, position), reason }],
    );
  });
}
