import { HASH_BYTES, keccak256 } from "./keccak.ts";
import type { TrieShape } from "./trie-shape.ts";

/**
 * The value of each node of a shape, 32 bytes each, in the shape's numbering, all zero where nothing is below.
 * The last one is the always empty side's.
 */
export type TrieNodes = Uint8Array;

/** The value of one node. */
export function nodeAt(nodes: TrieNodes, node: number): Uint8Array {
  return nodes.subarray(HASH_BYTES * node, HASH_BYTES * (node + 1));
}

/** Is this value that of an empty place or side? */
export function isEmpty(value: Uint8Array): boolean {
  return value.every((byte) => byte === 0);
}

/** A node over two others. */
function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = new Uint8Array(2 * HASH_BYTES);
  pair.set(left);
  pair.set(right, HASH_BYTES);
  return keccak256(pair);
}

/**
 * Fills in the inner nodes of `nodes`, whose places are set. A node over two empty ones is empty, never their hash.
 * @param changed for each place: is its value new since the inner nodes were filled in? All, where left out
 */
export function hashInner(shape: TrieShape, nodes: TrieNodes, changed?: readonly boolean[]): void {
  const stale = changed ? [...changed] : undefined;
  const places = shape.bundles.length;
  for (let node = places; node <= shape.root; node++) {
    const left = shape.left[node - places] ?? shape.empty;
    const right = shape.right[node - places] ?? shape.empty;
    if (stale && !(stale[node] = stale[left] === true || stale[right] === true)) continue;
    const leftValue = nodeAt(nodes, left);
    const rightValue = nodeAt(nodes, right);
    if (isEmpty(leftValue) && isEmpty(rightValue)) nodeAt(nodes, node).fill(0);
    else nodes.set(hashPair(leftValue, rightValue), HASH_BYTES * node);
  }
}

/** What stands beside the way from a node to the root, bottom first. */
export function siblings(shape: TrieShape, nodes: TrieNodes, node: number): Uint8Array[] {
  const beside: Uint8Array[] = [];
  for (let at = node; at !== shape.root; at = shape.parent[at] ?? shape.root) {
    beside.push(nodeAt(nodes, shape.sibling[at] ?? shape.empty).slice());
  }
  return beside;
}

/**
 * The root that a proof leads to, as the contract computes it.
 * @param bundle picks the side at each level
 * @param value the leaf; 32 zero bytes in a proof of absence
 * @param beside siblings, bottom first
 */
export function foldProof(bundle: number, value: Uint8Array, beside: readonly Uint8Array[]): Uint8Array {
  let node = value;
  for (const [i, sibling] of beside.entries()) {
    const level = beside.length - 1 - i;
    // Behind the bits of the bundle number all are 0; a shift by 32 or more would begin again.
    const bit = level < 32 ? (bundle >>> level) & 1 : 0;
    node = bit ? hashPair(sibling, node) : hashPair(node, sibling);
  }
  return node;
}
