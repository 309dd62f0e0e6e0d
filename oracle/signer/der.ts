/** An ECDSA signature as two integers. Nothing is said of their range or of the key. */
export interface EcdsaSignature {
  readonly r: bigint;
  readonly s: bigint;
}

/** The bytes are not the one DER encoding of a `SEQUENCE(INTEGER r, INTEGER s)`. */
export class DerError extends Error {
  override readonly name = "DerError";
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** 32 bytes and the zero that keeps a high first bit positive. */
const LONGEST_INTEGER = 33;

/**
 * Reads a DER signature, accepting exactly one encoding of each pair: definite short lengths, minimal non-negative
 * integers, nothing before, between or after. Integers of more than 33 bytes cannot be of this curve and are refused.
 *
 * @param der the `Signature` of a KMS Sign response
 * @throws DerError saying what was found where
 */
export function parseDerSignature(der: Uint8Array): EcdsaSignature {
  if (der.length < 2 || der[0] !== SEQUENCE) throw new DerError("expected a SEQUENCE (0x30) at byte 0");
  if (der[1] !== der.length - 2) {
    throw new DerError(`the SEQUENCE says ${String(der[1])} bytes, ${String(der.length - 2)} follow`);
  }
  const r = readInteger(der, 2);
  const s = readInteger(der, r.end);
  if (s.end !== der.length) throw new DerError(`${String(der.length - s.end)} bytes after s`);
  return { r: r.value, s: s.value };
}

function readInteger(der: Uint8Array, at: number): { value: bigint; end: number } {
  const tag = der[at];
  const length = der[at + 1];
  if (tag !== INTEGER || length === undefined)
    throw new DerError(`expected an INTEGER (0x02) at byte ${String(at)}`);
  const start = at + 2;
  const end = start + length;
  if (length === 0 || length > LONGEST_INTEGER || end > der.length) {
    throw new DerError(`an INTEGER of ${String(length)} bytes at byte ${String(at)}`);
  }
  const first = der[start] ?? 0;
  const second = der[start + 1] ?? 0;
  if (first >= 0x80) throw new DerError(`a negative INTEGER at byte ${String(at)}`);
  if (first === 0 && length > 1 && second < 0x80)
    throw new DerError(`a padded INTEGER at byte ${String(at)}`);
  return { value: BigInt(`0x${Buffer.from(der.subarray(start, end)).toString("hex")}`), end };
}
