import { secp256k1 } from "@noble/curves/secp256k1.js";

import { compareBytes } from "../../oracle/report/bytes.ts";
import { planCatalog, type CatalogPlan } from "../../oracle/report/catalog-plan.ts";
import type { BundleDefinition } from "../../oracle/report/definition.ts";
import { addressOf, compactSignature } from "../../oracle/report/signature.ts";
import type { SignerSet } from "../../oracle/report/signer-set.ts";
import { smallestQuorum } from "../../oracle/report/signer-set.ts";
import type { Dice } from "./dice.ts";

/**
 * Bundles that try the shapes: numbers that part at their lowest bit and at their highest (1 and 0x800001 stand 24
 * deep), masks that just fill a byte (28 feeds) and just do not (29), one feed, and the most there may be.
 */
const FEEDS: Readonly<Record<number, number>> = {
  0: 1,
  1: 4,
  2: 5,
  3: 17,
  5: 28,
  6: 29,
  7: 100,
  9: 256,
  0x10000: 8,
  0x20000: 9,
  0x7fffff: 4,
  0x800001: 2,
  0xffffff: 3,
};

/** Every bundle that the chain knows, ascending. */
export const DEFINITIONS: readonly BundleDefinition[] = Object.entries(FEEDS).map(([bundle, feeds]) => ({
  bundle: Number(bundle),
  feeds: Array.from({ length: feeds }, (_, i) => ({
    symbol: `FEED-${bundle}/${i}`,
    decimals: i % 256,
    method: new Uint8Array(32).fill(i),
    maxInputAge: 60 + i,
  })),
}));

/** A bundle that nobody defines. */
export const UNDEFINED_BUNDLE = 4;

/** Catalogs to report: each alone, all, the deepest pair, and some at random. */
export function catalogs(dice: Dice): CatalogPlan[] {
  const deepest = DEFINITIONS.filter(({ bundle }) => bundle === 1 || bundle === 0x800001);
  const random = Array.from({ length: 24 }, () => dice.some(DEFINITIONS, 15 + dice.below(60)));
  const alone = DEFINITIONS.map((definition) => [definition]);
  return [DEFINITIONS, deepest, ...alone, ...random].map((definitions) => planCatalog(definitions));
}

/** A signer set with its keys. */
export interface Signers {
  readonly set: SignerSet;
  /** Secret keys in the order of the addresses. */
  readonly keys: readonly Uint8Array[];
}

/** A set of `n` signers with the smallest quorum, or now and then a larger one. */
export function newSigners(dice: Dice, n: number): Signers {
  const pairs = Array.from({ length: n }, () => {
    const key = dice.bytes(32);
    return { key, address: addressOf(secp256k1.getPublicKey(key, false)) };
  }).sort((a, b) => compareBytes(a.address, b.address));
  const least = smallestQuorum(n);
  return {
    set: {
      quorum: dice.chance(80) ? least : least + dice.below(n - least + 1),
      signers: pairs.map(({ address }) => address),
    },
    keys: pairs.map(({ key }) => key),
  };
}

/** A key's compact signature over a digest. */
export function sign(digest: Uint8Array, key: Uint8Array): Uint8Array {
  const bytes = secp256k1.sign(digest, key, { prehash: false, format: "recovered" });
  const { r, s, recovery } = secp256k1.Signature.fromBytes(bytes, "recovered");
  return compactSignature(r, s, recovery === 1 ? 1 : 0);
}
