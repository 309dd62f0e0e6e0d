import { compareBytes } from "./bytes.ts";
import { keccak256 } from "./keccak.ts";

/** Bytes of an Ethereum address. */
export const ADDRESS_BYTES = 20;

/** A report names each signer by one byte, and the set's size by one. */
const MAX_SIGNERS = 255;

/** Who may sign, and how many of them it takes. */
export interface SignerSet {
  /** How many signatures a report carries, exactly. */
  readonly quorum: number;
  /** The signers' addresses, 20 bytes each, strictly ascending. */
  readonly signers: readonly Uint8Array[];
}

/** How many of n signers may lie or be broken without harm: f = floor((n - 1) / 3). */
export function faultsBorne(n: number): number {
  return Math.floor((n - 1) / 3);
}

/** The smallest quorum of n signers of which any two share an honest signer: floor((n + f) / 2) + 1. */
export function smallestQuorum(n: number): number {
  return Math.floor((n + faultsBorne(n)) / 2) + 1;
}

/**
 * A set in a report's bytes: `q:1 n:1 address:20*n`.
 * @throws RangeError for a quorum that n signers do not allow, or addresses that are zero or do not ascend
 */
export function encodeSignerSet(set: SignerSet): Uint8Array {
  checkSignerSet(set);
  const bytes = new Uint8Array(2 + ADDRESS_BYTES * set.signers.length);
  bytes[0] = set.quorum;
  bytes[1] = set.signers.length;
  for (const [i, signer] of set.signers.entries()) bytes.set(signer, 2 + ADDRESS_BYTES * i);
  return bytes;
}

/** A set's hash as the contract keeps it: the low 192 bits of the hash of its bytes. */
export function signerSetHash(setBytes: Uint8Array): Uint8Array {
  return keccak256(setBytes).slice(8);
}

/** @throws RangeError where the contract would refuse the set */
export function checkSignerSet({ quorum, signers }: SignerSet): void {
  const n = signers.length;
  if (n < 1 || n > MAX_SIGNERS) throw new RangeError(`a set has 1 to ${MAX_SIGNERS} signers, not ${n}`);
  if (!Number.isInteger(quorum) || quorum < smallestQuorum(n) || quorum > n) {
    throw new RangeError(`a quorum of ${n} signers is ${smallestQuorum(n)} to ${n}, not ${quorum}`);
  }
  let previous: Uint8Array = new Uint8Array(ADDRESS_BYTES);
  for (const [i, signer] of signers.entries()) {
    if (signer.length !== ADDRESS_BYTES) {
      throw new RangeError(`signer ${i}: an address has ${ADDRESS_BYTES} bytes, not ${signer.length}`);
    }
    if (compareBytes(signer, previous) <= 0) {
      throw new RangeError(`signer ${i}: addresses must ascend, and none is zero`);
    }
    previous = signer;
  }
}
