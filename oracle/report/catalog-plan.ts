import { type BundleDefinition, definitionHash } from "./definition.ts";
import { trieShape, type TrieShape } from "./trie-shape.ts";
import { WORD_BYTES, wordCount } from "./word.ts";

/** Everything about reports that a catalog fixes: worked out once, used at every tick. */
export interface CatalogPlan {
  /** By place: ascending bundle numbers. */
  readonly bundles: readonly PlannedBundle[];
  /** The place of each bundle number. */
  readonly places: ReadonlyMap<number, number>;
  /** How the places hang together. */
  readonly shape: TrieShape;
}

/** One bundle of a `CatalogPlan`. */
export interface PlannedBundle {
  readonly bundle: number;
  /** How many feeds it has, 1 to 256. */
  readonly feeds: number;
  /** Bytes of its words in a report. */
  readonly wordBytes: number;
  /** Its definition hash. */
  readonly definition: Uint8Array;
}

/**
 * Plans the reports of a catalog.
 * @param definitions all of its bundles, in any order
 * @throws RangeError for none, for a number given twice, or a definition that is out of range
 */
export function planCatalog(definitions: readonly BundleDefinition[]): CatalogPlan {
  const bundles = definitions
    .map((definition) => ({
      bundle: definition.bundle,
      feeds: definition.feeds.length,
      wordBytes: WORD_BYTES * wordCount(definition.feeds.length),
      definition: definitionHash(definition),
    }))
    .sort((a, b) => a.bundle - b.bundle);
  const numbers = bundles.map((planned) => planned.bundle);
  return {
    bundles,
    places: new Map(numbers.map((bundle, place) => [bundle, place])),
    shape: trieShape(numbers),
  };
}

/**
 * The place of a bundle.
 * @throws RangeError where the catalog has no such bundle
 */
export function placeOf(plan: CatalogPlan, bundle: number): number {
  const place = plan.places.get(bundle);
  if (place === undefined) throw new RangeError(`the catalog has no bundle ${bundle}`);
  return place;
}
