import { expect } from "chai";
import { getBytes, hexlify } from "ethers";

import { planCatalog } from "../../../oracle/report/catalog-plan.ts";
import { decodeReport } from "../../../oracle/report/decode.ts";
import { definitionHash } from "../../../oracle/report/definition.ts";
import {
  domainSeparator,
  type NetworkMode,
  networkSalt,
  reportDigest,
} from "../../../oracle/report/digest.ts";
import { encodeReport } from "../../../oracle/report/encode.ts";
import { leafHash } from "../../../oracle/report/leaf.ts";
import { encodePart } from "../../../oracle/report/part.ts";
import { reportPart } from "../../../oracle/report/report.ts";
import { proveAbsent, provePresent, reportTree } from "../../../oracle/report/report-tree.ts";
import { recoverAddress } from "../../../oracle/report/signature.ts";
import { encodeSignerSet, signerSetHash } from "../../../oracle/report/signer-set.ts";
import { NO_PRICE, packWords, unpackWords } from "../../../oracle/report/word.ts";
import { addresses, sign } from "./sample.ts";
import vectors from "./vectors.json" with { type: "json" };

/**
 * `vectors.json` is for every implementation of the format. Its numbers change only if the format does, which would
 * make every deployed contract refuse every report.
 */
describe("published vectors", () => {
  const bundles = vectors.bundles.map(
    ({ bundle, symbols, decimals, methods, maxInputAge, prices, ...expected }) => ({
      definition: {
        bundle,
        feeds: symbols.map((symbol, i) => ({
          symbol,
          decimals: decimals[i]!,
          method: getBytes(methods[i]!),
          maxInputAge: maxInputAge[i]!,
        })),
      },
      prices: prices?.map((price) => (price === null ? NO_PRICE : BigInt(price))),
      expected,
    }),
  );
  const plan = planCatalog(bundles.map(({ definition }) => definition));
  const words = new Map(
    bundles.flatMap(({ definition, prices }) => (prices ? [[definition.bundle, packWords(prices)]] : [])),
  );
  const tree = reportTree(plan, words);
  const domain = domainSeparator(networkSalt(vectors.network, vectors.mode as NetworkMode));
  const digest = reportDigest(domain, vectors.observedAt, tree.root);
  const keys = vectors.signers.map(({ key }) => getBytes(key));
  const set = { quorum: vectors.quorum, signers: addresses(keys) };
  const parts = vectors.parts.map(({ bundle, mask }) => reportPart(tree, bundle, BigInt(mask)));

  it("define, pack and hash bundles", () => {
    for (const { definition, prices, expected } of bundles) {
      const hash = definitionHash(definition);
      expect(hexlify(hash)).to.equal(expected.definition);
      if (!prices) continue;
      const packed = packWords(prices);
      expect(hexlify(packed)).to.equal(expected.words);
      expect(unpackWords(getBytes(expected.words!), prices.length)).to.deep.equal(prices);
      expect(hexlify(leafHash(definition.bundle, hash, packed))).to.equal(expected.leaf);
    }
  });

  it("lead to one root, with a proof for every bundle that is there or is not", () => {
    expect(hexlify(tree.root)).to.equal(vectors.root);
    for (const { definition, prices, expected } of bundles) {
      const prove = prices ? provePresent : proveAbsent;
      expect(prove(tree, definition.bundle).map((sibling) => hexlify(sibling))).to.deep.equal(
        expected.siblings,
      );
    }
  });

  it("are signed", () => {
    expect(hexlify(networkSalt(vectors.network, vectors.mode as NetworkMode))).to.equal(vectors.salt);
    expect(hexlify(domain)).to.equal(vectors.domain);
    expect(hexlify(digest)).to.equal(vectors.digest);
    expect(set.signers.map((signer) => hexlify(signer))).to.deep.equal(
      vectors.signers.map(({ address }) => address),
    );
    expect(hexlify(encodeSignerSet(set))).to.equal(vectors.set);
    expect(hexlify(signerSetHash(encodeSignerSet(set)))).to.equal(vectors.setHash);
    for (const { index, compact } of vectors.signatures) {
      expect(hexlify(sign(digest, keys[index]!)), "RFC 6979").to.equal(compact);
      expect(recoverAddress(digest, getBytes(compact))).to.deep.equal(set.signers[index]);
    }
  });

  it("are one report", () => {
    for (const [i, part] of parts.entries())
      expect(hexlify(encodePart(part))).to.equal(vectors.parts[i]!.bytes);
    const signatures = vectors.signatures.map(({ index, compact }) => ({
      index,
      compact: getBytes(compact),
    }));
    const report = { observedAt: vectors.observedAt, set, signatures, parts };
    expect(hexlify(encodeReport(report))).to.equal(vectors.report);
    const definitions = new Map(plan.bundles.map(({ bundle, definition }) => [bundle, definition]));
    const decoded = decodeReport(getBytes(vectors.report), (bundle) => definitions.get(bundle));
    expect(decoded).to.deep.equal({ report, root: tree.root });
  });
});
