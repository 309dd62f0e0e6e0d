import type { EthereumSignature } from "./ethereum-signature.ts";

/** Bytes of a digest. */
export const DIGEST = 32;
/** A question to the thread that proves signatures: `digest:32 length:1 der:72`, 72 bytes being the longest DER there is. */
export const SLOT = DIGEST + 1 + 72;
/** Its answer: `r:32 s:32 v:1`, v = 27 + yParity; v 0 where nothing may be released. */
export const RELEASED = 65;

export function writeSlot(slots: Uint8Array, index: number, digest: Uint8Array, der: Uint8Array): void {
  slots.set(digest, SLOT * index);
  slots[SLOT * index + DIGEST] = der.length;
  slots.set(der, SLOT * index + DIGEST + 1);
}

export function readSlot(slots: Uint8Array, index: number): { digest: Uint8Array; der: Uint8Array } {
  const at = SLOT * index;
  const length = slots[at + DIGEST] ?? 0;
  const derAt = at + DIGEST + 1;
  return { digest: slots.subarray(at, at + DIGEST), der: slots.subarray(derAt, derAt + length) };
}

export function writeReleased(answers: Uint8Array, index: number, { serialized }: EthereumSignature): void {
  answers.set(Buffer.from(serialized.slice(2), "hex"), RELEASED * index);
}

/** @returns undefined where nothing may be released */
export function readReleased(answers: Uint8Array, index: number): EthereumSignature | undefined {
  const at = RELEASED * index;
  const v = answers[at + 64] ?? 0;
  if (v === 0) return undefined;
  const hex = Buffer.from(answers.buffer, answers.byteOffset + at, RELEASED).toString("hex");
  const [r, s] = [`0x${hex.slice(0, 64)}`, `0x${hex.slice(64, 128)}`];
  return { r, s, yParity: v === 27 ? 0 : 1, serialized: `0x${hex}` };
}
