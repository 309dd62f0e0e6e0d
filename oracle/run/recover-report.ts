import type { KeyObject } from "node:crypto";

import { Agreement } from "../signer/agreement/agreement.ts";
import type { QuorumReport } from "../signer/agreement/effects.ts";
import type { Epoch } from "../signer/agreement/epoch.ts";
import type { AgreementStore } from "../signer/agreement/store.ts";
import { ed25519Cryptography, identityOf } from "../signer/ed25519.ts";

/** A machine that remembers nothing, and so will sign nothing. */
const NOTHING = { intact: false, sitOutUntil: 0, open: [], closed: [] } as const;
/** Seconds after a fixing at which it is surely agreed and still open. */
const LATER = 600;

/**
 * The report of a time, worked out again from the messages that a signer's store kept of it: for a ledger that could not
 * write it down when the signers agreed. The messages prove themselves.
 * @param identity the own Ed25519 private key
 * @returns undefined where the store has no quorum's signatures of that time
 */
export function recoverReport(
  epochs: readonly Epoch[],
  identity: KeyObject,
  store: AgreementStore,
  time: number,
): QuorumReport | undefined {
  const machine = new Agreement({
    identity: identityOf(identity),
    epochs,
    cryptography: ed25519Cryptography(identity),
    stored: NOTHING,
  });
  const now = (time + LATER) * 1000;
  machine.handle({ kind: "start", now });
  const { effects } = machine.handle({ kind: "messages", messages: store.messagesOf(time), now });
  return effects.find((effect) => effect.kind === "report")?.report;
}
