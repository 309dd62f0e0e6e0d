import { hexlify } from "ethers";
import { expect } from "chai";
import fc from "fast-check";

import { relayedFromStored, relayedReport } from "../../../oracle/relayer/relayed-report.ts";
import { concat } from "../../../oracle/report/bytes.ts";
import { decodeReport } from "../../../oracle/report/decode.ts";
import { encodeReport } from "../../../oracle/report/encode.ts";
import { wholeMask } from "../../../oracle/report/mask.ts";
import { reportPart, type ReportPart } from "../../../oracle/report/report.ts";
import { MAX_PRICE, MIN_PRICE, NO_PRICE, WORD_BYTES } from "../../../oracle/report/word.ts";
import { keepReport } from "../../../oracle/run/keep-report.ts";
import { networkSalt } from "../../../oracle/report/digest.ts";
import { memorySigners, signInMemory } from "../../utils/memory-signers.ts";
import type { QuorumReport } from "../../../oracle/signer/agreement/effects.ts";
import { type Epoch, makeEpoch } from "../../../oracle/signer/agreement/epoch.ts";
import { priceReport } from "../../../oracle/signer/agreement/price-report.ts";
import { TIMING } from "../../../oracle/signer/agreement/timing.ts";
import { bundleOf } from "../signer/agreement/epoch-for-tests.ts";

const FROM = 1_800_000_000;
const SIGNERS = memorySigners(4, "keep-report");
const NEVER = { week: [], exceptions: [] };

/** Three bundles of 5, 1 and 3 feeds; any of them may be closed. */
function epochOf(closed: readonly number[] = []): Epoch {
  const sizes = new Map([
    [2, 5],
    [7, 1],
    [300, 3],
  ]);
  return makeEpoch({
    number: 6,
    from: FROM,
    salt: networkSalt("keep-report", "test"),
    members: SIGNERS.set.signers.map((address, i) => ({ identity: new Uint8Array(32).fill(i + 1), address })),
    bundles: [...sizes].map(([bundle, feeds]) =>
      closed.includes(bundle) ? bundleOf(bundle, feeds, NEVER) : bundleOf(bundle, feeds),
    ),
    timing: TIMING,
  });
}

/** A report as signers 1, 3 and 4 of four sign it. */
function signed(epoch: Epoch, time: number, prices: readonly bigint[]): QuorumReport {
  const own = BigInt64Array.from(prices);
  const priced = priceReport(epoch, time, [own, own, own], new Set());
  const signatures = [0, 2, 3].map((i) => signInMemory(SIGNERS, i, epoch.domain, time, priced.tree.root));
  return { epoch, time, ...priced, signatures };
}

/** All bundles of the report, whole, as they are carried. */
function partsOf({ tree }: Pick<QuorumReport, "tree">): ReportPart[] {
  return tree.plan.bundles.flatMap(({ bundle }, place) => {
    const words = tree.words[place];
    return words === undefined ? [] : [reportPart(tree, bundle, wholeMask(words.length / WORD_BYTES, true))];
  });
}

const price = fc.oneof(fc.constant(NO_PRICE), fc.bigInt({ min: MIN_PRICE, max: MAX_PRICE }));
const given = fc.record({
  tick: fc.integer({ min: 0, max: 100_000 }),
  prices: fc.array(price, { minLength: 9, maxLength: 9 }),
  closed: fc.subarray([2, 7, 300], { maxLength: 2 }),
});

describe("keepReport", () => {
  it("keeps all that the relayer needs: what comes back is what was signed, and encodes to the same bytes", () => {
    fc.assert(
      fc.property(given, ({ tick, prices, closed }) => {
        const epoch = epochOf(closed);
        const report = signed(epoch, FROM + 10 * tick, prices);
        const stored = keepReport(report, "simulated");
        const relayed = relayedFromStored(stored, epoch);
        const { tree, ...rest } = relayed;
        const { tree: original, ...expected } = relayedReport(report);
        expect(rest).to.deep.equal(expected);
        expect(hexlify(tree.root)).to.equal(hexlify(original.root));
        const parts = partsOf(report);
        const bytes = encodeReport({ observedAt: report.time, ...expected, parts });
        expect(encodeReport({ observedAt: relayed.time, ...rest, parts: partsOf(relayed) })).to.deep.equal(
          bytes,
        );
        const definitions = (bundle: number) =>
          epoch.plan.bundles.find((planned) => planned.bundle === bundle)?.definition;
        expect(decodeReport(bytes, definitions).report.signatures).to.deep.equal(report.signatures);
      }),
      { seed: 20261126, numRuns: 40 },
    );
  });

  it("keeps the head that every report of this root begins with, and which bundles there are", () => {
    const report = signed(epochOf([7]), FROM, [1n, 2n, NO_PRICE, 4n, 5n, 6n, 7n, -8n, 9n]);
    const stored = keepReport(report, "replay");
    expect(stored).to.deep.include({
      observedAt: FROM,
      epoch: 6,
      root: report.root,
      provenance: "replay",
      bundles: [2, 300],
      prices: BigInt64Array.of(1n, 2n, NO_PRICE, 4n, 5n, NO_PRICE, 7n, -8n, 9n),
    });
    // time:4 q:1 n:1 address:20·4 (index:1 r:32 vs:32)·3
    expect(stored.head).to.have.length(4 + 1 + 1 + 20 * 4 + 65 * 3);
    const { set } = relayedReport(report);
    const bytes = encodeReport({
      observedAt: FROM,
      set,
      signatures: report.signatures,
      parts: partsOf(report),
    });
    expect(concat([stored.head, bytes.subarray(stored.head.length)])).to.deep.equal(bytes);
  });

  it("does not come back under another catalog: its root would be another", () => {
    const stored = keepReport(signed(epochOf(), FROM, [1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n]), "live");
    const other = makeEpoch({ ...epochOf(), bundles: [bundleOf(2, 5), bundleOf(7, 1), bundleOf(300, 4)] });
    expect(() => relayedFromStored(stored, other)).to.throw(
      RangeError,
      `has root ${stored.root}, by epoch 6 it`,
    );
  });
});
