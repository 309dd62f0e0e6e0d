import { checkBundle } from "./feed-id.ts";

/**
 * Where each bundle of a catalog stands in its trie. It depends on the catalog alone, never on which bundles a
 * report holds, so it is worked out once and every bundle that is left out can be proven absent.
 *
 * At level i from the root, bit i of the bundle number (least significant first) picks the side. A bundle stands
 * at the shallowest level at which it is alone. Nodes are numbered: first the places in ascending order of their
 * bundles, then the inner nodes, children before parents, so the root is the last; then one that is always empty.
 */
export interface TrieShape {
  /** The catalog's bundle numbers, ascending. Bundle `bundles[i]` has node `i`. */
  readonly bundles: readonly number[];
  /** Left child of each inner node, from node `bundles.length` on. */
  readonly left: readonly number[];
  /** Right child of each inner node, from node `bundles.length` on. */
  readonly right: readonly number[];
  /** The node above each node; the root has itself. */
  readonly parent: readonly number[];
  /** The node beside each node; the root has itself. */
  readonly sibling: readonly number[];
  /** The last node. */
  readonly root: number;
  /** The number that stands for a side on which the catalog has no bundle. */
  readonly empty: number;
}

/**
 * The trie of a catalog.
 * @param bundles bundle numbers, strictly ascending, at least one
 * @throws RangeError for none, one that is not below 2^24, or a wrong order
 */
export function trieShape(bundles: readonly number[]): TrieShape {
  checkAscending(bundles);
  // A side without bundles is numbered when the number of nodes is known.
  const unused = -1;
  const children: { left: number; right: number }[] = [];
  const grow = (places: readonly number[], level: number): number => {
    const [only] = places;
    if (only === undefined) return unused;
    if (places.length === 1) return only;
    const side = (place: number) => ((bundles[place] ?? 0) >> level) & 1;
    const left = grow(
      places.filter((place) => side(place) === 0),
      level + 1,
    );
    const right = grow(
      places.filter((place) => side(place) === 1),
      level + 1,
    );
    return bundles.length + children.push({ left, right }) - 1;
  };
  const root = grow([...bundles.keys()], 0);
  const empty = root + 1;
  const number = (node: number) => (node === unused ? empty : node);

  const left = children.map((node) => number(node.left));
  const right = children.map((node) => number(node.right));
  const parent = new Array<number>(empty).fill(root);
  const sibling = new Array<number>(empty).fill(root);
  for (const [i, node] of children.entries()) {
    for (const [child, other] of [
      [node.left, node.right],
      [node.right, node.left],
    ] as const) {
      if (child === unused) continue;
      parent[child] = bundles.length + i;
      sibling[child] = number(other);
    }
  }
  return { bundles: [...bundles], left, right, parent, sibling, root, empty };
}

function checkAscending(bundles: readonly number[]): void {
  if (bundles.length === 0) throw new RangeError("a catalog has at least one bundle");
  let previous = -1;
  for (const bundle of bundles) {
    checkBundle(bundle);
    if (bundle <= previous) {
      throw new RangeError(`bundle ${bundle} stands behind ${previous}; bundle numbers must ascend`);
    }
    previous = bundle;
  }
}
