import { readFileSync } from "node:fs";

import { expect } from "chai";

import { shownBy } from "./shown-by.ts";

/**
 * What the options desk and the laboratory promise, line by line. A line without a body is pending: nothing shows it yet. A
 * line is filled in by naming the test or the command that shows it; at the end none is pending.
 */
describe("desk: acceptance", () => {
  describe("contracts", () => {
    it(
      "series have immutable terms: feed, kind, strikes, expiry, collateral token; a series' id is the hash of its terms",
      shownBy(
        "test/contracts/options/OptionSeries.t.sol",
        "test_seriesOf_isTheHashOfAllTerms_andEven",
        "test_create_refusesTermsThatCannotHold",
        "test_create_refusesListsThatCannotHold",
      ),
    );
    it(
      "kinds: call, put, call spread, put spread, digital, Asian over a list of fixing times, one-touch over fixings",
      shownBy(
        "test/contracts/options/OptionSeries.t.sol",
        "test_settle_paysEachKindOnOneFixing",
        "test_observe_anAsianIsPaidOnTheMean_andIsSettledByTheLastTime",
        "test_observe_aTouchSettlesAtOnce_whateverWasMissed",
        "test_observe_untouched_isKnownAtTheLastTimeOnly",
      ),
    );
    it(
      "the seller locks the full collateral and receives long and short tokens",
      shownBy(
        "test/contracts/options/OptionSeries.t.sol",
        "test_write_locksTheMostItCanPay_ofEachKind_andGivesBothTokens",
      ),
    );
    it(
      "offers for sale with a premium, partial fills, cancel; buyers buy",
      shownBy(
        "test/contracts/options/OptionSeries.t.sol",
        "test_buy_inParts_atThePremiumOfTheLotRoundedUp",
        "test_cancel_isForTheSeller",
        "test_buy_isForTheOfferMadeAndForNoOther",
      ),
    );
    it(
      "either side is transferable; long and short burnt together close early",
      shownBy(
        "test/contracts/options/OptionSeries.t.sol",
        "test_tokens_areTransferredByTheirHolderAndWhomHeLets",
        "test_buy_ofShortTokens_andOfAGift",
        "test_close_givesTheCollateralOfBothTokensBack",
      ),
    );
    it(
      "settles from fixings only; a European option is in the money strictly beyond its strike",
      shownBy(
        "test/contracts/options/OptionSeries.t.sol",
        "test_settle_atTheStrikeNothingIsPaid_touchedItIs",
        "test_settle_byTheShareWhereNoFixingCounts",
      ),
    );
    it(
      "payouts round down; payouts and refunds are the collateral less at most one smallest unit a claim",
      shownBy(
        "test/contracts/options/SeriesPayoff.t.sol",
        "testFuzz_claimsLeaveLessThanOneEach",
        "testFuzz_theTwoSidesWeighWhatIsLocked",
      ),
    );
    it(
      "the last claimer is always paid",
      shownBy("test/contracts/options/SeriesRegressions.t.sol", "test_12_theLastClaimer_isPaid"),
    );
    it(
      "nobody can choose a price by choosing when to call",
      shownBy("test/contracts/options/SeriesSettlement.t.sol", "testFuzz_aList_isSettledAlikeByWhoeverAsks"),
    );
    it(
      "the outage rules of the sample option hold for every kind",
      shownBy(
        "test/contracts/options/OptionSeries.t.sol",
        "test_everyKind_isSettledOnTheNewestGoodFixing_whateverTheOutage",
        "test_everyKind_isSplitByTheShare_whereNothingWasRecorded",
        "test_observe_anOutageIsBridgedByTheHourBefore",
        "test_observe_moreThanHalfMustBeFound",
      ),
    );
    it(
      "Asian and one-touch collect their fixings as they come, by anyone, within the ring's span, none skipped, none twice",
      shownBy(
        "test/contracts/options/OptionSeries.t.sol",
        "test_observe_inWhateverOrder_noneTwice_onlyListedTimes",
        "test_observe_atTheEdgeOfTheRing",
        "test_observe_anAsianIsPaidOnTheMean_andIsSettledByTheLastTime",
      ),
    );
    it(
      "a settled series never changes",
      shownBy(
        "test/contracts/options/OptionSeries.invariants.t.sol",
        "assertEq(abi.encode(state), book.settled)",
      ),
    );
    it(
      "each of the 20 settlement regressions has a test",
      shownBy(
        "test/contracts/options/SeriesRegressions.t.sol",
        ...Array.from({ length: 20 }, (_, i) => `function test_${String(i + 1).padStart(2, "0")}_`),
      ),
    );
    it("payoff formulae equal exact rationals under fuzz, with 100,000 runs or more in the deep suite", () => {
      shownBy(
        "test/contracts/options/SeriesPayoff.t.sol",
        "testFuzz_call",
        "testFuzz_put",
        "testFuzz_baseCall",
        "testFuzz_digitals",
        "testFuzz_asianCall",
        "testFuzz_asianPut",
        "testFuzz_oneTouch",
      )();
      shownBy("hardhat.config.ts", "runs: deep ? 100_000")();
    });
    it(
      "solc's SMTChecker proves of the payoffs what docs/proofs.md says",
      shownBy(
        "docs/proofs.md",
        "neitherSideOfTwelveFixingsIsOwedLessThanNothing",
        "theOrderOfTwoFixingsDoesNotMatter",
      ),
    );
    it(
      "invariants with a handler for every actor: solvency, no stuck collateral, no double claim",
      shownBy(
        "test/contracts/options/OptionSeries.invariants.t.sol",
        "invariant_holdsExactlyWhatWasLockedAndNotPaid",
        "invariant_eachSeriesCanPayAllItsHolders",
        "afterInvariant",
        "test_randomHandsComeToEveryEnd",
      ),
    );
    const beyond = shownBy(
      "docs/decisions/0022-series-with-two-tokens-in-one-slot.md",
      "What takes more than its budget",
    );
    it("create at most 150,000 gas; more with a long list", () => {
      gasAtMost("create, the first in its token", 150_000)();
      beyond();
    });
    it("buy at most 90,000 gas; more from a seller who has none of the premium's token", () => {
      gasAtMost("buy a half", 90_000)();
      beyond();
    });
    it("settle at most 90,000 gas; more after an outage", () => {
      beyond();
      gasAtMost("settle on a stored fixing", 90_000)();
      gasAtMost("settle on a proven fixing", 90_000)();
      gasAtMost("observe, the first of 30", 90_000)();
    });
    it("claim at most 80,000 gas", () => {
      gasAtMost("claim, long", 80_000)();
      gasAtMost("claim, short", 80_000)();
      gasAtMost("claim, long, by a buyer without the collateral", 80_000)();
      gasAtMost("claim without a fixing, both sides, by a seller without the collateral", 80_000)();
    });
  });

  describe("pricing", () => {
    it(
      "Black-Scholes-Merton with its greeks",
      shownBy(
        "test/oracle/options/european.test.ts",
        "greeks satisfy the Black–Scholes equation",
        "second-order greeks",
      ),
    );
    it(
      "digitals, barriers and one-touch in closed form",
      shownBy(
        "test/oracle/options/digital-and-barrier.test.ts",
        "a cash-or-nothing is the slope of the vanilla price",
        "in and out together are the vanilla option",
        "a touch and no touch together are certain",
      ),
    );
    it(
      "Asians: the geometric in closed form, the arithmetic by approximations named after their authors",
      shownBy(
        "test/oracle/options/asian.test.ts",
        "a geometric call is below Curran's bound",
        "Levy's moments",
        "Večeř's equation",
      ),
    );
    it(
      "American options by a tree",
      shownBy(
        "test/oracle/options/american.test.ts",
        "the tree approaches the integral equation as its steps grow",
      ),
    );
    it(
      "implied volatility",
      shownBy(
        "test/oracle/options/implied-volatility.test.ts",
        "returns the volatility within 1e-12 over a wide grid",
      ),
    );
    it(
      "Monte Carlo with antithetic and control variates, seeded",
      shownBy(
        "test/oracle/options/monte-carlo.test.ts",
        "a control variate with a known mean takes most of the error off",
        "is the same to the bit for the same seed",
      ),
    );
    it(
      "every vector of options.json within its tolerance, from one test",
      shownBy("test/oracle/options/vectors.test.ts", "are met within their tolerances, all 168 of them"),
    );
    it(
      "put-call parity to 1e-12",
      shownBy("test/oracle/options/european.test.ts", "put–call parity holds within 1e-12 of spot"),
    );
    it(
      "each formula cites its source",
      shownBy("test/oracle/options/sources.test.ts", "names whose it is, and of when"),
    );
    it(
      "the normal cdf is accurate to 1e-15",
      shownBy("test/oracle/options/normal.test.ts", "cdf is within 1e-15 of the exact value on [−8, 8]"),
    );
  });

  describe("lab", () => {
    it(
      "nakane simulate without an argument runs the first shipped scenario",
      shownBy("test/oracle/lab/scenario.test.ts", "scenarioFile(undefined)"),
    );
    it(
      "a month of minutes through the real market code, signer, relayer, Oracle and options in at most 120 s and 1 GB",
      shownBy(
        "test/oracle/lab/large.test.ts",
        "expect(seconds).to.be.at.most(120)",
        "expect(bytes).to.be.at.most(2 ** 30)",
      ),
    );
    it(
      "says whether it signed by a local KMS or by a key in its own process",
      shownBy(
        "test/oracle/lab/run-scenario.test.ts",
        "four signers with keys in a local KMS come to the same fixings as one",
        'signing: "keys in this process"',
      ),
    );
    it(
      "5,000 mixed options created, sold, expired and settled in at most 180 s, with exact conservation of money",
      shownBy(
        "test/oracle/lab/large.test.ts",
        "expect(fixed + split + cancelled).to.equal(5_000)",
        "expect(seconds).to.be.at.most(180)",
      ),
    );
    it(
      "compares the payoff on chain with the exact payoff off chain, option by option",
      shownBy(
        "test/oracle/lab/run-scenario.test.ts",
        "goes from the prices to the last claim, and no money is lost",
        "expect(payout, `option ${option}`).to.equal(floor(exact))",
      ),
    );
    it(
      "the study of oracle errors reproduces oracle-error-2017-09-04.json to its printed digits",
      shownBy(
        "test/oracle/lab/studies/oracle-error.test.ts",
        "reproduces the published errors of 2017-09-04 to their printed digits",
        "without latency the chain is nearer to the truth than the deviation",
      ),
    );
    it(
      "the same study over deviation, heartbeat, latency and outages: first-after, last-before, fixing, TWAP",
      shownBy(
        "test/oracle/lab/studies/oracle-error.test.ts",
        "settles by each rule on what that rule would find",
        "a fixing is right to the last digit whatever is slow or lost",
        "in an outage the chain says that there is no price",
        "is a table with a row for each configuration and rule",
      ),
    );
    it(
      "a writer's profit and loss with delta hedging: mean 0 within 3 s.e., deviation falling as 1/sqrt(n)",
      shownBy(
        "test/oracle/lab/studies/writer-pnl.test.ts",
        "with the right volatility, no rate and no cost the mean is 0 within 3 standard errors",
        "the deviation falls as 1/sqrt(n): four times the hedges, half of it within 5 %",
      ),
    );
    it(
      "full collateral falls short by exactly 0 on 10,000 random terms; else the time to insolvency is told",
      shownBy(
        "test/oracle/lab/studies/collateral.test.ts",
        "full collateral falls short by exactly 0, on 10,000 random terms",
        "numRuns: 10_000",
        "tells when a writer who is covered in part is insolvent",
      ),
    );
    it(
      "a laboratory of manipulation: one venue lies, one wild print, a halt, late trades, a chooser of time",
      shownBy(
        "test/oracle/lab/studies/manipulation.test.ts",
        "one of five at +900 % moves the median by the largest gap between honest venues at most",
        "says of each attack what it did to each method",
        "a price of a minute ago counts while it is not too old",
        "gives the rates that were published of the recorded hour, honest and attacked",
        "gains nothing with fixings, and 6 to 20 bp in five minutes where the live price is read",
      ),
    );
    it(
      "gas and cost per trade by action, p50 and p95, in yen and dollars",
      shownBy(
        "test/oracle/lab/studies/compare-and-cost.test.ts",
        "turns gas into dollars and yen, exactly",
        "adds up the life of each option that was settled",
      ),
    );
    it(
      "synthetic paths: GBM, Merton jumps, Heston, block bootstrap; moments within 3 s.e.",
      shownBy(
        "test/oracle/lab/paths.test.ts",
        "geometric Brownian motion has the moments it should have",
        "Merton's jumps come as often and as large as they should",
        "Heston's variance stays about its long mean",
        "a block bootstrap has the moments of what it draws from",
      ),
    );
    it(
      "what a path is like is printed: the share of jumps, autocorrelation",
      shownBy(
        "test/oracle/lab/studies/path-moments.test.ts",
        "finds the part of the variance that Merton's jumps have",
        "finds the memory of returns, and that of their size alone",
      ),
    );
    it(
      "scenario files are validated, and a misspelt key is answered with a suggestion",
      shownBy(
        "test/oracle/lab/scenario.test.ts",
        "an unknown key is refused, with the key that was probably meant",
      ),
    );
    it(
      "eight worked scenarios in oracle/lab/scenarios/ run on simulated data",
      shownBy("test/oracle/lab/large.test.ts", "runs to the last claim, within its time and memory"),
    );
    it(
      "the same scenarios run on files of the user's own, of all formats of market data",
      shownBy("test/oracle/lab/own-files.test.ts", "every option is settled and paid"),
    );
    it(
      "gaps and outliers are reported",
      shownBy("test/oracle/lab/simulate.test.ts", "tells of gaps and outliers, and fills nothing"),
    );
    it(
      "a bar stamped T with step s is known at T + s, never before",
      shownBy(
        "test/oracle/lab/run-scenario.test.ts",
        "a price is known at the end of its bar, never before: fixings are the truth of their own time",
      ),
    );
    it(
      "progress is shown",
      shownBy("test/oracle/lab/progress-bar.test.ts", "shows on a terminal what is done"),
    );
    it(
      "a run that was killed is resumed, with identical results",
      shownBy(
        "test/oracle/lab/simulate.test.ts",
        "a run that was killed goes on behind its finished parts, and comes to the same",
      ),
    );
    it(
      "sweeps run on all cores, in processes of their own",
      shownBy("test/oracle/lab/simulate.test.ts", "a sweep has a row for each combination, in their order"),
    );
    it(
      "the same seed gives the same bytes: the sha256 of every output is equal across two runs",
      shownBy(
        "test/oracle/lab/simulate.test.ts",
        "the same seed gives the same bytes in every file, another seed others",
        "on prices of one's own the bytes are the same in every folder",
      ),
    );
    it(
      "CSV loads in pandas with no flags",
      shownBy(
        "test/oracle/lab/simulate.test.ts",
        "writes CSV that pandas loads with no flags: every row and column",
      ),
    );
    it(
      "JSON comes with a manifest: versions, bytecode hashes, sha256 of the data, seed",
      shownBy("test/oracle/lab/simulate.test.ts", "manifest.data.sha256", "manifest.provenance"),
    );
    it(
      "one self-contained HTML report: payoff and P&L distributions, price path, oracle error, hedging error, gas",
      shownBy(
        "test/oracle/lab/report/render-report.test.ts",
        "is one file: no script, nothing that is fetched, no address",
        "has every figure it should, drawn",
        "is below 2 MB with 5,000 options",
      ),
    );
    it(
      "the report opens in a headless browser without an error",
      shownBy("test/oracle/lab/report/render-report.test.ts", "opens in a headless browser without an error"),
    );
    it(
      "simulate(config) answers a Result, and an example has 20 lines",
      shownBy("docs/lab.md", "const result = await simulate({"),
    );
    it(
      "a user's own payoff contract behind IPayoff runs unchanged",
      shownBy(
        "test/oracle/lab/run-scenario.test.ts",
        "a contract of the user's own behind IPayoff is sold, settled and paid",
        "a payoff of the user's own is compared with what he says apart from it, and cut at what was locked",
      ),
    );
    it(
      "a CSV of the user's own is read by the names of its columns",
      shownBy("test/oracle/lab/simulate.test.ts", "reads a CSV of one's own by the names of its columns"),
    );
    it(
      "a page says how to cite a run: version, seed, hashes",
      shownBy("docs/lab.md", "## How to cite a run"),
    );
  });

  describe("must show", () => {
    it(
      "npx nakane simulate runs each shipped scenario",
      shownBy("test/oracle/lab/large.test.ts", "runs to the last claim, within its time and memory"),
    );
    it(
      "npm run bench:lab: updates and settlements per second end to end beside the raw ceiling of the same chain",
      shownBy(
        "test/scripts/bench-lab.test.ts",
        "shows updates and settled options from end to end beside the same chain alone, of the same gas",
      ),
    );
  });
});

/** test/gas/series.test.ts holds the snapshot to what is measured. */
function gasAtMost(action: string, limit: number): () => void {
  return () => {
    const file = new URL("../../snapshots/Series.json", import.meta.url);
    const gas = JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
    expect(gas[action], action).to.be.at.most(limit);
  };
}
