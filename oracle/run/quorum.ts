import type { KeyObject } from "node:crypto";

import type { Clock } from "../clock.ts";
import type { Market, SourceReport } from "../market/market.ts";
import type { Observation } from "../market/observer.ts";
import { compactSignature } from "../report/signature.ts";
import type { Page, QuorumReport } from "../signer/agreement/effects.ts";
import type { Epoch } from "../signer/agreement/epoch.ts";
import type { Evidence } from "../signer/agreement/evidence.ts";
import type { AgreementStore } from "../signer/agreement/store.ts";
import type { Transport } from "../signer/agreement/transport.ts";
import type { DigestSignature, DigestSigner } from "../signer/digest-signer.ts";
import { ed25519Cryptography, identityOf } from "../signer/ed25519.ts";
import { onceForAll } from "../signer/once-for-all.ts";
import { QuorumSigner } from "../signer/quorum-signer.ts";

/** One signer that runs in this process: its own keys, its own view of the market, its own store. */
export interface LocalMember {
  readonly name: string;
  /** Ed25519 private key: signs messages to the other signers. */
  readonly identity: KeyObject;
  /** Signs reports. */
  readonly key: DigestSigner;
  readonly market: Market;
  readonly store: AgreementStore;
  readonly transport: Transport;
}

/** What is told of a member. */
export interface QuorumListener {
  readonly onReport: (report: QuorumReport, member: LocalMember) => void;
  /** Before anything else is made of it. */
  readonly onObservation?: (observation: Observation, member: LocalMember) => void;
  readonly onSource?: (report: SourceReport, member: LocalMember) => void;
  /** The member's key has signed a report's digest; before the others hear of it. */
  readonly onSignature?: (digest: Uint8Array, signature: DigestSignature, member: LocalMember) => void;
  readonly onEvidence?: (evidence: Evidence, member: LocalMember) => void;
  readonly onPage?: (page: Page, member: LocalMember) => void;
  /** The member has stopped. The others go on. */
  readonly onFailure: (error: Error, member: LocalMember) => void;
}

export interface QuorumOptions extends QuorumListener {
  readonly clock: Clock;
  readonly epochs: readonly Epoch[];
  readonly members: readonly LocalMember[];
}

/** Signers that run. */
export interface RunningQuorum {
  /** Ends at once; what was under way goes on at the next start. */
  readonly stop: () => void;
}

/** Starts the signers of this process: each asks the market by itself, and all agree by messages. */
export function startQuorum(options: QuorumOptions): RunningQuorum {
  const stop = new AbortController();
  const once = onceForAll();
  const signers = options.members.map((member) => startMember(member, options, once, stop.signal));
  return {
    stop: () => {
      stop.abort(new Error("the signers are stopping"));
      for (const signer of signers) signer.stop();
    },
  };
}

function startMember(
  member: LocalMember,
  options: QuorumOptions,
  once: ReturnType<typeof onceForAll>,
  stop: AbortSignal,
): QuorumSigner {
  const { clock, epochs, onReport, onObservation, onSource, onSignature } = options;
  const { onEvidence, onPage, onFailure } = options;
  const { identity, key, market, store, transport } = member;
  const signer = new QuorumSigner({
    identity: identityOf(identity),
    epochs,
    cryptography: once(ed25519Cryptography(identity)),
    store,
    transport,
    clock,
    observe: async (time) => {
      const observation = market.observe(time);
      onObservation?.(observation, member);
      return observation.prices;
    },
    sign: async (digest) => {
      const signature = await key.signDigest(digest);
      onSignature?.(digest, signature, member);
      const { r, s, yParity } = signature;
      return compactSignature(BigInt(r), BigInt(s), yParity);
    },
    onReport: (report) => {
      onReport(report, member);
    },
    onEvidence: (evidence) => onEvidence?.(evidence, member),
    onPage: (page) => onPage?.(page, member),
    onFailure: (error) => {
      onFailure(error, member);
    },
  });
  signer.start();
  market
    .run((report) => onSource?.(report, member), stop)
    .catch((error: unknown) => {
      if (stop.aborted) return;
      signer.stop(); // a signer that sees nothing new must not go on observing what it saw last
      onFailure(error instanceof Error ? error : new Error(String(error)), member);
    });
  return signer;
}
