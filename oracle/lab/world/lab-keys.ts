import type { KeyObject } from "node:crypto";

import type { DigestSigner } from "../../signer/digest-signer.ts";
import { memoryIdentity, memoryKey } from "./memory-key.ts";

/** The keys of a laboratory, and where they are. */
export interface LabKeys {
  readonly signing: "keys in this process" | "local KMS";
  readonly signers: readonly { readonly identity: KeyObject; readonly key: DigestSigner }[];
  /** Pays for transactions; signs no report. */
  readonly sender: DigestSigner;
  readonly close: () => Promise<void>;
}

/** Keys in this process, the same for the same seed. */
export function keysInProcess(signers: number, seed: number): LabKeys {
  return {
    signing: "keys in this process",
    signers: Array.from({ length: signers }, (_, i) => ({
      identity: memoryIdentity(`laboratory ${seed} signer ${i}`),
      key: memoryKey(`laboratory ${seed} signer ${i}`),
    })),
    sender: memoryKey(`laboratory ${seed} sender`),
    close: () => Promise.resolve(),
  };
}
