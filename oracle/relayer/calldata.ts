import { getBytes, id } from "ethers";

import type { Pending, PlannedPart } from "../ledger/decision/decide.ts";
import type { TransmissionIntent } from "../ledger/transmission.ts";
import { abiUint } from "../report/abi.ts";
import { concat } from "../report/bytes.ts";
import type { CatalogPlan } from "../report/catalog-plan.ts";
import { decodeReport } from "../report/decode.ts";
import { encodeReport } from "../report/encode.ts";
import { HASH_BYTES } from "../report/keccak.ts";
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

const RECORD = id("record(bytes)").slice(0, 10);

/** What calls `record` with a report. 0x-prefixed. ethers takes 50 ms for the report of 10,000 feeds. */
export function recordCalldata(report: Uint8Array): string {
  const body = Buffer.alloc(HASH_BYTES * Math.ceil(report.length / HASH_BYTES));
  body.set(report);
  return RECORD + Buffer.from(concat([abiUint(HASH_BYTES), abiUint(report.length), body])).toString("hex");
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
