import type { Cryptography } from "./agreement/cryptography.ts";
import { sameBytes } from "./agreement/same-bytes.ts";

/** How many answers are remembered; the messages of a minute are far fewer. */
const MOST = 4_096;

interface Known {
  readonly whose: Uint8Array;
  readonly of: Uint8Array;
  readonly answer: boolean;
}

/**
 * For signers that live in one process: each message is verified once, and the answer holds for all of them, as they are handed
 * the same bytes. Nothing is taken for verified that was not.
 * @returns a wrapper for the cryptography of each of them; what it wraps differs in the private key only
 */
export function onceForAll(): (cryptography: Cryptography) => Cryptography {
  const messages = new Map<string, Known>();
  return (cryptography) => ({
    ...cryptography,
    verify: (identity, bytes, signature) =>
      once(messages, identity, bytes, signature, () => cryptography.verify(identity, bytes, signature)),
  });
}

function once(
  known: Map<string, Known>,
  whose: Uint8Array,
  of: Uint8Array,
  signature: Uint8Array,
  verify: () => boolean,
): boolean {
  const key = Buffer.from(signature.buffer, signature.byteOffset, signature.length).toString("latin1");
  const found = known.get(key);
  if (found && sameBytes(found.whose, whose) && sameBytes(found.of, of)) return found.answer;
  const answer = verify();
  if (known.size >= MOST) known.clear();
  known.set(key, { whose: whose.slice(), of: of.slice(), answer });
  return answer;
}
