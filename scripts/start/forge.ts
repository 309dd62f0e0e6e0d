import { hexlify } from "ethers";

import { encodeReport } from "../../oracle/report/encode.ts";
import { wholeMask } from "../../oracle/report/mask.ts";
import { reportPart } from "../../oracle/report/report.ts";
import { reportTree } from "../../oracle/report/report-tree.ts";
import { NO_PRICE, packWords, WORD_BYTES } from "../../oracle/report/word.ts";
import { ORACLE } from "../../oracle/relayer/oracle-abi.ts";
import type { QuorumReport } from "../../oracle/signer/agreement/effects.ts";
import type { Deployed } from "./deploy-world.ts";

/** A report whose first price somebody raised by a tenth, under the signatures of the true one. */
export function forgeReport({ epoch, time, prices, signatures, tree }: QuorumReport): Uint8Array {
  const words = new Map<number, Uint8Array>();
  let first = 0;
  for (const { bundle, feeds } of epoch.plan.bundles) {
    const own = prices.slice(first, first + feeds);
    if (first === 0 && own[0] !== undefined && own[0] !== NO_PRICE) own[0] += own[0] / 10n;
    if (tree.words[epoch.plan.places.get(bundle) ?? 0]) words.set(bundle, packWords(own));
    first += feeds;
  }
  const forged = reportTree(epoch.plan, words);
  const parts = [...words].map(([bundle, bytes]) =>
    reportPart(forged, bundle, wholeMask(bytes.length / WORD_BYTES, true)),
  );
  const set = { quorum: epoch.q, signers: epoch.members.map(({ address }) => address) };
  return encodeReport({ observedAt: time, set, signatures, parts });
}

/**
 * What the chain says to it: the contract's own error.
 * @throws Error where it says nothing, and so would have taken it
 */
export async function offerForged(deployed: Deployed, forged: Uint8Array): Promise<string> {
  const { oracle, anyone } = deployed;
  try {
    await oracle.connect(anyone).record.staticCall(hexlify(forged), { blockTag: "pending" });
  } catch (error) {
    const data = revertData(error);
    const found = data === undefined ? null : ORACLE.parseError(data);
    if (found !== null) return `${found.name}(${found.args.map(String).join(", ")})`;
    throw error;
  }
  throw new Error("the oracle took a forged report");
}

/** Where ethers and Hardhat put what a contract reverted with. */
function revertData(error: unknown): string | undefined {
  for (let at = error; typeof at === "object" && at !== null; at = (at as { cause?: unknown }).cause) {
    const { data } = at as { data?: unknown };
    if (typeof data === "string" && data.startsWith("0x")) return data;
  }
  return undefined;
}
