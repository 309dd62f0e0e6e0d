import { expect } from "chai";
import { concat, hexlify, keccak256, toBeHex, ZeroHash } from "ethers";
import fc from "fast-check";

import { planCatalog, type CatalogPlan } from "../../../oracle/report/catalog-plan.ts";
import { provePresent, proveAbsent, reportTree } from "../../../oracle/report/report-tree.ts";
import { foldProof } from "../../../oracle/report/trie.ts";
import { packWords } from "../../../oracle/report/word.ts";
import { bundleNumbers, RUNS } from "./random.ts";

/** A catalog of these bundles; bundle b has b % 5 + 1 feeds. */
function catalog(numbers: readonly number[]): CatalogPlan {
  return planCatalog(
    numbers.map((bundle) => ({
      bundle,
      feeds: Array.from({ length: (bundle % 5) + 1 }, (_, i) => ({
        symbol: `F${bundle}.${i}`,
        decimals: 2,
        method: new Uint8Array(32).fill(i),
        maxInputAge: 60,
      })),
    })),
  );
}

function wordsOf(plan: CatalogPlan, open: readonly number[], price: bigint): Map<number, Uint8Array> {
  const chosen = plan.bundles.filter(({ bundle }) => open.includes(bundle));
  return new Map(
    chosen.map(({ bundle, feeds }) => [
      bundle,
      packWords(new Array<bigint>(feeds).fill(price + BigInt(bundle))),
    ]),
  );
}

/** The root by the definition, for every bundle number below 2^24, in plain recursion over hex strings. */
function rootByDefinition(plan: CatalogPlan, words: ReadonlyMap<number, Uint8Array>): string {
  const node = (bundles: CatalogPlan["bundles"], level: number): string => {
    const [first, ...more] = bundles;
    if (!first) return ZeroHash;
    if (more.length === 0) {
      const own = words.get(first.bundle);
      if (!own) return ZeroHash;
      return keccak256(keccak256(concat([toBeHex(first.bundle, 3), first.definition, own])));
    }
    const side = (bit: number) => bundles.filter(({ bundle }) => Math.floor(bundle / 2 ** level) % 2 === bit);
    const [left, right] = [node(side(0), level + 1), node(side(1), level + 1)];
    return left === ZeroHash && right === ZeroHash ? ZeroHash : keccak256(concat([left, right]));
  };
  return node(plan.bundles, 0);
}

/** A catalog and which of its bundles are open: at least one. */
const cases = bundleNumbers.chain((numbers) =>
  fc.record({
    numbers: fc.constant(numbers),
    open: fc.subarray(numbers, { minLength: 1 }),
    later: fc.subarray(numbers, { minLength: 1 }),
  }),
);

describe("reportTree", () => {
  it("has the root that the definition gives", () => {
    fc.assert(
      fc.property(cases, ({ numbers, open }) => {
        const plan = catalog(numbers);
        const words = wordsOf(plan, open, 7n);
        expect(hexlify(reportTree(plan, words).root)).to.equal(rootByDefinition(plan, words));
      }),
      RUNS,
    );
  });

  it("proves each bundle either present or absent, never both", () => {
    fc.assert(
      fc.property(cases, ({ numbers, open }) => {
        const plan = catalog(numbers);
        const tree = reportTree(plan, wordsOf(plan, open, 7n));
        const zero = new Uint8Array(32);
        for (const [place, bundle] of numbers.entries()) {
          if (open.includes(bundle)) {
            const leaf = tree.nodes.subarray(32 * place, 32 * place + 32);
            const beside = provePresent(tree, bundle);
            expect(foldProof(bundle, leaf, beside)).to.deep.equal(tree.root);
            for (let depth = 0; depth <= beside.length; depth++) {
              expect(foldProof(bundle, zero, beside.slice(depth))).to.not.deep.equal(tree.root);
            }
            expect(() => proveAbsent(tree, bundle)).to.throw(RangeError, `holds bundle ${bundle}`);
          } else {
            const beside = proveAbsent(tree, bundle);
            expect(foldProof(bundle, zero, beside)).to.deep.equal(tree.root);
            expect(beside[0]).to.not.deep.equal(zero);
            expect(() => provePresent(tree, bundle)).to.throw(RangeError, `leaves bundle ${bundle} out`);
          }
        }
      }),
      RUNS,
    );
  });

  it("keeps its shape whatever is open: a proof is as deep as the catalog says", () => {
    fc.assert(
      fc.property(cases, ({ numbers, open, later }) => {
        const plan = catalog(numbers);
        const one = reportTree(plan, wordsOf(plan, open, 7n));
        const two = reportTree(plan, wordsOf(plan, later, 7n));
        for (const bundle of open.filter((number) => later.includes(number))) {
          expect(provePresent(one, bundle).length).to.equal(provePresent(two, bundle).length);
        }
      }),
      RUNS,
    );
  });

  it("is the same whether it grows from an earlier one or from nothing", () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ numbers, open, later }, moved) => {
        const plan = catalog(numbers);
        const before = reportTree(plan, wordsOf(plan, open, 7n));
        const earlier = { root: before.root.slice(), nodes: before.nodes.slice() };
        const words = wordsOf(plan, later, moved ? 8n : 7n);
        expect(reportTree(plan, words, before)).to.deep.equal(reportTree(plan, words));
        expect({ root: before.root, nodes: before.nodes }).to.deep.equal(earlier);
        const other = catalog(later);
        expect(reportTree(other, words, before)).to.deep.equal(reportTree(other, words));
      }),
      RUNS,
    );
  });

  it("has its leaf as the root where the catalog has one bundle", () => {
    const plan = catalog([5]);
    const tree = reportTree(plan, wordsOf(plan, [5], 1n));
    expect(provePresent(tree, 5)).to.deep.equal([]);
    expect(tree.root).to.deep.equal(tree.nodes.slice(0, 32));
    expect(tree.root.buffer.byteLength, "a copy, safe to hand on").to.equal(32);
  });

  it("needs a catalog with bundles, each once, in any order", () => {
    expect(() => catalog([])).to.throw(RangeError, /at least one bundle/);
    expect(() => catalog([3, 1, 3])).to.throw(RangeError, /bundle 3 stands behind 3/);
    expect(catalog([7, 2, 4])).to.deep.equal(catalog([2, 4, 7]));
  });

  it("refuses no bundle, a bundle that the catalog does not have, and a wrong number of words", () => {
    const plan = catalog([1, 4]);
    expect(() => reportTree(plan, new Map())).to.throw(RangeError, /at least one bundle/);
    expect(() => reportTree(plan, new Map([[2, packWords([1n])]]))).to.throw(RangeError, /no bundle 2/);
    expect(() => reportTree(plan, new Map([[4, packWords([1n])]]))).to.throw(
      RangeError,
      /56 bytes of words, not 28/,
    );
    const tree = reportTree(plan, wordsOf(plan, [1], 1n));
    expect(() => provePresent(tree, 3)).to.throw(RangeError, /no bundle 3/);
    expect(() => proveAbsent(tree, 3)).to.throw(RangeError, /no bundle 3/);
  });
});
