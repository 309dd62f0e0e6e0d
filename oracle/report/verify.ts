import { readUint, sameBytes } from "./bytes.ts";
import { type ChainSigners, setInForce } from "./chain-signers.ts";
import { reportDigest } from "./digest.ts";
import { readHeader, type ReportHeader } from "./header.ts";
import { type Definitions, readPart } from "./part.ts";
import { readParts } from "./parts.ts";
import { Rejection } from "./rejection.ts";
import type { SignedReport } from "./report.ts";
import { recoverAddress } from "./signature.ts";
import { signerSetHash } from "./signer-set.ts";

/** Fixing times are the multiples of this many seconds. */
export const PERIOD = 300;

/** How many seconds fixings stay readable on chain. */
export const SPAN = 8_192 * PERIOD;

/** What the contract knows when a report comes. */
export interface ChainView {
  /** The block's time. */
  readonly now: number;
  /** From `domainSeparator`. */
  readonly domain: Uint8Array;
  readonly signers: ChainSigners;
  readonly definitions: Definitions;
  /** The low 224 bits of the root kept for a fixing time, 0 where it was voided; nothing where none is kept. */
  readonly keptRoot: (time: number) => bigint | undefined;
  /** A faster way to the same answer as `recoverAddress`, where the platform has one. */
  readonly recover?: typeof recoverAddress;
}

/** What the contract's `record` would say of a report. */
export type Verdict =
  | { readonly accepted: true; readonly report: SignedReport; readonly root: Uint8Array }
  | { readonly accepted: false; readonly rejection: Rejection };

/**
 * Judges a report as the contract's `record` does: accepted, or refused with the same error and arguments. Ask it
 * before paying for a transaction, or before trusting a report that came from elsewhere.
 */
export function verifyReport(bytes: Uint8Array, chain: ChainView): Verdict {
  try {
    return { accepted: true, ...requireValid(bytes, chain) };
  } catch (error) {
    if (error instanceof Rejection) return { accepted: false, rejection: error };
    throw error;
  }
}

/** The checks in the contract's order, which is what decides between two errors. */
function requireValid(bytes: Uint8Array, chain: ChainView): { report: SignedReport; root: Uint8Array } {
  const header = readHeader(bytes);
  const { observedAt } = header;
  if (observedAt > chain.now) throw new Rejection("FutureReport", [observedAt, chain.now]);
  requireSetInForce(header, chain);
  const first = readPart(bytes, header.end, chain.definitions);
  requireSigned(header, reportDigest(chain.domain, observedAt, first.root), chain.recover ?? recoverAddress);
  requireOneRoot(observedAt, first.root, chain);
  const parts = readParts(bytes, first, chain.definitions);
  const { set, signatures } = header;
  return { report: { observedAt, set, signatures, parts }, root: first.root };
}

function requireSetInForce({ observedAt, setBytes }: ReportHeader, { signers, now }: ChainView): void {
  const expected = setInForce(signers, observedAt, now);
  if (!expected) throw new Rejection("NoSetInForce", [observedAt]);
  const given = signerSetHash(setBytes);
  if (!sameBytes(given, expected)) {
    throw new Rejection("UnknownSigners", [readUint(given), readUint(expected)]);
  }
}

function requireSigned(
  { set, signatures }: ReportHeader,
  digest: Uint8Array,
  recover: typeof recoverAddress,
): void {
  let previous = -1;
  for (const [i, { index, compact }] of signatures.entries()) {
    const signer = set.signers[index];
    if (index <= previous || !signer) throw new Rejection("BadSignature", [i]);
    const recovered = recover(digest, compact);
    if (!recovered || !sameBytes(recovered, signer)) throw new Rejection("BadSignature", [i]);
    previous = index;
  }
}

function requireOneRoot(observedAt: number, root: Uint8Array, { now, keptRoot }: ChainView): void {
  if (observedAt % PERIOD !== 0 || now - observedAt >= SPAN) return;
  const kept = keptRoot(observedAt);
  const given = BigInt.asUintN(224, readUint(root));
  if (kept !== undefined && kept !== given) throw new Rejection("RootConflict", [observedAt, kept, given]);
}
