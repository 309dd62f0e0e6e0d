import { getBytes, hexlify } from "ethers";

import type { Pending, PlannedPart } from "../ledger/decision/decide.ts";
import type { TransmissionIntent } from "../ledger/transmission.ts";
import type { CatalogPlan } from "../report/catalog-plan.ts";
import { decodeReport } from "../report/decode.ts";
import { encodeReport } from "../report/encode.ts";
import type { Definitions } from "../report/part.ts";
import { reportPart } from "../report/report.ts";
import { NO_PRICE, unpackWords } from "../report/word.ts";
import { ORACLE } from "./oracle-abi.ts";
import type { RelayedReport } from "./relayed-report.ts";

/** The report's bytes with these parts. */
export function encodeParts(report: RelayedReport, parts: readonly PlannedPart[]): Uint8Array {
  return encodeReport({
    observedAt: report.time,
    set: report.set,
    signatures: report.signatures,
    parts: parts.map(({ bundle, mask }) => reportPart(report.tree, bundle, mask)),
  });
}

/** What calls `record` with a report. 0x-prefixed. */
export function recordCalldata(report: Uint8Array): string {
  return ORACLE.encodeFunctionData("record", [hexlify(report)]);
}

/** What a transmission will have put on chain once it arrives, from its own calldata: nothing beside it needs to be kept. */
export function pendingOf(
  { data }: Pick<TransmissionIntent, "data">,
  plan: CatalogPlan,
  definitions: Definitions,
): Pending {
  const bytes = ORACLE.decodeFunctionData("record", data)[0] as string;
  const { report } = decodeReport(getBytes(bytes), definitions);
  const words = new Map(report.parts.map((part) => [part.bundle, part.words]));
  const prices = plan.bundles.flatMap(({ bundle, feeds }) => {
    const own = words.get(bundle);
    return own === undefined ? new Array<bigint>(feeds).fill(NO_PRICE) : unpackWords(own, feeds);
  });
  return {
    observedAt: report.observedAt,
    prices: BigInt64Array.from(prices),
    parts: report.parts.map(({ bundle, mask }) => ({ bundle, mask })),
  };
}
