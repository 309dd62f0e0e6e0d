import { sameBytes } from "./bytes.ts";
import { type CatalogPlan, placeOf } from "./catalog-plan.ts";
import { HASH_BYTES } from "./keccak.ts";
import { leafHash } from "./leaf.ts";
import { hashInner, isEmpty, nodeAt, siblings, type TrieNodes } from "./trie.ts";

/** All prices of one time, hashed to one root. */
export interface ReportTree {
  readonly plan: CatalogPlan;
  /** By place: a bundle's words, or nothing where the bundle is left out. */
  readonly words: readonly (Uint8Array | undefined)[];
  readonly nodes: TrieNodes;
  /** What the signers sign: 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Hashes the prices of one time.
 * @param words by bundle number, each from `packWords`; bundles that are closed are left out
 * @param previous an earlier tree of the same plan: bundles whose words did not change are not hashed again
 * @throws RangeError for no bundle at all, one that the catalog does not have, or a wrong number of words
 */
export function reportTree(
  plan: CatalogPlan,
  words: ReadonlyMap<number, Uint8Array>,
  previous?: ReportTree,
): ReportTree {
  if (words.size === 0) throw new RangeError("a report has at least one bundle");
  for (const bundle of words.keys()) placeOf(plan, bundle);

  const reused = previous?.plan === plan ? previous : undefined;
  const nodes = reused ? reused.nodes.slice() : new Uint8Array(HASH_BYTES * (plan.shape.empty + 1));
  const changed = new Array<boolean>(plan.bundles.length).fill(true);
  const byPlace = plan.bundles.map(({ bundle, wordBytes, definition }, place) => {
    const own = words.get(bundle);
    if (own && own.length !== wordBytes) {
      throw new RangeError(`bundle ${bundle} has ${wordBytes} bytes of words, not ${own.length}`);
    }
    if (reused && sameWords(own, reused.words[place])) changed[place] = false;
    else if (own) nodes.set(leafHash(bundle, definition, own), HASH_BYTES * place);
    else nodeAt(nodes, place).fill(0);
    return own;
  });
  hashInner(plan.shape, nodes, reused ? changed : undefined);
  return { plan, words: byPlace, nodes, root: nodeAt(nodes, plan.shape.root).slice() };
}

/**
 * Proves a bundle's words: the siblings of its leaf, bottom first.
 * @throws RangeError where the tree does not hold the bundle
 */
export function provePresent(tree: ReportTree, bundle: number): Uint8Array[] {
  const place = placeOf(tree.plan, bundle);
  if (!tree.words[place]) throw new RangeError(`this report leaves bundle ${bundle} out`);
  return siblings(tree.plan.shape, tree.nodes, place);
}

/**
 * Proves that a report leaves a bundle out: siblings, bottom first, of the highest empty node over its place,
 * so the first of them is never empty.
 * @throws RangeError where the tree holds the bundle, or the catalog does not have it
 */
export function proveAbsent(tree: ReportTree, bundle: number): Uint8Array[] {
  const { shape } = tree.plan;
  let node = placeOf(tree.plan, bundle);
  if (tree.words[node]) throw new RangeError(`this report holds bundle ${bundle}`);
  for (;;) {
    const above = shape.parent[node] ?? shape.root;
    if (!isEmpty(nodeAt(tree.nodes, above))) return siblings(shape, tree.nodes, node);
    node = above;
  }
}

function sameWords(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a && b ? sameBytes(a, b) : a === b;
}
