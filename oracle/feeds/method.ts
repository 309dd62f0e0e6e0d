import { keccak_256 } from "@noble/hashes/sha3.js";

import { type Band, formatBand } from "./band.ts";
import { formatUnit, type Unit } from "./unit.ts";

/** How a price is made. */
export type Method = MedianMethod | DerivedMethod;

/** The median of what several venues last said. */
export interface MedianMethod {
  readonly kind: "median";
  /** Ids of the sources, at most one of a venue. Which they are is a matter of operation, not of the method. */
  readonly sources: readonly string[];
  /** Fewer than these left, before or after outliers are dropped: no price. */
  readonly minSources: number;
  /** Further than this from the first median is dropped. */
  readonly maxSpread: Band;
  /** Why fewer than three sources are enough, where they are. */
  readonly fewSources: string | null;
}

/** Worked out from the prices of other feeds of the catalog. */
export interface DerivedMethod {
  /** `product` is a × b, `ratio` is a ÷ b, `inverse` is 1 ÷ a. */
  readonly kind: "product" | "ratio" | "inverse";
  /** Symbols of the feeds it is made from: one for `inverse`, else two. */
  readonly of: readonly string[];
}

/** What of a feed its method's text speaks of. */
export interface MethodTerms {
  readonly symbol: string;
  readonly unit: Unit;
  readonly decimals: number;
  readonly maxInputAge: number;
  readonly mayBeNegative: boolean;
}

/**
 * A method in words. The hash of this text stands on chain, so a word that changes here makes new feeds of all that
 * use it: never edit a text, add a version.
 * @param components texts of the feeds that a derived feed is made from, in its order
 */
export function methodText(terms: MethodTerms, method: Method, components: readonly string[]): string {
  const lines = [
    method.kind === "median" ? "Nakane median, version 1." : `Nakane ${method.kind}, version 1.`,
    `Price: ${terms.symbol} in ${formatUnit(terms.unit)}, ${terms.decimals} decimals, rounded half to even.`,
    terms.mayBeNegative ? "Zero and negative prices are prices." : "A price is above zero.",
  ];
  if (method.kind === "median") {
    lines.push(
      `Inputs: each venue's last quote whose venue time is at most ${terms.maxInputAge} s before the time of the price and not after it.`,
      `The price is the element floor(k/2), counted from zero, of the k inputs in ascending order, after every input further than ${formatBand(method.maxSpread, terms.decimals)} from the same element of all inputs was dropped.`,
      `Fewer than ${method.minSources} inputs, before or after dropping: no price.`,
    );
    if (method.fewSources !== null) lines.push(`Fewer than three sources because: ${method.fewSources}`);
  } else {
    lines.push(
      method.kind === "inverse"
        ? `The price is 1 divided by the price of ${method.of.join("")}.`
        : `The price is the price of ${method.of.join(method.kind === "product" ? " times the price of " : " divided by the price of ")}.`,
      `No price where one of them has none, or where the oldest input is more than ${terms.maxInputAge} s old.`,
      ...method.of.map(
        (symbol, i) => `${symbol} is made by the method ${hex(methodHash(components[i] ?? ""))}.`,
      ),
    );
  }
  return `${lines.join("\n")}\n`;
}

/** keccak-256 of a method's text in UTF-8: 32 bytes. */
export function methodHash(text: string): Uint8Array {
  return keccak_256(new TextEncoder().encode(text));
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}
