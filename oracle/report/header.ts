import { Rejection } from "./rejection.ts";
import { type ReportSignature, SIGNATURE_BYTES } from "./signature.ts";
import { ADDRESS_BYTES, type SignerSet } from "./signer-set.ts";

/** Bytes of `observedAt`. */
export const TIME_BYTES = 4;

/** Bytes before the first address: the time, the quorum and the set's size. */
const FIXED_BYTES = TIME_BYTES + 2;

/** What stands before a report's parts. */
export interface ReportHeader {
  readonly observedAt: number;
  /** The bytes that say who may sign. */
  readonly setBytes: Uint8Array;
  readonly set: SignerSet;
  readonly signatures: readonly ReportSignature[];
  /** Where the parts begin. */
  readonly end: number;
}

/**
 * Reads `observedAt:4 q:1 n:1 address:20*n (index:1 r:32 vs:32)*q`, whatever it says.
 * @throws Rejection BadLength
 */
export function readHeader(bytes: Uint8Array): ReportHeader {
  // Where these two are cut off, they count as 0 in the length that is missing.
  const quorum = bytes[TIME_BYTES] ?? 0;
  const size = bytes[TIME_BYTES + 1] ?? 0;
  const signed = FIXED_BYTES + ADDRESS_BYTES * size;
  const end = signed + (1 + SIGNATURE_BYTES) * quorum;
  if (bytes.length < end) throw new Rejection("BadLength", [bytes.length, end]);
  const observedAt = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const signers = Array.from({ length: size }, (_, i) => {
    const at = FIXED_BYTES + ADDRESS_BYTES * i;
    return bytes.slice(at, at + ADDRESS_BYTES);
  });
  const signatures = Array.from({ length: quorum }, (_, i) => {
    const at = signed + (1 + SIGNATURE_BYTES) * i;
    return { index: bytes[at] ?? 0, compact: bytes.slice(at + 1, at + 1 + SIGNATURE_BYTES) };
  });
  return { observedAt, setBytes: bytes.slice(TIME_BYTES, signed), set: { quorum, signers }, signatures, end };
}
