import { readFileSync } from "node:fs";

import { expect } from "chai";
import { FunctionFragment, Interface } from "ethers";
import { artifacts } from "hardhat";

import { explainedSurvivors } from "../../scripts/mutation/survivors.ts";
import { readPage } from "../docs/markdown.ts";
import { shownBy } from "./shown-by.ts";

function read(file: string): string {
  return readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
}

/** The committed snapshots, which a test measures again, are within these limits. */
function gasAtMost(limits: Record<string, number>): () => void {
  return () => {
    const measured = JSON.parse(read("snapshots/Oracle.json")) as Record<string, number>;
    for (const [name, limit] of Object.entries(limits)) expect(measured[name], name).to.be.at.most(limit);
  };
}

/**
 * What the core promises, line by line. A line without a body is pending: nothing shows it yet. A line is filled in by
 * naming the test or the command that shows it; at the end none is pending.
 */
describe("core: acceptance", () => {
  describe("the house", () => {
    it(
      "pins Node 24, TypeScript, Hardhat and solc through npm, and Node runs the sources as they are",
      shownBy(
        "test/house/dependencies.test.ts",
        "the pinned Node is Node 24, the one these tests run on",
        "every version is exact",
      ),
    );
    it(
      "lints with types (no-floating-promises)",
      shownBy("test/house/lint.test.ts", "a floating promise, an any and an unsafe value are errors"),
    );
    it(
      "formats TypeScript and Solidity, and runs solhint",
      shownBy(
        "test/house/style.test.ts",
        "TypeScript and Solidity are formatted alike but for their widths",
        "every TypeScript and Solidity source is among what is formatted",
        "a string error or an import of everything is refused",
      ),
    );
    it(
      "treats compiler warnings as errors",
      shownBy("test/scripts/hardhat/warnings-are-errors.test.ts", "about our own sources fail the build"),
    );
    it(
      "keeps pure code free of I/O and every room ignorant of the rooms after it, by lint rules that are tested",
      shownBy(
        "test/house/lint.test.ts",
        "reaches nothing outside itself",
        "each room knows nothing of the rooms after it",
      ),
    );
    it(
      "reads the time in one place, the clock",
      shownBy("test/house/lint.test.ts", "only the clock reads the time"),
    );
    it(
      "has a committed lockfile, install scripts by explicit list, and every direct dependency explained",
      shownBy(
        "test/house/dependencies.test.ts",
        "package.json and the lockfile ask for the same",
        "only node runs a script when installed",
        "name the same packages at the same versions",
      ),
    );
    it(
      "starts and tests from a fresh clone, with an empty HOME and npm cache, under Node 20 and 24",
      shownBy(
        "scripts/clone.ts",
        '{ name: "20", npm: "10.8.2", slice: false }',
        '{ name: "24", npm: "11.6.2", slice: true }',
        "npm start installs, runs and settles an option",
        "from the clone to the option paid in",
        "HOME holds npm's cache and nothing of ours",
      ),
    );
    it(
      "says within two seconds what it will install and how big it is",
      shownBy("scripts/clone.ts", "it says within two seconds what it installs"),
    );
    it(
      "repairs what an older Node left out and hands over to the pinned Node",
      shownBy(
        "test/scripts/ready.test.ts",
        "installs from nothing, adds what an older Node left out under the pinned one, and hands over to that",
        "notices that the pinned Node or a native package is gone",
      ),
    );
    it(
      "goes the same way in .ci/run, which prints the seconds each suite took",
      shownBy(
        "test/house/ci.test.ts",
        "installs as npm start and npm test do, then checks all that there is to check",
        "prints the seconds each suite took, with its count, and those of every check",
      ),
    );
    it(
      "npm start deploys, signs with in-memory keys, records, reads, sells and settles an option, and says so",
      shownBy(
        "test/scripts/start.test.ts",
        "settles the option on the fixing and pays both sides",
        "reads the price that was recorded",
      ),
    );
    it(
      "has README twins in English and Japanese",
      shownBy("test/docs/twins.test.ts", "README has a twin", "have the same headings, and the same code"),
    );
    it("has an MIT licence, and decisions and invariants written down", () => {
      expect(read("LICENSE")).to.match(/^MIT License\n/);
      const rows = read("docs/invariants.md").match(/^\| \d+ +\|/gm);
      expect(rows?.map((row) => Number(row.slice(1, -1)))).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      shownBy("test/docs/decisions.test.ts", "are numbered from 1, each number once")();
    });
  });

  describe("the contracts", () => {
    it("Oracle has every function, error and governance entry point of its specification, at most 22 external functions", async () => {
      const { abi } = await artifacts.readArtifact("Oracle");
      const functions = new Interface(abi).fragments.filter((each) => each instanceof FunctionFragment);
      expect(functions.map((each) => each.format()).sort()).to.deep.equal([
        "config()",
        "defineBundle(uint256,string[],uint8[],bytes32[],uint32[])",
        "definition(uint256)",
        "eip712Domain()",
        "fixing(uint256,uint256)",
        "halt(uint256)",
        "latest(uint256)",
        "latest(uint256,uint256)",
        "latestOf(uint256[])",
        "proveAbsent(uint256,uint256,bytes32[])",
        "proveFixing(uint256,uint256,bytes)",
        "record(bytes)",
        "recordFixing(uint256,bytes)",
        "resume(uint256)",
        "setGovernor(address)",
        "setSigners(bytes,uint256,uint256)",
        "tryFixing(uint256,uint256)",
        "tryLatest(uint256)",
        "verify(bytes,uint256,uint256)",
        "verifyAt(bytes,uint256,uint256)",
        "voidFixing(uint256,uint256)",
        "voidRoot(uint256)",
      ]);
      const governed = functions.filter(({ stateMutability }) => stateMutability === "nonpayable");
      expect(governed, "what writes: two functions for anyone, seven for the governor").to.have.length(9);
    });
    it("Oracle is readable in one sitting: at most 400 lines", () => {
      expect(read("contracts/Oracle.sol").trimEnd().split("\n").length).to.be.at.most(400);
    });
    it(
      "Catalog gives symbols, decimals and methods, and checks them against the definition",
      shownBy(
        "test/contracts/Catalog.test.ts",
        "tells all of every feed as it was defined",
        "refuses every value that is not the defined one",
      ),
    );
    it(
      "TwoPersonGate: one proposes, another approves the same hash within 24 h, each operation runs once",
      shownBy(
        "test/contracts/TwoPersonGate.t.sol",
        "test_approve_is_for_exactly_what_was_proposed",
        "test_approve_too_late_after_a_day",
        "test_execute_needs_two",
        "test_execute_once",
      ),
    );
    it(
      "TwoPersonGate: delays of 24 h where planned, none for void, resume and emergency rotation; a guardian halts alone",
      shownBy(
        "test/contracts/TwoPersonGate.t.sol",
        "test_delay_none_for_withdrawing_prices_and_opening_bundles",
        "test_delay_a_day_for_everything_else",
        "test_delay_none_for_an_emergency_rotation",
        "test_guardian_halts_alone_and_at_once",
      ),
    );
    it(
      "the option is created, sold, settled and paid as a call or a put, fully collateralised",
      shownBy(
        "test/Option.test.ts",
        "sells a call and a put, records a signed report, settles both and pays both sides",
        "pays no more than was locked: above the cap, and below zero",
      ),
    );
    it(
      "the option settles by what was recorded by expiry + 7 days, never by when it is called",
      shownBy(
        "test/contracts/options/Settlement.t.sol",
        "testFuzz_pairsOfFates_areSettledAlikeAtEveryMoment",
        "testFuzz_anyHistory_isSettledAlikeAtEveryMoment",
      ),
    );
    it(
      "the option falls back to the newest good fixing of the 12 before expiry, and then to the share in its terms",
      shownBy(
        "test/Option.test.ts",
        "settles on the newest good fixing before, where the one at the expiry was voided",
        "splits the collateral by the share in the terms where no fixing came",
      ),
    );
    it(
      "the option refuses fee-on-transfer tokens, survives odd decimals and reentrancy, and pays the last claimer",
      shownBy(
        "test/contracts/options/Options.t.sol",
        "test_create_refusesATokenThatTakesAFee",
        "test_create_locksTheMostItCanPay_inOddDecimalsToo",
        "test_aReceiverThatCallsBackIsRefused",
        "test_claim_bothSidesReceiveExactlyTheCollateral_whateverIsDonated",
      ),
    );
    it(
      "Ignition deploys the gate first, to the same addresses on every chain, and the address book is read back",
      shownBy(
        "test/deploy/deploy.test.ts",
        "puts everything where it was planned, with equal addresses on another chain and from another sender",
        "leaves whoever deployed without any right",
        "is written, read back and verified",
      ),
    );
  });

  describe("the codec", () => {
    it(
      "packs, defines, proves, digests, encodes, decodes and verifies without I/O",
      shownBy("test/oracle/report/vectors.test.ts", "define, pack and hash bundles", "are one report"),
    );
    it(
      "agrees with the contract on 10,000 random reports of every shape, accepted and refused for the same reason",
      shownBy("test/differential/report.test.ts", "10_000", "reports alike, and store what the rules say"),
    );
    it("agrees on 100,000 in the deep suite", shownBy("test/differential/report.test.ts", "DEEP ? 100_000"));
  });

  describe("the tests", () => {
    it("test/Option.test.ts is the mission in one page, linked first by the README and its twin", () => {
      for (const file of ["README.md", "README.ja.md"]) {
        const [twin, first] = readPage(file).links;
        expect([twin, first]).to.deep.equal([
          file === "README.md" ? "README.ja.md" : "README.md",
          "test/Option.test.ts",
        ]);
      }
      shownBy(
        "test/Option.test.ts",
        "sells a call and a put, records a signed report, settles both and pays both sides",
        "pays nothing at the money",
        "where no fixing came",
        "takes no notice of a halt across the expiry",
        "where the one at the expiry was voided",
        "counts a fixing that is recorded days later",
      )();
    });
    it(
      "invariant 1: nothing but q signatures of the set in force creates a price; each time has one such set",
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "invariant_everythingIsWhatItShouldBe",
        "one signer made a price",
        "retired keys made a price",
      ),
    );
    it(
      "invariant 2: all fixings of a time come from one root and change only into a void, only before finality",
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "invariant_everythingIsWhatItShouldBe",
        "a lie was stored",
        "a lie was proven",
      ),
    );
    it("invariant 3: finality is one number per time, after which all three readings agree for ever or are expired", () => {
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "invariant_everythingIsWhatItShouldBe",
        "since is one number for the time",
        "proven, but not provable",
      )();
      shownBy(
        "test/contracts/OracleLaps.t.sol",
        "invariant_everyTimeHasItsOwnFixings",
        "final, and then not",
        "provable, but not proven",
      )();
    });
    it(
      "invariant 4: a voided price is never returned again by any function",
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "invariant_everythingIsWhatItShouldBe",
        "everyone.checkFixings()",
        "Everyone.voidRoot",
      ),
    );
    it(
      "invariant 5: a root holds at most one value per bundle, never both provable and provably absent",
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "invariant_everythingIsWhatItShouldBe",
        "provable and provably absent",
      ),
    );
    it(
      "invariant 6: latest time never falls, and nothing too late becomes latest",
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "invariant_everythingIsWhatItShouldBe",
        "everyone.checkLatest()",
      ),
    );
    it(
      "invariant 7: halting changes no fixing's status; no single person changes any fixing",
      shownBy(
        "test/contracts/TwoPersonGateInvariants.t.sol",
        "a halt changed a fixing",
        "invariant_nothingGovernedChangesByOnePerson",
      ),
    );
    it(
      "invariant 8: a valid report recorded by anyone leaves honest reports all they would have stored",
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "invariant_everythingIsWhatItShouldBe",
        "everyone.checkLaterRecords()",
      ),
    );
    it(
      "invariant 9: a bundle touches only its own storage; no read invents a number",
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "invariant_everythingIsWhatItShouldBe",
        "everyone.checkUntouched()",
      ),
    );
    it(
      "invariant 10: encoding and decoding are inverse; every byte of a report is used, and no other is accepted",
      shownBy(
        "test/contracts/OracleInvariants.t.sol",
        "testFuzz_everyWordIsReadAsItWasSigned",
        "testFuzz_everyByteOfAReportCounts",
      ),
    );
    it(
      "every row of the attack table is a scenario that fails when its rule is taken out",
      shownBy(
        "test/contracts/OracleAttacks.t.sol",
        "test_quorumOverlap_threeOfFiveIsRefused",
        "test_quorumOverlap_oneTimeHasOneRoot",
        "test_backDating_nothingIsFinalWhenItIsRecorded",
        "test_backDating_noFixingOlderThanTheSpan",
        "test_backDating_retiredKeysAreWorthless",
        "test_void_isNotProvableFromItsRoot",
        "test_void_ofAnUnstoredFixingIsRemembered",
        "test_void_outlastsItsWords",
        "test_void_ofARootVoidsAllThatItVouchesFor",
        "test_gap_anOldReportDoesNotBecomeLatest",
        "test_pull_noReportOlderThanTheConsumerAllows",
        "test_pull_noReportOlderThanLatest",
        "test_pull_notWhileHalted",
        "test_pull_verifyAtIsForOneTick",
        "test_bundles_neverChange",
        "test_rotation_eachTimeHasOneSet",
        "test_rotation_noSetReachesBackBehindItsOwnTime",
        "test_halt_stopsNoFixing",
        "test_trie_aRootHoldsOneValueOfABundle",
        "test_words_moreThanABundleHasAreRefused",
        "test_words_theLargestBundleEndsBeforeTheNext",
        "test_gas_theLargestPartFitsIntoATransaction",
        "test_inputAge_isPartOfWhatIsSigned",
      ),
    );
    it(
      "every error of every contract is reached",
      shownBy("test/contracts/errors.test.ts", "are each expected by a test"),
    );
    it(
      "the contract security checklist holds: malleability, duplicates, zero address, thresholds, gas of the worst case",
      shownBy(
        "docs/security-checklist.md",
        "malleability",
        "duplicate signers",
        "zero address",
        "threshold",
        "test_gas_theLargestPartFitsIntoATransaction",
      ),
    );
    it("at least 90 % of contract mutants are killed, and the survivors are explained", () => {
      const total = /^([\d.]+) % of \d+ mutants killed, (\d+) survived, 0 of them not explained: ok$/m;
      const [, score, survived] = total.exec(read("docs/mutation.md")) ?? [];
      expect(Number(score)).to.be.at.least(90);
      expect(explainedSurvivors().size).to.equal(Number(survived));
      shownBy("scripts/mutation.ts", "const LEAST_SCORE = 90;")();
      shownBy("test/scripts/mutation.test.ts", "the measured score is of the mutants that there are")();
    });
    it(
      "SMTChecker proves packing, trie position and payoff arithmetic as docs/proofs.md says",
      shownBy(
        "test/scripts/prove.test.ts",
        "docs/proofs.md states a verdict for each property",
        "proves packing and refutes what is false of it",
      ),
    );
  });

  describe("the numbers", () => {
    it(
      "1 word, latest: at most 51,000 gas at depth 0 and 55,100 at depth 6",
      gasAtMost({ "record 1 word, 3-of-4, depth 0": 51_000, "record 1 word, 3-of-4, depth 6": 55_100 }),
    );
    it(
      "25 words, latest: at most 189,300 gas at depth 0 and 193,400 at depth 6",
      gasAtMost({ "record 25 words, 3-of-4, depth 0": 189_300, "record 25 words, 3-of-4, depth 6": 193_400 }),
    );
    it(
      "25 words with fixings and root: at most 328,600 gas at depth 0 and 332,700 at depth 6",
      gasAtMost({
        "record 25 words, fixings and root, 3-of-4, depth 0": 328_600,
        "record 25 words, fixings and root, 3-of-4, depth 6": 332_700,
      }),
    );
    it(
      "one moved feed of 100, by mask: at most 64,000 gas at depth 0 and 68,000 at depth 6",
      gasAtMost({
        "record 1 word of 25, 3-of-4, depth 0": 64_000,
        "record 1 word of 25, 3-of-4, depth 6": 68_000,
      }),
    );
    it("1-of-1, 1 word: at most 40,900 gas", gasAtMost({ "record 1 word, 1-of-1, depth 0": 40_900 }));
    it(
      "cold reads: latest(feed) 5,100, latest(feed, maxAge) 5,200, fixing 5,400 gas at most",
      gasAtMost({
        "latest(feed), cold": 5_100,
        "latest(feed, maxAge), cold": 5_200,
        "fixing(feed, time), cold": 5_400,
      }),
    );
    it(
      "bench:core shows encoding, hashing and verifying 100, 1,000 and 10,000 feeds beside the bare keccak",
      shownBy(
        "test/scripts/bench-core.test.ts",
        "measures 100, 1,000 and 10,000 feeds beside the bare keccak of the same bytes",
      ),
    );
  });
});
