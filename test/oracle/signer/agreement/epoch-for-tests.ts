import { generateKeyPairSync, type KeyObject } from "node:crypto";

import { secp256k1 } from "@noble/curves/secp256k1.js";

import { compareBytes } from "../../../../oracle/report/bytes.ts";
import { networkSalt } from "../../../../oracle/report/digest.ts";
import { addressOf, compactSignature } from "../../../../oracle/report/signature.ts";
import { ALWAYS_OPEN, type Calendar } from "../../../../oracle/signer/agreement/calendar.ts";
import { identityOf } from "../../../../oracle/signer/ed25519.ts";
import { type Epoch, type EpochParameters, makeEpoch } from "../../../../oracle/signer/agreement/epoch.ts";
import { TIMING } from "../../../../oracle/signer/agreement/timing.ts";

export const FIXING = 1_700_300_100;

/** A real signer's keys. */
export interface Keys {
  readonly identity: KeyObject;
  readonly report: Uint8Array;
}

/** Keys of n signers, in the order of their addresses. The identities are drawn anew each time. */
export function keysOf(n: number): Keys[] {
  return Array.from({ length: n }, (_, i) => new Uint8Array(32).fill(i + 1))
    .sort((a, b) => compareBytes(addressOfKey(a), addressOfKey(b)))
    .map((report) => ({ identity: generateKeyPairSync("ed25519").privateKey, report }));
}

const RULE = {
  tolerance: { perMillion: 10_000, atLeast: 0n },
  hardBand: { perMillion: 50_000, atLeast: 0n },
};

/** One bundle of so many feeds. */
export function bundleOf(bundle: number, feeds: number, calendar: Calendar = ALWAYS_OPEN) {
  return {
    definition: {
      bundle,
      feeds: Array.from({ length: feeds }, (_, i) => ({
        symbol: `FEED-${i}`,
        decimals: 2,
        method: new Uint8Array(32).fill(1),
        maxInputAge: 30,
      })),
    },
    calendar,
    feeds: Array.from({ length: feeds }, () => RULE),
  };
}

function parametersOf(keys: readonly Keys[]): EpochParameters {
  return {
    number: 0,
    from: FIXING - 300,
    salt: networkSalt("tests", "test"),
    members: keys.map(({ identity, report }) => ({
      identity: identityOf(identity),
      address: addressOfKey(report),
    })),
    bundles: [bundleOf(1, 3)],
    timing: TIMING,
  };
}

export function epochFor(keys: readonly Keys[], change: Partial<EpochParameters> = {}): Epoch {
  return makeEpoch({ ...parametersOf(keys), ...change });
}

export function signReport({ report }: Keys, digest: Uint8Array): Uint8Array {
  const bytes = secp256k1.sign(digest, report, { prehash: false, format: "recovered" });
  const { r, s, recovery } = secp256k1.Signature.fromBytes(bytes, "recovered");
  return compactSignature(r, s, recovery === 1 ? 1 : 0);
}

function addressOfKey(key: Uint8Array): Uint8Array {
  return addressOf(secp256k1.getPublicKey(key, false));
}
