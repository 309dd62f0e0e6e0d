import { expect } from "chai";

import { replayCommand, runSeed } from "./simulation/run-seed.ts";
import { RULES } from "../../../../oracle/signer/agreement/rules.ts";
import { REAL } from "./simulation/identities.ts";
import { runSpans, spansOf } from "./simulation/run-spans.ts";
import { DEEP, SIZES, SLICE } from "./simulation/seeds.ts";

const deep = process.env["DEEP"] === "1";

describe("agreement under an adversarial scheduler", () => {
  let passed = 0;
  let failed = 0;

  for (const n of SIZES) {
    const count = deep ? DEEP : SLICE[n]!;
    it(`n = ${n}: keeps every promise in ${count} seeded runs`, async function () {
      this.timeout(deep ? 0 : 300_000);
      const results = await runSpans(spansOf(n, count, deep ? 50 : 5));
      const failures = results.flatMap((result) => result.failures);
      failed += failures.length;
      passed += count - failures.length;
      const lines = failures
        .sort((a, b) => a.seed - b.seed)
        .slice(0, 10)
        .map(({ seed, failure, description }) => `${failure}\n  ${description}\n  ${replayCommand(n, seed)}`);
      expect(failures.length, lines.join("\n")).to.equal(0);
      // Runs that could not show anything would pass as well: many must come to a fixing.
      expect(results.reduce((sum, { fixingsDue }) => sum + fixingsDue, 0)).to.be.greaterThan(count / 3);
    });
  }

  it("comes to the very same with real Ed25519 identities", () => {
    for (const seed of deep ? [...Array(50).keys()] : [3, 4]) {
      const { failure, reports, packets } = runSeed(4, seed, RULES, REAL);
      expect(failure, replayCommand(4, seed)).to.equal(undefined);
      expect({ reports, packets }).to.deep.equal({
        reports: runSeed(4, seed).reports,
        packets: runSeed(4, seed).packets,
      });
    }
  });

  after(() => {
    console.log(`    agreement simulation: ${passed} passed, ${failed} failed`);
  });
});
