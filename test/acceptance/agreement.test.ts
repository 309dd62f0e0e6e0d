import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { ed25519Cryptography } from "../../oracle/signer/ed25519.ts";
import { decodeMessage } from "../../oracle/signer/agreement/decode-message.ts";
import { sealMessage } from "../../oracle/signer/agreement/encode-message.ts";
import { KIND_CODES, VERSION } from "../../oracle/signer/agreement/message.ts";
import { TIMING } from "../../oracle/signer/agreement/timing.ts";
import { PRICE_LIES } from "../oracle/signer/agreement/simulation/adversary.ts";
import { scenarioOf } from "../oracle/signer/agreement/simulation/scenario.ts";
import { runSeed } from "../oracle/signer/agreement/simulation/run-seed.ts";
import { SCHEDULES } from "../oracle/signer/agreement/simulation/schedules.ts";
import { DEEP, SIZES, SLICE } from "../oracle/signer/agreement/simulation/seeds.ts";
import { epochFor, FIXING, keysOf } from "../oracle/signer/agreement/epoch-for-tests.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(`${root}/${path}`, "utf8");

/** The test file that shows a line, and the title in it that does. */
function shownBy(path: string, title: string): void {
  expect(read(path), `${path} should show: ${title}`).to.include(title);
}

const tests = "test/oracle/signer/agreement";
const watch = `${tests}/simulation/watch.ts`;

/**
 * What the agreement promises, line by line. A line is shown here, or names the test that shows it in full.
 */
describe("agreement: acceptance", function () {
  this.timeout(120_000);

  describe("the machine", () => {
    it("is pure: events in, effects out, no I/O, no wall clock, no randomness of its own", () => {
      const room = `${root}/oracle/signer/agreement`;
      for (const file of readdirSync(room)) {
        const source = readFileSync(`${room}/${file}`, "utf8");
        expect(source, file).not.to.match(
          /from "node:|Date\.now|new Date\(|Math\.random|setTimeout|process\./,
        );
      }
      shownBy(`${tests}/agreement.test.ts`, "says the same for the same events");
    });

    it("runs one signer alone, n = 1, with the same code", () => {
      expect(runSeed(1, 1)).to.include({ failure: undefined });
      shownBy(
        `${tests}/agreement.test.ts`,
        "observes, decides, stores the intent before it asks KMS, and reports",
      );
    });

    it("has message encodings that are written down, versioned and bounded, signed by Ed25519 identities", () => {
      const keys = keysOf(4);
      const epoch = epochFor(keys);
      const vote = { kind: "precommit", round: 3, value: "ab".repeat(32) } as const;
      const bytes = sealMessage(epoch, FIXING, 2, vote, ed25519Cryptography(keys[2]!.identity));
      expect(decodeMessage(bytes, epoch)).to.include(vote);
      expect([...bytes.subarray(0, 2)]).to.deep.equal([VERSION, KIND_CODES.precommit]);
      for (const kind of Object.keys(KIND_CODES))
        expect(read("docs/protocol.md")).to.include(kind.toUpperCase());
      shownBy(`${tests}/message.test.ts`, "are not longer than the bound");
    });

    it("makes a report of a set of observations bit for bit the same everywhere", () => {
      shownBy(`${tests}/price-report.test.ts`, "comes to the same whatever the order of observations");
      shownBy(watch, "by the letter of the specification, without a line of the code it checks");
    });
  });

  describe("the contracts around it", () => {
    it("store: what must be on disk before what leaves, in memory and in SQLite", () => {
      shownBy("test/oracle/signer/store/agreement-store.test.ts", "agreement store in ${name}");
      shownBy(`${tests}/quorum-signer.test.ts`, "stops when its store fails, and the others go on");
    });

    it("store: new, restored, or not the one last stopped with, it sits out two ticks", () => {
      shownBy("test/oracle/signer/store/agreement-store.test.ts", "knows a backup of the same run");
      shownBy(
        `${tests}/agreement.test.ts`,
        "sits out two ticks with a new store, and remembers that over restarts",
      );
    });

    it("transport: an interface and four signer objects in one process", () => {
      shownBy(`${tests}/quorum-signer.test.ts`, "signers over the in-process transport");
    });

    it("evidence: equivocation, censorship and permanent dissent are reported with both messages, and kept", () => {
      shownBy(`${tests}/evidence.test.ts`, "holds both observations, both votes, and is on disk");
      shownBy(`${tests}/evidence.test.ts`, "with the observation that had it");
      shownBy(`${tests}/evidence.test.ts`, "with its first and its latest prevote");
    });
  });

  describe("must show", () => {
    it("simulates n = 1, 2, 3, 4, 5, 7, 10 with f to the maximum under an adversarial scheduler, by seed", () => {
      expect(SIZES).to.deep.equal([1, 2, 3, 4, 5, 7, 10]);
      for (const n of SIZES) {
        expect(SLICE[n]).to.be.greaterThan(0);
        const liars = Array.from({ length: 40 }, (_, seed) => {
          const { liars: bad, puppets } = scenarioOf(n, seed);
          return bad.size + puppets.size;
        });
        expect(Math.max(...liars), `liars at n = ${n}`).to.equal(Math.floor((n - 1) / 3));
      }
      const { failure: first, ...rest } = runSeed(4, 7);
      expect(first).to.equal(undefined);
      expect(runSeed(4, 7)).to.deep.equal({ failure: first, ...rest });
    });

    it("the adversary knows every trick of the list", () => {
      const lies = ["x1000", "/10", "frozen", "stale", "malformed", "another feed", "two-faced"];
      expect(PRICE_LIES).to.include.members(lies);
      const scenarios = Array.from({ length: 300 }, (_, seed) => scenarioOf(10, seed));
      const comebacks = new Set(scenarios.flatMap(({ crashes }) => crashes.map(({ comeback }) => comeback)));
      expect([...comebacks]).to.have.members(["with its disk", "without its disk", "from a backup"]);
      const venues = new Set(scenarios.map(({ venueLie }) => venueLie));
      expect([...venues]).to.have.members(["none", "to everybody", "by address"]);
      const tempers = scenarios.flatMap(({ liars }) => [...liars.values()]);
      const weather = scenarios.flatMap((scenario) => scenario.weather);
      expect(tempers.some(({ votesForAll }) => votesForAll === 1)).to.equal(true);
      expect(tempers.some(({ twoProposals }) => twoProposals === 1)).to.equal(true);
      expect(weather.some(({ side }) => new Set(side).size > 1)).to.equal(true);
      expect(
        weather.some(({ repeat, loss, maxDelay }) => repeat > 0 && loss > 0 && maxDelay > 1000),
      ).to.equal(true);
      expect(scenarios.some(({ offsets }) => Math.max(...offsets) > 500)).to.equal(true);
      expect(scenarios.some(({ description }) => description.startsWith("outage"))).to.equal(true);
    });

    it("the deep suite runs at least 10,000 seeds for each n", () => {
      expect(DEEP).to.be.at.least(10_000);
      shownBy(`${tests}/simulation.test.ts`, "deep ? DEEP : SLICE[n]!");
    });

    for (const [promise, check] of Object.entries({
      "no disagreement": "disagreement at",
      "no two quorum reports for one time": "two roots of ${time} can have a quorum of signatures",
      "no KMS request for an undecided root": "which nobody decided",
      "no price outside the honest range": "is outside of the honest",
    })) {
      it(promise, () => {
        shownBy(watch, check);
        expect(runSeed(4, 21).failure).to.equal(undefined);
      });
    }

    it("nothing undecided once q honest signers can talk", () => {
      shownBy(`${tests}/simulation/run-seed.ts`, "the fixing is not reported everywhere");
      shownBy(`${tests}/simulation/run-seed.ts`, "is not reported at signers");
    });

    it("every fixing time reported when they return within 24 h", () => {
      const outages = Array.from({ length: 60 }, (_, seed) => seed).filter((seed) =>
        scenarioOf(4, seed).description.startsWith("outage"),
      );
      expect(outages.length).to.be.greaterThan(2);
      for (const seed of outages.slice(0, 3)) {
        expect(runSeed(4, seed), `seed ${seed}`).to.include({ failure: undefined, fixingDue: true });
        expect(scenarioOf(4, seed).calm - 1000 * scenarioOf(4, seed).fixing).to.be.lessThan(
          1000 * TIMING.fixingLife,
        );
      }
    });

    it("closes with a line: N passed, N failed", () => {
      shownBy(`${tests}/simulation.test.ts`, "${passed} passed, ${failed} failed");
    });

    it("catches every planted fault by a directed schedule of its own", () => {
      expect(SCHEDULES.map(({ fault }) => fault)).to.have.members([
        "no lock",
        "amnesia",
        "q - 1",
        "first vote only",
        "own votes only",
        "unsorted median",
        "abstention counted",
      ]);
      for (const { fault, breaks, run } of SCHEDULES) {
        expect(() => {
          run(true);
        }, fault).to.throw(breaks);
      }
    });

    it("docs/protocol.md serves an implementer of a second signer", () => {
      const headings = ["Messages", "From observations to a report", "One time", "On disk", "Why it is safe"];
      const more = ["Why it gets there", "What is assumed", "What is not given", "Evidence"];
      for (const heading of [...headings, ...more])
        expect(read("docs/protocol.md")).to.include(`\n## ${heading}\n`);
      shownBy(`${tests}/message.test.ts`, "have the bytes that the documentation shows");
    });

    it("bench:agreement: decisions per second, messages per decision, the price function's share", () => {
      expect(read("package.json")).to.include('"bench:agreement"');
      shownBy("scripts/bench-agreement.ts", "decisions/s  messages/decision  price function");
    });

    it("the normal case at n = 4 takes 3 message delays and one KMS call", () => {
      shownBy(`${tests}/normal-case.test.ts`, "three message delays from the proposal to the decision");
    });
  });
});
