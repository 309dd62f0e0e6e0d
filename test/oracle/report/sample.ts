import { secp256k1 } from "@noble/curves/secp256k1.js";

import { compareBytes } from "../../../oracle/report/bytes.ts";
import { planCatalog } from "../../../oracle/report/catalog-plan.ts";
import type { BundleDefinition } from "../../../oracle/report/definition.ts";
import { domainSeparator, networkSalt, reportDigest } from "../../../oracle/report/digest.ts";
import { keccakText } from "../../../oracle/report/keccak.ts";
import { wholeMask } from "../../../oracle/report/mask.ts";
import type { Definitions } from "../../../oracle/report/part.ts";
import { reportPart, type SignedReport } from "../../../oracle/report/report.ts";
import { reportTree } from "../../../oracle/report/report-tree.ts";
import { addressOf, compactSignature } from "../../../oracle/report/signature.ts";
import type { SignerSet } from "../../../oracle/report/signer-set.ts";
import { NO_PRICE, packWords } from "../../../oracle/report/word.ts";

/** A small house: three bundles, four signers, one report. All of it is fixed. */

/** A signature by a secret key; the same for the same digest (RFC 6979). */
export function sign(digest: Uint8Array, key: Uint8Array): Uint8Array {
  const bytes = secp256k1.sign(digest, key, { prehash: false, format: "recovered" });
  const { r, s, recovery } = secp256k1.Signature.fromBytes(bytes, "recovered");
  return compactSignature(r, s, recovery === 1 ? 1 : 0);
}

/** The keys of n signers, keccak256("signer 1") and so on, in the order of their addresses. */
export function keysOf(n: number): Uint8Array[] {
  return Array.from({ length: n }, (_, i) => keccakText(`signer ${i + 1}`))
    .map((key) => ({ key, address: addressOf(secp256k1.getPublicKey(key, false)) }))
    .sort((a, b) => compareBytes(a.address, b.address))
    .map(({ key }) => key);
}

export function addresses(keys: readonly Uint8Array[]): Uint8Array[] {
  return keys.map((key) => addressOf(secp256k1.getPublicKey(key, false)));
}

const feed = (symbol: string, decimals: number, maxInputAge = 60) => ({
  symbol,
  decimals,
  method: keccakText(`method of ${symbol}`),
  maxInputAge,
});

const CRYPTO: BundleDefinition = {
  bundle: 1,
  feeds: [feed("BTC/JPY", 0), feed("ETH/JPY", 2), feed("XRP/JPY", 6), feed("BTC/USD", 4), feed("ETH/USD", 6)],
};
const CURRENCIES: BundleDefinition = { bundle: 3, feeds: [feed("USD/JPY", 6, 10)] };
const RATES: BundleDefinition = {
  bundle: 0x010003,
  feeds: [feed("JPY 1M", 9, 86_400), feed("USD 1M", 9)],
};

export const PLAN = planCatalog([CRYPTO, CURRENCIES, RATES]);
export const DEFINITIONS: Definitions = (bundle) =>
  PLAN.bundles.find((planned) => planned.bundle === bundle)?.definition;

/** The market of `RATES` is closed, and nobody has a price of XRP/JPY. */
const PRICES: ReadonlyMap<number, readonly bigint[]> = new Map([
  [1, [15_000_000n, 50_000_000n, NO_PRICE, 1_000_000_000n, -1n]],
  [3, [150_123_456n]],
]);

export const TREE = reportTree(
  PLAN,
  new Map([...PRICES].map(([bundle, prices]) => [bundle, packWords(prices)])),
);

/** A fixing time. */
export const OBSERVED_AT = 1_800_000_000;
const SALT = networkSalt("sepolia", "test");
export const DOMAIN = domainSeparator(SALT);
export const DIGEST = reportDigest(DOMAIN, OBSERVED_AT, TREE.root);
export const KEYS = keysOf(4);
export const SET: SignerSet = { quorum: 3, signers: addresses(KEYS) };

export const REPORT: SignedReport = {
  observedAt: OBSERVED_AT,
  set: SET,
  signatures: [0, 1, 3].map((index) => ({ index, compact: sign(DIGEST, KEYS[index]!) })),
  parts: [reportPart(TREE, 1, wholeMask(2, true)), reportPart(TREE, 3, 0b10n)],
};
